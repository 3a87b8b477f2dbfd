import { loadedCommand } from "../cli/Command.ts";
import { asInvalid } from "./asInvalid.ts";
import { checkCertificate, foundSetJson } from "./checkCertificate.ts";
import { verifyOptions } from "./verifyOptions.ts";

/** `zeko verify certificate <certificate.json> --genesis <genesis.json> [--verify.da-url <url> [--verify.l1-url <url>]]` */
export const verifyCertificateCommand = loadedCommand(verifyOptions, ({ values, positionals }, io) =>
  asInvalid(io, async () => {
    const { certificate, genesis, found, weight } = await checkCertificate(positionals[0]!, values);
    return {
      rollup: genesis.name,
      batch: certificate.header.number.toString(),
      signers: certificate.attestations.length,
      weight: weight.toString(),
      ...foundSetJson(found),
    };
  }),
);
