import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import type { DaClient } from "../../../da/index.ts";
import type { Genesis } from "../../../protocol/index.ts";
import { createRelay, type RelayModules } from "../../../relay/index.ts";
import { createMemoryLogger, createMetricRegister, requestJson } from "../../../service/index.ts";

import { statingProver, testRelayOptions } from "./testRelayOptions.ts";

export interface StartRelay {
  readonly genesis: Genesis;
  readonly da: DaClient;
  /** Of its own where it is not given; the caller then removes it. */
  readonly directory?: string;
  readonly peers?: readonly string[];
  readonly signers?: readonly string[];
  readonly silentAfterMs?: number;
  readonly askAfterMs?: number;
  readonly modules?: Partial<RelayModules>;
}

/** A running relay, stopped after the tests; `get` asks its HTTP server. */
export async function startRelay({ genesis, da, peers = [], signers = [], modules, ...rest }: StartRelay) {
  const directory = rest.directory ?? mkdtempSync(join(tmpdir(), "zeko-relay-"));
  const log = createMemoryLogger();
  const register = createMetricRegister({ role: "relay" });
  const options = testRelayOptions(genesis, directory, {
    "relay.ask-after-ms": rest.askAfterMs ?? 20,
    "relay.silent-after-ms": rest.silentAfterMs ?? 60_000,
    "relay.gossip-peers": [...peers],
    "relay.signers": [...signers],
  });
  const relay = createRelay(options, { da, prover: statingProver, log, register, ...modules });
  await relay.start();
  after(async () => {
    await relay.stop();
    if (!rest.directory) rmSync(directory, { recursive: true, force: true });
  });
  const get = async (path: string) =>
    (await requestJson({ url: `${relay.url}${path}` })) as Record<string, unknown>;
  const faults = () =>
    log.lines.filter(({ message }) => message === "validator at fault").map(({ fields }) => fields);
  return { relay, log, register, get, faults };
}
