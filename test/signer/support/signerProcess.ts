import { once } from "node:events";
import { connectDaReader, type DaAddresses } from "../../../da/index.ts";
import type { Genesis } from "../../../protocol/index.ts";
import { createMemoryLogger, minaKeyPairFromBase58, Secret, systemClock } from "../../../service/index.ts";
import { attestationKey, createSigner } from "../../../signer/index.ts";
import { testSignerOptions } from "./testSignerOptions.ts";

export type SignerProcessConfig = {
  readonly url: string;
  readonly addresses: DaAddresses;
  readonly genesis: Genesis;
  readonly directory: string;
  readonly privateKey: string;
  readonly peers: readonly string[];
  /** Where the process kills itself with −9. */
  readonly crashAt?: string;
};

const [config] = (await once(process, "message")) as [SignerProcessConfig];
const { url, addresses, genesis, directory, privateKey, peers, crashAt } = config;
const da = await connectDaReader({ url, addresses }, { clock: systemClock });
const key = attestationKey(minaKeyPairFromBase58(new Secret(privateKey)));
const crashPoint = (point: string) => {
  if (point === crashAt) process.kill(process.pid, "SIGKILL");
};
const signer = createSigner(testSignerOptions(genesis, directory, peers), {
  da,
  key,
  log: createMemoryLogger(),
  crashPoint,
});
await signer.start();
process.send!({ url: signer.url, peers: signer.peerAddresses });
