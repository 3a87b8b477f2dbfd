import type { DaClient } from "../da/index.ts";
import type { L1Client } from "../l1/index.ts";
import type { Genesis } from "../protocol/index.ts";
import type { Clock, Logger, MetricRegister, OptionValues, Secret, Service } from "../service/index.ts";
import type { CrashPoint } from "./batches/batchSteps.ts";
import type { BatchArchive } from "./ports/BatchArchive.ts";
import type { BatchProver } from "./ports/BatchProver.ts";
import type { RelayPort } from "./ports/RelayPort.ts";
import { SequencerProcess } from "./SequencerProcess.ts";
import type { sequencerOptions } from "./sequencerOptions.ts";

export type SequencerOptions = OptionValues<typeof sequencerOptions> & {
  /** Where everything is kept that must not be forgotten; held by this process alone while it runs. */
  readonly dataDirectory: string;
};

export interface SequencerKeys {
  /** The Mina key that the genesis names: signs blocks, headers and commits. */
  readonly sequencer: Secret;
  /** Pays for commits on L1; the sequencer's own where it is not given. */
  readonly feePayer?: Secret;
}

export interface SequencerModules {
  readonly genesis: Genesis;
  readonly keys: SequencerKeys;
  /** With the poster's account. */
  readonly da: DaClient;
  readonly l1: L1Client;
  readonly relay: RelayPort;
  readonly prover: BatchProver;
  /** A validator's copy, to rebuild from. */
  readonly archive?: BatchArchive;
  readonly log: Logger;
  readonly clock?: Clock;
  readonly register?: MetricRegister;
  /** Called right behind every write that acknowledges something: where a test kills the process. */
  readonly crashPoint?: (point: CrashPoint) => void;
}

/** The sequencer as a process role. */
export interface Sequencer extends Service {
  /** `http://127.0.0.1:8081`, while it runs. */
  readonly url: string;
  /** `http://127.0.0.1:8081/graphql` */
  readonly graphqlUrl: string;
  /** Rejects when the process must end: its memory may be ahead of its disk, from which the next start goes on. */
  readonly done: Promise<never>;
}

/** Stores its arguments; `start` opens the data directory, rebuilds if it must, and listens. It stops the prover, and closes the DA client. */
export function createSequencer(options: SequencerOptions, modules: SequencerModules): Sequencer {
  return new SequencerProcess(options, modules);
}
