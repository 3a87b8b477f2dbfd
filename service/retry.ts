import { ZekoError } from "../protocol/index.ts";
import type { Clock } from "./clock/Clock.ts";

export type RetryOptions = {
  /** Tries in all; `Infinity` to go on until `signal` aborts. */
  readonly attempts: number;
  /** Pause after the first failure; doubles each time. */
  readonly baseMs: number;
  readonly maxMs: number;
  readonly signal?: AbortSignal;
  /** Whether to try again after this error. Coded errors of remedy "retry", where it is not given. */
  readonly isRetryable?: (error: unknown) => boolean;
  /** Told of each failure that will be tried again. */
  readonly onRetry?: (error: unknown, attempt: number, pauseMs: number) => void;
};

export type RetryModules = {
  readonly clock: Clock;
  /** From [0, 1). Spreads the pauses over half their length, so that many clients do not come back at once. */
  readonly random: () => number;
};

/** Runs `task` until it succeeds, fails for good or `attempts` are used up; then throws its last error. */
export async function retry<T>(
  task: (attempt: number) => Promise<T>,
  options: RetryOptions,
  modules: RetryModules,
): Promise<T> {
  const { attempts, signal, isRetryable = saysRetry } = options;
  for (let attempt = 1; ; attempt++) {
    try {
      return await task(attempt);
    } catch (error) {
      if (attempt >= attempts || signal?.aborted || !isRetryable(error)) throw error;
      const pauseMs = backoffMs(attempt, options, modules.random());
      options.onRetry?.(error, attempt, pauseMs);
      await modules.clock.sleep(pauseMs, signal);
      if (signal?.aborted) throw error;
    }
  }
}

/** The pause after failure number `attempt` (from 1): between half and all of min(base · 2^(attempt − 1), max). */
export function backoffMs(
  attempt: number,
  { baseMs, maxMs }: Pick<RetryOptions, "baseMs" | "maxMs">,
  random: number,
): number {
  const full = Math.min(maxMs, baseMs * 2 ** Math.min(attempt - 1, 30));
  return Math.round(full * (0.5 + random / 2));
}

function saysRetry(error: unknown): boolean {
  return error instanceof ZekoError && error.remedy === "retry";
}
