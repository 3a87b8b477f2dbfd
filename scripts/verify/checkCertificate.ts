import { connectDaReader } from "../../da/index.ts";
import { fieldToHex } from "../../gossip/index.ts";
import { GraphqlL1Client } from "../../l1/index.ts";
import {
  type Certificate,
  certificateFromJson,
  domainHash,
  domainOf,
  type Genesis,
  genesisFromJson,
  verifyCertificate,
} from "../../protocol/index.ts";
import { ConfigError, type OptionValues, systemClock } from "../../service/index.ts";
import { daAddressesOf } from "../roles/readGenesis.ts";
import { type FoundSet, findSet, type SetSources } from "./findSet.ts";
import { readVerifyJson } from "./readVerifyFile.ts";
import { VerifyError } from "./VerifyError.ts";
import type { verifyOptions } from "./verifyOptions.ts";

const MAX_CERTIFICATE_BYTES = 64 * 1024;
const MAX_GENESIS_BYTES = 8 << 20;

export type CheckedCertificate = {
  readonly certificate: Certificate;
  readonly genesis: Genesis;
  /** What it was checked against. */
  readonly found: FoundSet;
  readonly weight: bigint;
};

/**
 * Reads a certificate and checks it: form, deployment, set, every signature, quorum. The set of its epoch comes from the genesis
 * file or, where a node is named, from the DA chain and Mina.
 *
 * @throws {VerifyError} `VERIFY_FILE_UNREADABLE`, `VERIFY_OTHER_DEPLOYMENT`; {CertificateError}; {GenesisError}; as `findSet`
 */
export async function checkCertificate(
  file: string,
  values: OptionValues<typeof verifyOptions>,
): Promise<CheckedCertificate> {
  const genesis = genesisFromJson(await readVerifyJson(values.genesis, MAX_GENESIS_BYTES));
  const certificate = certificateFromJson(await readVerifyJson(file, MAX_CERTIFICATE_BYTES));
  if (certificate.domain !== domainHash(domainOf(genesis)))
    throw new VerifyError("VERIFY_OTHER_DEPLOYMENT", {});
  const found = await connected(genesis, values, (sources) => findSet(certificate.epoch, genesis, sources));
  return { certificate, genesis, found, weight: verifyCertificate(certificate, found.set) };
}

/** Which set a certificate was checked against, for who reads the outcome. */
export function foundSetJson({ set, hash, word, onMina }: FoundSet) {
  return {
    epoch: set.epoch.toString(),
    set: fieldToHex(hash),
    setFrom: word,
    ...(onMina === undefined ? {} : { onMina }),
    threshold: set.threshold.toString(),
  };
}

async function connected<T>(
  genesis: Genesis,
  values: OptionValues<typeof verifyOptions>,
  use: (sources: SetSources) => Promise<T>,
): Promise<T> {
  const { "verify.da-url": url, "verify.l1-url": mina } = values;
  if (url === undefined && mina !== undefined)
    throw new ConfigError("CONFIG_MISSING", { option: "verify.da-url", env: "ZEKO_VERIFY_DA_URL" });
  if (url === undefined) return await use({});
  const da = await connectDaReader({ url, addresses: daAddressesOf(genesis) }, { clock: systemClock });
  try {
    return await use({ da, ...(mina === undefined ? {} : { l1: new GraphqlL1Client({ mina }) }) });
  } finally {
    da.close();
  }
}
