import type { Bench } from "../../scripts/bench/loadBenches.ts";

/** Throughput and memory of four nodes of our own chain. */
export const benches: readonly Bench[] = [
  {
    name: "chain",
    run: async function* () {
      const { chainThroughput } = await import("./support/chainThroughput.ts");
      yield* chainThroughput();
    },
  },
];
