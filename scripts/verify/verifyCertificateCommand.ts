import { loadedCommand } from "../cli/Command.ts";
import { asInvalid } from "./asInvalid.ts";
import { checkCertificate } from "./checkCertificate.ts";
import { verifyOptions } from "./verifyOptions.ts";

/** `zeko verify certificate <certificate.json> --genesis <genesis.json>` */
export const verifyCertificateCommand = loadedCommand(verifyOptions, ({ values, positionals }, io) =>
  asInvalid(io, async () => {
    const { certificate, genesis, weight } = await checkCertificate(positionals[0]!, values.genesis);
    return {
      rollup: genesis.name,
      batch: certificate.header.number.toString(),
      epoch: certificate.epoch.toString(),
      signers: certificate.attestations.length,
      weight: weight.toString(),
      threshold: genesis.validators.threshold.toString(),
    };
  }),
);
