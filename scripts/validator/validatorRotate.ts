import { connectDaClient } from "../../da/index.ts";
import { GraphqlL1Client } from "../../l1/index.ts";
import { rotationToJson } from "../../protocol/index.ts";
import { createLogger, exitCodes, logOptions, requestJson, systemClock } from "../../service/index.ts";
import { loadedCommand } from "../cli/Command.ts";
import { createProver } from "../roles/createProver.ts";
import { deploymentOptions } from "../roles/deploymentOptions.ts";
import { openKeys } from "../roles/openKeys.ts";
import { proverOptionGroup } from "../roles/proverOptionGroup.ts";
import { daAddressesOf, readGenesis } from "../roles/readGenesis.ts";
import { collectConfirmations } from "./collectConfirmations.ts";
import { Progress } from "./Progress.ts";
import { mergedRotation } from "./rotationFiles.ts";
import { type SendRotationModules, sendRotation } from "./sendRotation.ts";
import { bothSidesOptions } from "./validatorOptions.ts";

const options = {
  ...bothSidesOptions,
  "validator.fee-payer-key-file": {
    type: "path",
    required: true,
    description: "Encrypted Mina key that pays for the rotation on L1",
  },
  "validator.da-key-file": {
    type: "path",
    required: true,
    description: "Keystore of the account that pays for the mirror on the DA chain",
  },
  "validator.l1-fee": {
    type: "amount",
    default: 100_000_000n,
    max: 100_000_000_000n,
    description: "Fee of the rotation on L1, in nanomina",
  },
  "validator.depth": {
    type: "integer",
    default: 290,
    min: 1,
    max: 290,
    description: "Mina blocks on top of the rotation before the DA chain mirrors it; Mina's k by default",
  },
  "validator.signers": {
    type: "list",
    required: true,
    pattern: /^https?:\/\//,
    description: "HTTP addresses of the next set's signers, which confirm what they have seen on Mina",
  },
  "validator.sequencer-url": {
    type: "url",
    description:
      "HTTP address of the sequencer, which then goes on settling before the DA chain has mirrored the rotation",
  },
  "validator.poll-interval-ms": {
    type: "integer",
    default: 5_000,
    min: 50,
    max: 600_000,
    description: "Pause between two looks at Mina, in milliseconds",
  },
  ...proverOptionGroup,
  ...deploymentOptions,
  ...logOptions,
} as const;

function announcing(url: string | undefined): Pick<SendRotationModules, "announce"> {
  if (url === undefined) return {};
  const address = new URL("/v1/rotation", url).href;
  return {
    announce: async (rotation) => void (await requestJson({ url: address, json: rotationToJson(rotation) })),
  };
}

/** `zeko validator rotate <proposal.json> [<copy.json> …]`: to Mina, then, deep enough, to the DA chain. */
export const validatorRotate = loadedCommand(options, async ({ values, positionals }, io) => {
  const rotation = await mergedRotation(positionals);
  const genesis = await readGenesis(values.genesis);
  const opener = openKeys(values, io);
  const feePayer = await opener.mina(values["validator.fee-payer-key-file"]);
  const key = await opener.da(values["validator.da-key-file"]);
  const log = createLogger({ role: "validator", level: values["log.level"], format: values["log.format"] });
  const depth = values["validator.depth"];
  const url = values["validator.da-url"];
  const da = await connectDaClient({ url, addresses: daAddressesOf(genesis), key }, { clock: systemClock });
  const prover = createProver(values, { log });
  const stopped = new AbortController();
  const stop = () => stopped.abort();
  process.once("SIGINT", stop).once("SIGTERM", stop);
  try {
    await sendRotation(
      rotation,
      { depth, fee: values["validator.l1-fee"], pollMs: values["validator.poll-interval-ms"] },
      {
        genesis,
        l1: new GraphqlL1Client({ mina: values["validator.l1-url"], window: depth }),
        da,
        prover,
        feePayer: feePayer.privateKey,
        ...announcing(values["validator.sequencer-url"]),
        confirmations: (agreed) => collectConfirmations(agreed, values["validator.signers"], { log }),
        progress: new Progress(`${positionals[0]}.progress.json`),
        clock: systemClock,
        log,
        signal: stopped.signal,
      },
    );
  } finally {
    process.off("SIGINT", stop).off("SIGTERM", stop);
    await prover.stop();
    da.close();
  }
  if (stopped.signal.aborted) return exitCodes.failed;
  io.out(`epoch ${rotation.next.epoch} is in force on both sides\n`);
  return exitCodes.ok;
});
