import { signFields } from "../../protocol/index.ts";
import { exitCodes } from "../../service/index.ts";
import { loadedCommand } from "../cli/Command.ts";
import { deploymentOptions } from "../roles/deploymentOptions.ts";
import { openKeys } from "../roles/openKeys.ts";
import { readGenesis } from "../roles/readGenesis.ts";
import { checkDeployment } from "./checkProposal.ts";
import { readRotation, writeRotation } from "./rotationFiles.ts";
import { possessRotation } from "./signRotation.ts";
import { rotationKeyOptions } from "./validatorOptions.ts";

const options = {
  ...rotationKeyOptions,
  ...deploymentOptions,
  "validator.signer-url": {
    type: "url",
    required: true,
    description: "HTTP address of our own signer, which reads the state from its disk again",
  },
} as const;

/** `zeko validator possess <proposal.json>`: a member of the next set shows that it holds the state. */
export const validatorPossess = loadedCommand(options, async ({ values, positionals }, io) => {
  const [file] = positionals as [string];
  const rotation = await readRotation(file);
  checkDeployment(rotation, await readGenesis(values.genesis));
  const { publicKey, privateKey } = await openKeys(values, io).mina(values["validator.key-file"]);
  const key = { publicKey, sign: (fields: readonly bigint[]) => signFields(privateKey.reveal(), fields) };
  const possessed = await possessRotation(rotation, key, values["validator.signer-url"]);
  await writeRotation(file, possessed);
  io.out(
    `${file}: possession shown, ${possessed.possessions.length} of ${possessed.next.members.length} members\n`,
  );
  return exitCodes.ok;
});
