import { exitCodes } from "../../service/index.ts";
import { loadedCommand } from "../cli/Command.ts";
import { deploymentOptions } from "../roles/deploymentOptions.ts";
import { lookAtBothSides } from "./lookAtBothSides.ts";
import { readRotation } from "./rotationFiles.ts";
import { statusOf } from "./statusOf.ts";
import { bothSidesOptions } from "./validatorOptions.ts";

const { genesis } = deploymentOptions;

/** `zeko validator status [<proposal.json>]`: the validator set on both sides, and whether they agree. */
export const validatorStatus = loadedCommand(
  { ...bothSidesOptions, genesis },
  async ({ values, positionals }, io) => {
    const [file] = positionals;
    const { sides } = await lookAtBothSides(values);
    const rotation = file === undefined ? undefined : await readRotation(file);
    io.out(`${JSON.stringify(statusOf(sides, rotation), null, 2)}\n`);
    return exitCodes.ok;
  },
);
