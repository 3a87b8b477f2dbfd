import { type Clock, systemClock } from "../../../service/index.ts";

/** A time so long that only {@link heldClock} lets it pass. */
export const WHEN_RELEASED_MS = 1_000_000_000;

/** The machine's time, but a sleep of that length ends when the test says so. */
export function heldClock(): Clock & { release(): void } {
  const gate = Promise.withResolvers<void>();
  return {
    ...systemClock,
    sleep(ms, signal) {
      if (ms < WHEN_RELEASED_MS / 2) return systemClock.sleep(ms, signal);
      const aborted = new Promise<void>((resolve) =>
        signal?.addEventListener("abort", () => resolve(), { once: true }),
      );
      return Promise.race([gate.promise, aborted]);
    },
    release: gate.resolve,
  };
}
