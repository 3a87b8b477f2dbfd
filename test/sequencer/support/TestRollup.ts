import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import type { Genesis } from "../../../protocol/index.ts";
import {
  createSequencer,
  type Sequencer,
  type SequencerModules,
  type SequencerOptions,
} from "../../../sequencer/index.ts";
import { createMemoryLogger, Secret } from "../../../service/index.ts";
import { FakeDa } from "./FakeDa.ts";
import { FakeL1 } from "./FakeL1.ts";
import { FakeProver } from "./FakeProver.ts";
import { sequencerKey, testGenesis } from "./testDeployment.ts";
import { testOptions } from "./testOptions.ts";

/** Everything around a sequencer, in this process: what survives its restarts. */
export class TestRollup {
  readonly genesis: Genesis;
  readonly l1: FakeL1;
  readonly da: FakeDa;
  readonly prover: FakeProver;
  readonly log = createMemoryLogger();

  constructor(genesis: Genesis = testGenesis()) {
    this.genesis = genesis;
    this.l1 = new FakeL1(genesis);
    this.da = new FakeDa(genesis);
    this.prover = new FakeProver((request) => this.l1.commit(request));
  }

  modules(changes: Partial<SequencerModules> = {}): SequencerModules {
    return {
      genesis: this.genesis,
      keys: { sequencer: new Secret(sequencerKey.privateKey) },
      da: this.da.client(),
      l1: this.l1.client(),
      relay: this.da.relay(),
      prover: this.prover.prover(),
      log: this.log,
      ...changes,
    };
  }

  /** @param dataDirectory of an earlier one, to start again on it */
  sequencer(
    options: Partial<SequencerOptions> = {},
    modules: Partial<SequencerModules> = {},
    dataDirectory: string = newDirectory(),
  ): Sequencer {
    const sequencer = createSequencer({ ...testOptions(dataDirectory), ...options }, this.modules(modules));
    after(() => sequencer.stop());
    return sequencer;
  }

  /** A sequencer that runs, until the tests of the suite that asks for it are over. */
  async start(...parameters: Parameters<TestRollup["sequencer"]>): Promise<Sequencer> {
    const sequencer = this.sequencer(...parameters);
    await sequencer.start();
    return sequencer;
  }
}

const directories: string[] = [];
process.once("exit", () => {
  for (const path of directories) rmSync(path, { recursive: true, force: true });
});

/** Removed when the process ends: hooks run in the order of their making, and a sequencer must be stopped before. */
export function newDirectory(): string {
  const path = mkdtempSync(join(tmpdir(), "zeko-sequencer-"));
  directories.push(path);
  return path;
}
