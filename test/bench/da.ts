import type { Bench } from "../../scripts/bench/loadBenches.ts";

/** From a megabyte of transfers, sealed on the DA chain, to the validators' certificate there. */
export const benches: readonly Bench[] = [
  {
    name: "da.1mb",
    run: async function* () {
      const { megabyte } = await import("./support/megabyte.ts");
      yield* megabyte();
    },
  },
];
