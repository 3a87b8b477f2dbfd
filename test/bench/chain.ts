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
    name: "chain.up",
    run: async function* () {
      const { zekodBinary, zekodNetwork } = await import("../zekod/support/zekodNetwork.ts");
      await zekodBinary();
      const seconds: number[] = [];
      for (let run = 0; run < 3; run++) {
        const began = performance.now();
        const { close } = await zekodNetwork(4);
        seconds.push((performance.now() - began) / 1_000);
        await close();
      }
      yield { name: "chain.up", value: Math.max(...seconds), unit: "s" };
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
