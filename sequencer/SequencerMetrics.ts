import type { MetricRegister } from "../service/index.ts";
import { batchSteps } from "./batches/batchSteps.ts";

export type SequencerMetrics = ReturnType<typeof createSequencerMetrics>;

/** What the gauges show when somebody asks. */
export interface SequencerFigures {
  readonly pool: () => number;
  readonly height: () => bigint;
  readonly accepted: () => bigint | undefined;
  readonly l1Slot: () => bigint | undefined;
  readonly slotExcess: () => bigint | undefined;
  /** What is prepaid on the DA chain and not used, in its smallest unit. */
  readonly prepaid: () => bigint | undefined;
  /** Batches at each step. */
  readonly steps: () => readonly string[];
}

/** Every metric of the sequencer. */
export function createSequencerMetrics(register: MetricRegister, figures: SequencerFigures) {
  const gauge = (name: string, help: string, value: () => bigint | number | undefined) =>
    register.gauge({
      name,
      help,
      collect() {
        const now = value();
        if (now !== undefined) this.set(Number(now));
      },
    });
  gauge("zeko_sequencer_pool_transactions", "Acknowledged transactions that wait for a block", figures.pool);
  gauge("zeko_sequencer_block_height", "Height of the last L2 block", figures.height);
  gauge(
    "zeko_sequencer_accepted_batch_number",
    "Batch that the outer account holds at L1's tip",
    figures.accepted,
  );
  gauge("zeko_sequencer_l1_slot_number", "Slot of L1's tip: must rise every few minutes", figures.l1Slot);
  gauge(
    "zeko_sequencer_l1_slots_ahead",
    "Slots that L1's tip is ahead of what our clock allows, and that L2 does not follow; alarm above 0: the L1 node lies, or the clock is wrong",
    figures.slotExcess,
  );
  const coins = () => {
    const prepaid = figures.prepaid();
    return prepaid === undefined ? undefined : Number(prepaid) / 1e18;
  };
  gauge(
    "zeko_sequencer_da_prepaid_coins",
    "Prepaid on the DA chain and not used, as last seen: must not fall below a batch's fee for long",
    coins,
  );
  const clockOffset = register.gauge({
    name: "zeko_sequencer_clock_offset_seconds",
    help: "Our clock, which dates L2 blocks, less the time of the DA chain's last block; alarm beyond 60 either way",
  });
  register.gauge({
    name: "zeko_sequencer_batches",
    help: "Batches by the step that they have reached; many at one step wait for the same thing",
    labelNames: ["step"],
    collect() {
      const steps = figures.steps();
      for (const step of batchSteps) this.set({ step }, steps.filter((at) => at === step).length);
    },
  });
  return {
    clockOffset,
    transactions: register.counter({
      name: "zeko_sequencer_transactions_total",
      help: "Transactions at the door, by outcome",
      labelNames: ["outcome"],
    }),
    prepayments: register.counter({
      name: "zeko_sequencer_da_prepayments_total",
      help: "Fillings of the balance on the DA chain, by outcome: failed needs a person, who sends the poster coins",
      labelNames: ["outcome"],
    }),
    storeFailures: register.counter({
      name: "zeko_sequencer_store_failures_total",
      help: "Writes that the disk did not take: alarm at once; nothing is acknowledged meanwhile, and a block that fails ends the process",
    }),
    reorganised: register.counter({
      name: "zeko_sequencer_l1_blocks_dropped_total",
      help: "L1 blocks that we had looked at and a reorganisation dropped",
    }),
    l1Looks: register.counter({
      name: "zeko_sequencer_l1_looks_total",
      help: "Looks at L1, by outcome: failed ones heal by themselves, foreign ones need a person",
      labelNames: ["outcome"],
    }),
  };
}
