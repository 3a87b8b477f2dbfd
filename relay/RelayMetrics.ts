import type { MetricRegister } from "../service/index.ts";

export type RelayMetrics = ReturnType<typeof createRelayMetrics>;

/** Values that are looked up when somebody asks for the metrics. */
export type RelayGauges = Readonly<Record<"gathering" | "peers" | "margin" | "silence", () => number>>;

export function createRelayMetrics(register: MetricRegister) {
  let gauges: RelayGauges | undefined;
  const gauge = (of: keyof RelayGauges, name: string, help: string) =>
    register.gauge({
      name,
      help,
      collect() {
        if (gauges) this.set(gauges[of]());
      },
    });
  gauge(
    "gathering",
    "zeko_relay_gathering_batches",
    "Sealed batches without a quorum yet; alarm when it stays above 0",
  );
  gauge(
    "silence",
    "zeko_relay_da_silence_seconds",
    "Time since the DA chain was last read on without a fault; alarm above 60: the node is down, stands still, or contradicts itself",
  );
  gauge("peers", "zeko_relay_peers", "Open peer connections; alarm at 0");
  gauge(
    "margin",
    "zeko_relay_quorum_margin_weight",
    "Weight beyond the threshold that signed the last certified batch; alarm at 1 and below",
  );
  return {
    setCollectors(of: RelayGauges): void {
      gauges = of;
    },
    attestations: register.counter<"outcome" | "source">({
      name: "zeko_relay_attestations_total",
      help: "Attestations looked at, by outcome and by how they came",
      labelNames: ["outcome", "source"],
    }),
    faults: register.counter<"slot" | "fault">({
      name: "zeko_relay_validator_faults_total",
      help: "What validators do wrong, by slot of the set; unknown where nobody proved to be the author",
      labelNames: ["slot", "fault"],
    }),
    certificates: register.counter<"by">({
      name: "zeko_relay_certificates_total",
      help: "Certificates that the inbox has recorded, ours and rival relays'",
      labelNames: ["by"],
    }),
    noticedToCertificate: register.histogram({
      name: "zeko_relay_notice_to_certificate_seconds",
      help: "From when we read that a batch is sealed to a quorum's certificate on disk",
      buckets: [0.25, 0.5, 1, 2, 4, 8, 16, 60, 300], // fine around a DA block, coarse when catching up
    }),
    proof: register.histogram({
      name: "zeko_relay_quorum_proof_seconds",
      help: "One quorum proof, waiting for the prover included",
      buckets: [2, 5, 10, 20, 40, 80, 300],
    }),
    storeFailures: register.counter({
      name: "zeko_relay_store_failures_total",
      help: "Writes that the disk did not take, each tried again: alarm at once",
    }),
    clockOffset: register.gauge({
      name: "zeko_relay_clock_offset_seconds",
      help: "Our clock less the time of the DA chain's last block, as our node has it; alarm beyond 60 either way",
    }),
    cursor: register.gauge({
      name: "zeko_relay_da_cursor_block",
      help: "First DA block not yet dealt with; alarm when it stands still while the chain moves",
    }),
  };
}
