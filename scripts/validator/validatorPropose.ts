import { rotationKinds } from "../../protocol/index.ts";
import { exitCodes } from "../../service/index.ts";
import { loadedCommand } from "../cli/Command.ts";
import { deploymentOptions } from "../roles/deploymentOptions.ts";
import { lookAtBothSides } from "./lookAtBothSides.ts";
import { membersFrom, proposeRotation } from "./proposeRotation.ts";
import { readJson, writeRotation } from "./rotationFiles.ts";
import { bothSidesOptions } from "./validatorOptions.ts";

const options = {
  ...bothSidesOptions,
  genesis: deploymentOptions.genesis,
  "validator.kind": {
    type: "choice",
    choices: rotationKinds,
    default: "normal",
    description: "normal leaves the old set a grace; removal does not, because a key of it is in wrong hands",
  },
  "validator.until": {
    type: "amount",
    max: 4_294_967_295n,
    description:
      "Last Mina slot at which the rotation may land; grace and longest lag from now where it is not given",
  },
} as const;

/** `zeko validator propose <members.json> <proposal.json>` */
export const validatorPropose = loadedCommand(options, async ({ values, positionals }, io) => {
  const [members, proposal] = positionals as [string, string];
  const wanted = membersFrom(await readJson(members), members);
  const { genesis, sides } = await lookAtBothSides(values);
  const kind = values["validator.kind"] as (typeof rotationKinds)[number];
  const rotation = proposeRotation(genesis, sides, wanted, kind, values["validator.until"]);
  await writeRotation(proposal, rotation);
  io.out(`${proposal}: epoch ${rotation.next.epoch}, may land up to slot ${rotation.until}\n`);
  return exitCodes.ok;
});
