import type { MetricRegister } from "../../service/index.ts";

export type DevnetMetrics = ReturnType<typeof createDevnetMetrics>;

/** What the local L1 counts. */
export function createDevnetMetrics(register: MetricRegister) {
  return {
    height: register.gauge({ name: "zeko_devnet_height_blocks", help: "Height of the tip" }),
    pool: register.gauge({ name: "zeko_devnet_pool_commands", help: "Commands that wait for a block" }),
    commands: register.counter({
      name: "zeko_devnet_commands_total",
      help: "Commands by what became of them: refused at the door, applied or failed in a block, dropped from the pool",
      labelNames: ["outcome"],
    }),
    reorganisations: register.counter({
      name: "zeko_devnet_reorganisations_total",
      help: "Forced reorganisations",
    }),
  };
}
