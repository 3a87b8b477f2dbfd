import type { Bench } from "../../scripts/bench/loadBenches.ts";

/** Throughput, latency, memory and disk of four nodes of our own chain. */
export const benches: readonly Bench[] = [
  {
    name: "chain",
    run: async function* () {
      const { zekodNetwork } = await import("../zekod/support/zekodNetwork.ts");
      const { certificateLatency } = await import("./support/certificateLatency.ts");
      const { chainThroughput } = await import("./support/chainThroughput.ts");
      const chain = await zekodNetwork(4);
      try {
        yield { name: "chain.certificate_latency", value: await certificateLatency(chain), unit: "s" };
        yield* chainThroughput(chain);
      } finally {
        await chain.close();
      }
    },
  },
  {
    name: "gas.post_chunk.per_byte",
    run: async function* () {
      const { zekodNetwork } = await import("../zekod/support/zekodNetwork.ts");
      const { postChunkGas } = await import("./support/chainThroughput.ts");
      const { url, close } = await zekodNetwork(1);
      try {
        yield { name: "gas.post_chunk.per_byte", value: await postChunkGas(url), unit: "gas" };
      } finally {
        await close();
      }
    },
  },
];
