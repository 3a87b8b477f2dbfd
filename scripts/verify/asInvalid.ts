import { ZekoError } from "../../protocol/index.ts";
import { ConfigError, type ExitCode, exitCodes } from "../../service/index.ts";
import type { CliIo } from "../cli/Command.ts";

/**
 * Runs a check: prints one JSON object, and ends with 6 where what was checked is not valid, whatever the reason. What could not
 * be checked now is neither: that error goes on.
 */
export async function asInvalid(io: CliIo, check: () => Promise<Record<string, unknown>>): Promise<ExitCode> {
  try {
    io.out(`${JSON.stringify({ valid: true, ...(await check()) }, null, 2)}\n`);
    return exitCodes.ok;
  } catch (error) {
    if (!(error instanceof ZekoError) || error instanceof ConfigError || error.remedy === "retry")
      throw error;
    io.out(`${JSON.stringify({ valid: false, error: error.toJSON() }, null, 2)}\n`);
    return exitCodes.invalid;
  }
}
