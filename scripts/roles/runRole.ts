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

export type RoleRun = {
  readonly role: string;
  readonly values: OptionValues<typeof logOptions>;
  readonly drainMs: number;
  /** Builds the role; what it opens is the role's to close. */
  readonly create: (log: Logger) => Promise<Service>;
};

/** Runs a role until it is told to stop. @returns exit code */
export async function runRole({ role, values, drainMs, create }: RoleRun): Promise<ExitCode> {
  const log = createLogger({ role, level: values["log.level"], format: values["log.format"] });
  let service: Service;
  try {
    service = await create(log);
  } catch (error) {
    log.error("failed", faultOf(error));
    return exitCodeOf(error);
  }
  return await runUntilSignal({ drainMs }, { service, log });
}
