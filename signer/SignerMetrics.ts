import type { MetricRegister } from "../service/index.ts";

export type SignerMetrics = ReturnType<typeof createSignerMetrics>;

/** How a look at a batch can end. Closed set. */
export type BatchOutcome = "attested" | "observed" | "refused" | "waiting" | "retried";

/** Values that are looked up when somebody asks for the metrics. */
export type SignerGauges = Readonly<
  Record<"pending" | "peers" | "tip" | "unseen" | "silence" | "diskFree", () => number>
>;

/** What our DA node does wrong. Closed set. */
export type DaFault = "lie" | "behind" | "other";

export function createSignerMetrics(register: MetricRegister) {
  let gauges: SignerGauges | undefined;
  const gauge = (of: keyof SignerGauges, name: string, help: string) =>
    register.gauge({
      name,
      help,
      collect() {
        if (gauges) this.set(gauges[of]());
      },
    });
  gauge(
    "pending",
    "zeko_signer_pending_batches",
    "Batches noticed and not settled, those that wait for their source state left out",
  );
  gauge(
    "unseen",
    "zeko_signer_unseen_batches",
    "Batches that two peers or more attest to and our DA node does not show us, or showed so that we refused them; alarm when it stays above 0: the node hides something, lags, or follows another chain",
  );
  gauge(
    "silence",
    "zeko_signer_da_silence_seconds",
    "Time since the DA chain was last read on without a fault; alarm above 60: the node is down, stands still, or contradicts itself",
  );
  gauge(
    "diskFree",
    "zeko_signer_disk_free_bytes",
    "Room left on the disk that the data directory is on; alarm below what a month fills",
  );
  gauge("peers", "zeko_signer_peers", "Open peer connections; alarm at 0");
  gauge("tip", "zeko_signer_tip_batch_number", "Highest batch number whose state is held");
  return {
    setCollectors(of: SignerGauges): void {
      gauges = of;
    },
    batches: register.counter<"outcome">({
      name: "zeko_signer_batches_total",
      help: "Looks at a batch by outcome: refused needs a look at once, observed is a batch kept by who is no member, retried and waiting heal by themselves",
      labelNames: ["outcome"],
    }),
    noticedToSignature: register.histogram({
      name: "zeko_signer_notice_to_signature_seconds",
      help: "From when we read that a batch is sealed to our signature on disk",
      buckets: [0.1, 0.25, 0.5, 1, 2, 4, 8, 16, 60, 300], // fine around a DA block, coarse when catching up
    }),
    execution: register.histogram({
      name: "zeko_signer_execution_seconds",
      help: "Re-execution of one batch",
      buckets: [0.01, 0.05, 0.25, 1, 4, 16, 60],
    }),
    storedBytes: register.counter({
      name: "zeko_signer_stored_bytes_total",
      help: "Bytes of batches written to disk since the process started",
    }),
    fromPeers: register.counter({
      name: "zeko_signer_peer_batches_total",
      help: "Batches whose bytes the DA node did not have and a peer gave: rising means the node prunes or lags",
    }),
    repairs: register.counter({
      name: "zeko_signer_repairs_total",
      help: "Batches whose bytes the disk had lost or changed and that were fetched anew: look at the disk at once",
    }),
    cursor: register.gauge({
      name: "zeko_signer_da_cursor_block",
      help: "First DA block not yet dealt with; alarm when it stands still while the chain moves",
    }),
    daFaults: register.counter<"fault">({
      name: "zeko_signer_da_faults_total",
      help: "Answers of our DA node that we could not use: lie is one that contradicts a hash or signature, alarm at once and use another node; behind is one that lacks what it has told of",
      labelNames: ["fault"],
    }),
    storeFailures: register.counter({
      name: "zeko_signer_store_failures_total",
      help: "Writes that the disk did not take, each tried again: alarm at once: no batch is signed meanwhile",
    }),
    clockOffset: register.gauge({
      name: "zeko_signer_clock_offset_seconds",
      help: "Our clock less the time of the DA chain's last block, as our node has it; alarm beyond 60 either way: the clock is wrong (then the node's votes carry a wrong time too), or the chain stands or lags",
    }),
    gasLooks: register.counter<"outcome">({
      name: "zeko_signer_gas_looks_total",
      help: "Looks at MINA locked for gas by outcome; alarm when failed rises and counted does not",
      labelNames: ["outcome"],
    }),
    gasAccountWrong: register.gauge({
      name: "zeko_signer_gas_account_wrong",
      help: "1 while the L1 account in which MINA is locked is not what its contract makes it (key, permissions): alarm at once",
    }),
    gasTotal: register.gauge({
      name: "zeko_signer_gas_locked_nanomina",
      help: "MINA locked for gas, k deep, that this validator certifies",
    }),
    gossip: register.counter<"verdict">({
      name: "zeko_signer_gossip_total",
      help: "Attestations from peers by verdict",
      labelNames: ["verdict"],
    }),
  };
}
