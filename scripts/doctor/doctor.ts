import { exitCodes } from "../../service/index.ts";
import { loadedCommand } from "../cli/Command.ts";
import { readGenesis } from "../roles/readGenesis.ts";
import { DoctorError } from "./DoctorError.ts";
import { doctorOptions } from "./doctorOptions.ts";
import { links } from "./links.ts";

/** `zeko doctor`: asks each link in order, prints what it saw, and stops with the error of the first that is broken. */
export const doctor = loadedCommand(doctorOptions, async ({ values }, io) => {
  const genesis = values.genesis === undefined ? undefined : await readGenesis(values.genesis);
  const all = links(values, genesis);
  if (all.length === 0) throw new DoctorError("DOCTOR_NOTHING_GIVEN", {});
  for (const { name, check } of all) {
    try {
      io.out(`${name}: ${await check()}\n`);
    } catch (error) {
      io.out(`${name}: broken\n`);
      throw error;
    }
  }
  return exitCodes.ok;
});
