import { once } from "node:events";
import { connectDaClient, type DaAddresses } from "../../../da/index.ts";
import type { Genesis } from "../../../protocol/index.ts";
import { createRelay } from "../../../relay/index.ts";
import { createMemoryLogger, systemClock } from "../../../service/index.ts";
import { fundedKeys } from "../../da/support/hardhatNode.ts";
import { statingProver, testRelayOptions } from "./testRelayOptions.ts";

export type RelayProcessConfig = {
  readonly url: string;
  readonly addresses: DaAddresses;
  readonly genesis: Genesis;
  readonly directory: string;
  readonly signers: readonly string[];
  /** Where the process kills itself with −9. */
  readonly crashAt?: string;
};

const [config] = (await once(process, "message")) as [RelayProcessConfig];
const { url, addresses, genesis, directory, signers, crashAt } = config;
const da = await connectDaClient(
  { url, key: fundedKeys[1], addresses, receiptPollMs: 20 },
  { clock: systemClock },
);
const crashPoint = (point: string) => {
  if (point === crashAt) process.kill(process.pid, "SIGKILL");
};
const relay = createRelay(testRelayOptions(genesis, directory, { "relay.signers": [...signers] }), {
  da,
  prover: statingProver,
  log: createMemoryLogger(),
  crashPoint,
});
await relay.start();
process.send!({ url: relay.url, peers: relay.peerAddresses });
