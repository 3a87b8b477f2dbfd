import { MAX_DATA_BYTES } from "../../protocol/index.ts";
import type { OptionGroup } from "../../service/index.ts";
import { loadedCommand } from "../cli/Command.ts";
import { asInvalid } from "./asInvalid.ts";
import { checkBatch } from "./checkBatch.ts";
import { checkCertificate, foundSetJson } from "./checkCertificate.ts";
import { readVerifyFile } from "./readVerifyFile.ts";
import { verifyOptions } from "./verifyOptions.ts";

const options = {
  certificate: {
    type: "path",
    required: true,
    description: "Certificate of the batch, as a relay serves it",
  },
  ...verifyOptions,
} as const satisfies OptionGroup;

/** `zeko verify batch <batch.bin> --certificate <certificate.json> --genesis <genesis.json>` */
export const verifyBatchCommand = loadedCommand(options, ({ values, positionals }, io) =>
  asInvalid(io, async () => {
    const { certificate, genesis, found, weight } = await checkCertificate(values.certificate, values);
    const data = await readVerifyFile(positionals[0]!, MAX_DATA_BYTES);
    const payload = checkBatch(data, certificate, genesis);
    return {
      rollup: genesis.name,
      batch: certificate.header.number.toString(),
      bytes: data.length,
      blocks: payload.blocks.length,
      commands: payload.blocks.reduce((sum, { commands }) => sum + commands.length, 0),
      changedAccounts: payload.changes.length,
      weight: weight.toString(),
      ...foundSetJson(found),
    };
  }),
);
