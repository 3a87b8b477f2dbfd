import type { DaReader } from "../../da/index.ts";
import {
  batchMessage,
  type Certificate,
  certificateFromJson,
  type ValidatorSet,
  validatorSetHash,
  verifyCertificate,
} from "../../protocol/index.ts";
import { faultOf, type Logger } from "../../service/index.ts";
import { SequencerError } from "../errors/SequencerError.ts";
import type { BatchProver, StoredProof } from "../ports/BatchProver.ts";
import type { RelayPort } from "../ports/RelayPort.ts";
import type { BatchRecord } from "./BatchRecord.ts";
import { postingFor } from "./postBatch.ts";

export interface CertifyOptions {
  /** `domainHash` of this deployment. */
  readonly domain: bigint;
  /** The set whose certificate is looked for. */
  readonly set: ValidatorSet;
}
export interface CertifyModules {
  readonly relay: RelayPort;
  readonly da: Pick<DaReader, "certificateOf">;
  readonly prover: Pick<BatchProver, "verifyQuorum">;
  readonly log: Logger;
}

/**
 * sealed → certified: the relay's certificate, or the one on the DA chain when the relay has none or a bad one.
 * @returns undefined while there is none
 */
export async function findCertificate(
  batch: BatchRecord,
  options: CertifyOptions,
  modules: CertifyModules,
): Promise<Certificate | undefined> {
  const { relay, log } = modules;
  try {
    const json = await relay.certificate(postingFor(batch).id, options.set.epoch);
    if (json !== undefined) return checkCertificate(batch, certificateFromJson(json), options);
  } catch (error) {
    log.warn("certificate not taken from the relay", { batch: batch.number, ...faultOf(error) });
  }
  return await recordedCertificate(batch, options, modules);
}

/** The certificate that the DA chain holds, verified again. @returns undefined when it holds none */
export async function recordedCertificate(
  batch: Pick<BatchRecord, "number" | "posting">,
  options: CertifyOptions,
  { da }: Pick<CertifyModules, "da">,
): Promise<Certificate | undefined> {
  const { id, header, dataRoot } = postingFor(batch);
  const { domain, set } = options;
  const recorded = await da.certificateOf(id, set.epoch);
  if (!recorded) return undefined;
  const certificate: Certificate = {
    version: 1,
    batchId: new Uint8Array(Buffer.from(id.slice(2), "hex")),
    header,
    dataRoot,
    domain,
    epoch: set.epoch,
    setHash: validatorSetHash(set),
    attestations: recorded.attestations,
  };
  return checkCertificate(batch, certificate, options);
}

/** @throws {SequencerError} `CERTIFICATE_NOT_OURS`; {CertificateError} */
export function checkCertificate(
  batch: Pick<BatchRecord, "number" | "posting">,
  certificate: Certificate,
  { domain, set }: CertifyOptions,
): Certificate {
  const { id, header, dataRoot } = postingFor(batch);
  const other = (what: string) => new SequencerError("CERTIFICATE_NOT_OURS", { batch: batch.number, what });
  if (`0x${Buffer.from(certificate.batchId).toString("hex")}` !== id) throw other("batch id");
  if (certificate.domain !== domain) throw other("deployment");
  if (certificate.dataRoot !== dataRoot) throw other("data root");
  for (const [name, value] of Object.entries(header))
    if (certificate.header[name as keyof typeof header] !== value) throw other(`header field ${name}`);
  verifyCertificate(certificate, set);
  return certificate;
}

/**
 * wrapped → quorumProved: the relay's proof over the certificate's message.
 * @returns undefined while there is none
 * @throws {SequencerError} `QUORUM_PROOF_INVALID`
 */
export async function findQuorumProof(
  batch: BatchRecord,
  { domain, set }: CertifyOptions,
  { relay, prover }: CertifyModules,
): Promise<StoredProof | undefined> {
  const { id, header, dataRoot } = postingFor(batch);
  const proof = await relay.quorumProof(id, set.epoch);
  if (proof === undefined) return undefined;
  const setHash = validatorSetHash(set);
  const message = batchMessage(setHash, header, dataRoot, domain);
  if (!(await prover.verifyQuorum(proof, message, setHash)))
    throw new SequencerError("QUORUM_PROOF_INVALID", { batch: batch.number });
  return proof;
}
