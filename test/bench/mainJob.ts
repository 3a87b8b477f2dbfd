import type { Bench } from "../../scripts/bench/loadBenches.ts";

/** The main job as `npm start -- --once` does it: how long it takes, and the memory of each role. */
export const benches: readonly Bench[] = [
  {
    name: "start.once",
    run: async function* () {
      const { mainJob } = await import("./support/mainJob.ts");
      yield* mainJob();
    },
  },
];
