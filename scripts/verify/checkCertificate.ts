import {
  type Certificate,
  certificateFromJson,
  domainHash,
  domainOf,
  type Genesis,
  genesisFromJson,
  verifyCertificate,
} from "../../protocol/index.ts";
import { readVerifyJson } from "./readVerifyFile.ts";
import { VerifyError } from "./VerifyError.ts";

const MAX_CERTIFICATE_BYTES = 64 * 1024;
const MAX_GENESIS_BYTES = 8 << 20;

export type CheckedCertificate = {
  readonly certificate: Certificate;
  readonly genesis: Genesis;
  readonly weight: bigint;
};

/**
 * Reads a certificate and checks it against the genesis file: form, deployment, set, every signature, quorum. The genesis
 * file knows the set of epoch 0; certificates of later epochs need the set that the DA chain holds.
 *
 * @throws {VerifyError} `VERIFY_FILE_UNREADABLE`, `VERIFY_OTHER_DEPLOYMENT`; {CertificateError}; {GenesisError}
 */
export async function checkCertificate(file: string, genesisFile: string): Promise<CheckedCertificate> {
  const genesis = genesisFromJson(await readVerifyJson(genesisFile, MAX_GENESIS_BYTES));
  const certificate = certificateFromJson(await readVerifyJson(file, MAX_CERTIFICATE_BYTES));
  if (certificate.domain !== domainHash(domainOf(genesis)))
    throw new VerifyError("VERIFY_OTHER_DEPLOYMENT", {});
  return { certificate, genesis, weight: verifyCertificate(certificate, genesis.validators) };
}
