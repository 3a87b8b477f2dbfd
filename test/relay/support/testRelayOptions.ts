import type { Genesis } from "../../../protocol/index.ts";
import { type QuorumProver, relayOptions } from "../../../relay/index.ts";
import { resolveConfig } from "../../../service/index.ts";

/** Says what it was asked to prove; the real prover is tested in test/proofs. */
export const statingProver: QuorumProver = {
  prove: async (job) => {
    if (job.program !== "quorum") throw new Error(`not asked for ${job.program}`);
    const { message, attestations } = job.input;
    return {
      publicInput: [message.toString()],
      publicOutput: [attestations.map(({ slot }) => slot).join(",")],
      maxProofsVerified: 0,
      proof: job.branch,
    };
  },
};

/** Quick polls and free ports, unless a test changes them. */
export function testRelayOptions(
  genesis: Genesis,
  dataDirectory: string,
  changes: Record<string, unknown> = {},
) {
  const values = {
    "relay.http-port": 0,
    "relay.poll-interval-ms": 50,
    "relay.ask-after-ms": 20,
    "relay.ask-interval-ms": 50,
    ...changes,
  };
  return {
    ...resolveConfig(relayOptions, { file: { path: "test", values } }).values,
    dataDirectory,
    genesis,
  };
}
