/** Time, handed in. Tests pass a `ManualClock`; processes pass `systemClock`. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /**
   * Milliseconds since some moment of this process, going on evenly whatever is done to the date: for how long something
   * took, and how long it may take. `now` says what goes to disk or to others, and may jump.
   */
  elapsed(): number;
  /** Resolves after `ms` milliseconds, or at once when `signal` aborts. Never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /**
   * Runs `task` now and then again and again, `periodMs` after it ended, until `signal` aborts.
   * Resolves when the last run is over; rejects with what `task` throws, so a task that must go on catches its own errors.
   */
  every(periodMs: number, signal: AbortSignal, task: () => Promise<void>): Promise<void>;
}

/** The loop behind `Clock.every`, the same for each clock. */
export async function repeat(
  clock: Pick<Clock, "sleep">,
  periodMs: number,
  signal: AbortSignal,
  task: () => Promise<void>,
): Promise<void> {
  while (!signal.aborted) {
    await task();
    await clock.sleep(periodMs, signal);
  }
}
