import {
  createLogger,
  type ExitCode,
  exitCodeOf,
  faultOf,
  type Logger,
  type logOptions,
  type OptionValues,
  runUntilSignal,
  type Service,
} from "../../service/index.ts";

/** A role that is built but not started. */
export type BuiltRole = {
  readonly service: Service;
  /** Rejects when the process must end although nobody told it to. */
  readonly done?: Promise<void>;
};

export type RoleRun = {
  readonly role: string;
  readonly values: OptionValues<typeof logOptions>;
  readonly drainMs: number;
  /** Opens keys and connections and builds the role on them. When it fails the process ends, and with it what was open. */
  readonly build: (log: Logger) => Promise<BuiltRole>;
};

/** Runs a role until it is told to stop. @returns exit code */
export async function runRole({ role, values, drainMs, build }: RoleRun): Promise<ExitCode> {
  const log = createLogger({ role, level: values["log.level"], format: values["log.format"] });
  let built: BuiltRole;
  try {
    built = await build(log);
  } catch (error) {
    log.error("failed", faultOf(error));
    return exitCodeOf(error);
  }
  return await runUntilSignal({ drainMs }, { ...built, log });
}
