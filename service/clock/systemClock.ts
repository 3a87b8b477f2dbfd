import { setTimeout as delay } from "node:timers/promises";
import { type Clock, repeat } from "./Clock.ts";

/** The machine's time. The only place that reads it. */
export const systemClock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  sleep: (ms, signal) =>
    delay(ms, undefined, signal ? { signal } : {}).catch(() => {
      // The only rejection is the abort, which callers see on their signal.
    }),
  every: (periodMs, signal, task) => repeat(systemClock, periodMs, signal, task),
};
