import { signFields } from "../../protocol/index.ts";
import { exitCodes } from "../../service/index.ts";
import { loadedCommand } from "../cli/Command.ts";
import { deploymentOptions } from "../roles/deploymentOptions.ts";
import { openKeys } from "../roles/openKeys.ts";
import { Approvals } from "./Approvals.ts";
import { checkDeployment } from "./checkProposal.ts";
import { lookAtBothSides } from "./lookAtBothSides.ts";
import { readRotation, writeRotation } from "./rotationFiles.ts";
import { approveRotation } from "./signRotation.ts";
import { bothSidesOptions, rotationKeyOptions } from "./validatorOptions.ts";

const options = {
  ...bothSidesOptions,
  ...rotationKeyOptions,
  ...deploymentOptions,
  "validator.signer-url": {
    type: "url",
    description: "HTTP address of our own signer, for proposals on a state from before Mina's newest",
  },
  "validator.horizon": {
    type: "amount",
    default: 14_400n,
    max: 4_294_967_295n,
    description:
      "Mina slots from now by which a proposal must have landed to be approved; 30 days on Mina's own network",
  },
  "validator.replace": {
    type: "boolean",
    default: false,
    description:
      "Approves although another next set was approved for this epoch; see docs/operators.md first",
  },
} as const;

/** `zeko validator approve <proposal.json>`: a member of the current set consents; the signature goes into the file. */
export const validatorApprove = loadedCommand(options, async ({ values, positionals }, io) => {
  const [file] = positionals as [string];
  const rotation = await readRotation(file);
  const { genesis, sides } = await lookAtBothSides(values);
  checkDeployment(rotation, genesis);
  const { publicKey, privateKey } = await openKeys(values, io).mina(values["validator.key-file"]);
  const key = { publicKey, sign: (fields: readonly bigint[]) => signFields(privateKey.reveal(), fields) };
  const signerUrl = values["validator.signer-url"];
  const approved = await approveRotation(
    rotation,
    key,
    sides,
    {
      horizon: values["validator.horizon"],
      replace: values["validator.replace"],
      ...(signerUrl === undefined ? {} : { signerUrl }),
    },
    new Approvals(`${values["validator.key-file"]}.approvals.json`),
  );
  await writeRotation(file, approved);
  io.out(`${file}: approved, ${approved.approvals.length} of ${approved.current.members.length} members\n`);
  return exitCodes.ok;
});
