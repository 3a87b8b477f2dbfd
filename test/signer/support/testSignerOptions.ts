import type { Genesis } from "../../../protocol/index.ts";
import { resolveConfig } from "../../../service/index.ts";
import { signerOptions } from "../../../signer/index.ts";

/** Quick polls and free ports. */
export function testSignerOptions(genesis: Genesis, dataDirectory: string, peers: readonly string[] = []) {
  const values = { "signer.http-port": 0, "signer.poll-interval-ms": 50, "signer.gossip-peers": [...peers] };
  return {
    ...resolveConfig(signerOptions, { file: { path: "test", values } }).values,
    dataDirectory,
    genesis,
  };
}
