import { type BatchHeader, batchMessage } from "./batchHeader.ts";
import { CertificateError } from "./errors/CertificateError.ts";
import { field, fromBytes32, toBytes32, unsigned } from "./field.ts";
import { checkedSignature, type Signature, verifyFields } from "./signature.ts";
import { type ValidatorSet, validatorSetHash } from "./validatorSet.ts";

/** One validator's signature, by its place in the set. */
export interface Attestation {
  readonly slot: number;
  readonly signature: Signature;
}

/** A quorum of attestations over one statement and data root. */
export interface Certificate {
  readonly version: 1;
  /** Id of the batch in the inbox, 32 bytes. */
  readonly batchId: Uint8Array;
  readonly header: BatchHeader;
  readonly dataRoot: bigint;
  readonly domain: bigint;
  readonly epoch: bigint;
  readonly setHash: bigint;
  /** By strictly rising slot. */
  readonly attestations: readonly Attestation[];
}

/**
 * Checks a certificate against the set that it names, offline.
 * @returns the weight that signed
 * @throws {CertificateError} any code but `CERTIFICATE_MALFORMED`
 */
export function verifyCertificate(certificate: Certificate, set: ValidatorSet): bigint {
  const setHash = validatorSetHash(set);
  if (setHash !== certificate.setHash || set.epoch !== certificate.epoch)
    throw new CertificateError("CERTIFICATE_SET", { epoch: set.epoch });
  const message = batchMessage(setHash, certificate.header, certificate.dataRoot, certificate.domain);
  let signed = 0n;
  let last = -1;
  for (const { slot, signature } of certificate.attestations) {
    const member = set.members[slot];
    if (!member || slot <= last) throw new CertificateError("CERTIFICATE_SIGNER", { index: slot });
    if (!verifyFields(member.publicKey, [message], signature))
      throw new CertificateError("CERTIFICATE_SIGNATURE", { index: slot });
    signed += member.weight;
    last = slot;
  }
  if (signed < set.threshold)
    throw new CertificateError("CERTIFICATE_QUORUM", { signed, threshold: set.threshold });
  return signed;
}

const hex = (value: bigint) => `0x${Buffer.from(toBytes32(value)).toString("hex")}`;

/** As it is served over HTTP: numbers in decimal strings, field elements in 32 bytes of hex. */
export function certificateToJson(c: Certificate) {
  const { header } = c;
  return {
    version: c.version,
    batchId: `0x${Buffer.from(c.batchId).toString("hex")}`,
    header: {
      number: header.number.toString(),
      source: hex(header.source),
      target: hex(header.target),
      landBy: header.landBy.toString(),
      dataLength: header.dataLength.toString(),
      decodedLength: header.decodedLength.toString(),
      scheme: header.scheme.toString(),
    },
    dataRoot: hex(c.dataRoot),
    domain: hex(c.domain),
    epoch: c.epoch.toString(),
    setHash: hex(c.setHash),
    attestations: c.attestations.map(({ slot, signature }) => ({
      slot,
      r: hex(signature.r),
      s: hex(signature.s),
    })),
  };
}

export type CertificateJson = ReturnType<typeof certificateToJson>;

/** @throws {CertificateError} `CERTIFICATE_MALFORMED` for anything that {@link certificateToJson} would not have made. */
export function certificateFromJson(json: unknown): Certificate {
  try {
    return readCertificate(json as CertificateJson);
  } catch (cause) {
    if (cause instanceof CertificateError) throw cause;
    throw malformed("not in the documented form", cause);
  }
}

function readCertificate(json: CertificateJson): Certificate {
  if (json.version !== 1) throw malformed("unknown version");
  if (json.attestations.length > 64) throw malformed("more than 64 attestations");
  const { header } = json;
  return {
    version: 1,
    batchId: bytes32(json.batchId),
    header: {
      number: decimal(header.number, 64),
      source: element(header.source),
      target: element(header.target),
      landBy: decimal(header.landBy, 32),
      dataLength: decimal(header.dataLength, 32),
      decodedLength: decimal(header.decodedLength, 32),
      scheme: decimal(header.scheme, 16),
    },
    dataRoot: element(json.dataRoot),
    domain: element(json.domain),
    epoch: decimal(json.epoch, 32),
    setHash: element(json.setHash),
    attestations: json.attestations.map(({ slot, r, s }) => {
      if (!Number.isInteger(slot) || slot < 0 || slot > 63) throw malformed("slot out of range");
      return {
        slot,
        signature: checkedSignature({ r: fromBytes32(bytes32(r)), s: fromBytes32(bytes32(s)) }),
      };
    }),
  };
}

function bytes32(text: string): Uint8Array {
  if (!/^0x[0-9a-f]{64}$/.test(text)) throw malformed("not 32 bytes of hex");
  return new Uint8Array(Buffer.from(text.slice(2), "hex"));
}

function element(text: string): bigint {
  return field(fromBytes32(bytes32(text)));
}

function decimal(text: string, bits: number): bigint {
  if (typeof text !== "string" || !/^(0|[1-9][0-9]{0,19})$/.test(text))
    throw malformed("not a decimal number");
  return unsigned(BigInt(text), bits);
}

function malformed(what: string, cause?: unknown): CertificateError {
  return new CertificateError("CERTIFICATE_MALFORMED", { what }, { cause });
}
