import {
  Counter,
  type CounterConfiguration,
  collectDefaultMetrics,
  Gauge,
  type GaugeConfiguration,
  Histogram,
  type HistogramConfiguration,
  Registry,
} from "prom-client";

/**
 * The metrics of one role in one process. Names are `zeko_<role>_<what>_<unit>`; labels come from closed sets, never from
 * keys, hashes or addresses, so that nobody outside can make their number grow.
 */
export interface MetricRegister {
  counter<L extends string = never>(options: Omit<CounterConfiguration<L>, "registers">): Counter<L>;
  /** Give `collect` where a value is costly: it then runs only when somebody asks. */
  gauge<L extends string = never>(options: Omit<GaugeConfiguration<L>, "registers">): Gauge<L>;
  histogram<L extends string = never>(options: Omit<HistogramConfiguration<L>, "registers">): Histogram<L>;
  /** Name and help of every metric of ours, for the documentation and its test. */
  list(): readonly { readonly name: string; readonly help: string; readonly type: string }[];
  /** The Prometheus text format. */
  expose(): Promise<{ readonly contentType: string; readonly text: string }>;
}

export type MetricRegisterOptions = {
  readonly role: string;
  /** Also memory, event loop and garbage collection of the process. */
  readonly processMetrics?: boolean;
};

/** Makes the register of a role; each process has its own, and tests make as many as they like. */
export function createMetricRegister({
  role,
  processMetrics = false,
}: MetricRegisterOptions): MetricRegister {
  const registry = new Registry();
  const own: { name: string; help: string; type: string }[] = [];
  if (processMetrics) collectDefaultMetrics({ register: registry });
  const note = (type: string, { name, help }: { name: string; help: string }) => {
    if (!name.startsWith(`zeko_${role}_`))
      throw new TypeError(`metric ${name} must begin with zeko_${role}_`);
    own.push({ name, help, type });
  };
  return {
    counter(options) {
      note("counter", options);
      return new Counter({ ...options, registers: [registry] });
    },
    gauge(options) {
      note("gauge", options);
      return new Gauge({ ...options, registers: [registry] });
    },
    histogram(options) {
      note("histogram", options);
      return new Histogram({ ...options, registers: [registry] });
    },
    list: () => own,
    expose: async () => ({ contentType: registry.contentType, text: await registry.metrics() }),
  };
}
