import type { Clock } from "../clock/Clock.ts";
import { systemClock } from "../clock/systemClock.ts";
import { ProcessError } from "../errors/ProcessError.ts";
import { faultOf } from "../log/faultOf.ts";
import type { Logger } from "../log/Logger.ts";
import type { Service } from "../Service.ts";
import { type ExitCode, exitCodeOf, exitCodes } from "./exitCodes.ts";

export type RunOptions = {
  /** From the signal to the end, 20 s by default; what has not stopped by then is left to the kernel. */
  readonly drainMs?: number;
  /**
   * Signals this soon after the first, 1 s by default, are the first one come twice: a shell signals the whole group, and npm
   * and our own runner pass on what they get.
   */
  readonly sameSignalMs?: number;
};

export type RunModules = {
  readonly service: Service;
  readonly log: Logger;
  readonly clock?: Clock;
  /** Ends the run without a signal, once it resolves; rejecting ends it with that error. */
  readonly done?: Promise<void>;
};

const signals = ["SIGTERM", "SIGINT"] as const;

/**
 * A role's whole life in its process: start, wait for SIGTERM, SIGINT or `done`, drain. A later signal ends at once;
 * an error that nobody handled ends after a try to stop.
 *
 * @returns the exit code; the caller hands it to `process.exit`, since a handle left open must not keep a stopped process
 */
export async function runUntilSignal(options: RunOptions, modules: RunModules): Promise<ExitCode> {
  const { service, log, clock = systemClock } = modules;
  const drainMs = options.drainMs ?? 20_000;
  const end = waitForEnd(options.sameSignalMs ?? 1_000, log, clock);
  let code: ExitCode = exitCodes.ok;
  const starting = service.start();
  try {
    const early = await Promise.race([starting.then(() => null), end.reached]);
    if (early === null) {
      log.info("running", { pid: process.pid });
      await Promise.race([end.reached, modules.done ?? new Promise<never>(() => {})]);
    } else await settled(starting, drainMs, clock); // half a start cannot be stopped; its own error no longer matters
  } catch (error) {
    code = exitCodeOf(error);
    log.error("failed", faultOf(error));
  }
  try {
    await stopInTime(service, drainMs, clock);
  } catch (error) {
    code = code === exitCodes.ok ? exitCodeOf(error) : code;
    log.error("not stopped well", faultOf(error));
  }
  end.forget();
  log.info("ended", { exitCode: code });
  return code;
}

/** Resolves at the first signal, rejects at an error that nobody handled; exits at a later signal. */
function waitForEnd(sameSignalMs: number, log: Logger, clock: Clock) {
  const { promise: reached, resolve, reject } = Promise.withResolvers<string>();
  reached.catch(() => {}); // it may come when nobody waits any more
  let first: number | undefined;
  const onSignal = (signal: NodeJS.Signals) => {
    if (first !== undefined && clock.now() - first < sameSignalMs) return;
    if (first !== undefined) process.exit(exitCodes.drainTimeout);
    first = clock.now();
    log.info("stopping", { signal });
    resolve(signal);
  };
  const onCrash = (cause: unknown) => {
    const reason = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
    reject(new ProcessError("PROCESS_CRASHED", { reason }, { cause }));
  };
  for (const signal of signals) process.on(signal, onSignal);
  process.on("uncaughtException", onCrash);
  process.on("unhandledRejection", onCrash);
  return {
    reached,
    forget() {
      for (const signal of signals) process.off(signal, onSignal);
      process.off("uncaughtException", onCrash);
      process.off("unhandledRejection", onCrash);
    },
  };
}

/** Resolves when `work` is over, however it ended, or after `limitMs`. */
async function settled(work: Promise<void>, limitMs: number, clock: Clock): Promise<void> {
  const over = new AbortController();
  await Promise.race([work.catch(() => {}), clock.sleep(limitMs, over.signal)]);
  over.abort();
}

async function stopInTime(service: Service, deadlineMs: number, clock: Clock): Promise<void> {
  const stopped = new AbortController();
  const late = clock.sleep(deadlineMs, stopped.signal).then(() => {
    if (!stopped.signal.aborted) throw new ProcessError("PROCESS_STOP_TIMEOUT", { deadlineMs });
  });
  try {
    await Promise.race([service.stop(), late]);
  } finally {
    stopped.abort();
  }
}
