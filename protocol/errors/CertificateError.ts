import { errorClass } from "./ZekoError.ts";

export const certificateFaults = {
  CERTIFICATE_MALFORMED: {
    remedy: "final",
    message: (d: { what: string }) => `Certificate: ${d.what}`,
    advice: "Download it again, from another relay or from the DA chain.",
  },
  CERTIFICATE_SIGNER: {
    remedy: "final",
    message: (d: { index: number }) =>
      `Certificate: slot ${d.index} is no member of the set, out of order or listed twice`,
    advice: "The certificate is worthless. Get it from the DA chain.",
  },
  CERTIFICATE_SIGNATURE: {
    remedy: "final",
    message: (d: { index: number }) =>
      `Certificate: the signature of validator ${d.index} is not over this batch`,
    advice: "The certificate is worthless. Get it from the DA chain.",
  },
  CERTIFICATE_QUORUM: {
    remedy: "final",
    message: (d: { signed: bigint; threshold: bigint }) =>
      `Certificate: ${d.signed} of ${d.threshold} needed have signed`,
    advice: "The batch has no quorum yet. Wait for the relay.",
  },
  CERTIFICATE_SET: {
    remedy: "final",
    message: (d: { epoch: bigint }) =>
      `Certificate: made by another validator set than that of epoch ${d.epoch}`,
    advice: "Verify against the set that the certificate names.",
  },
} as const;

/** A certificate that proves nothing. */
export class CertificateError extends errorClass("CertificateError", certificateFaults) {}
