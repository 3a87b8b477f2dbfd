import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  batchMessage,
  type Certificate,
  certificateFromJson,
  certificateToJson,
  comparePublicKeys,
  signFields,
  type ValidatorSet,
  validatorSetHash,
  verifyCertificate,
} from "../../protocol/index.ts";
import { sampleField, sampleKey } from "../../scripts/vectors/samples.ts";
import { hasCode } from "../support/hasCode.ts";

const pairs = ["a", "b", "c", "d"]
  .map((name) => sampleKey(`certificate ${name}`))
  .sort((a, b) => comparePublicKeys(a.publicKey, b.publicKey));
const set: ValidatorSet = {
  epoch: 0n,
  threshold: 3n,
  members: pairs.map(({ publicKey }) => ({ publicKey, weight: 1n })),
};
const header = {
  number: 1n,
  source: 5n,
  target: 6n,
  landBy: 7n,
  dataLength: 8n,
  decodedLength: 9n,
  scheme: 1n,
};
const [dataRoot, domain] = [sampleField("root"), sampleField("domain")];

function certificate(
  slots: readonly number[],
  message = batchMessage(validatorSetHash(set), header, dataRoot, domain),
): Certificate {
  return {
    version: 1,
    batchId: new Uint8Array(32).fill(7),
    header,
    dataRoot,
    domain,
    epoch: 0n,
    setHash: validatorSetHash(set),
    attestations: slots.map((slot) => ({
      slot,
      signature: signFields(pairs[slot % 4]!.privateKey, [message]),
    })),
  };
}

describe("certificate", () => {
  const good = certificate([0, 2, 3]);

  it("accepts exactly the threshold, and the same after a round trip through JSON", () => {
    assert.equal(verifyCertificate(good, set), 3n);
    assert.deepEqual(certificateFromJson(JSON.parse(JSON.stringify(certificateToJson(good)))), good);
  });
  it("refuses a quorum one short", () => {
    assert.throws(() => verifyCertificate(certificate([0, 2]), set), hasCode("CERTIFICATE_QUORUM"));
  });
  it("refuses a signer listed twice, out of order, or unknown", () => {
    for (const slots of [
      [0, 0, 1],
      [2, 0, 3],
      [0, 1, 4],
    ]) {
      assert.throws(() => verifyCertificate(certificate(slots), set), hasCode("CERTIFICATE_SIGNER"));
    }
  });
  it("refuses a signature over another message", () => {
    assert.throws(() => verifyCertificate(certificate([0, 2, 3], 1n), set), hasCode("CERTIFICATE_SIGNATURE"));
  });
  it("refuses a certificate whose header, data root or domain was changed", () => {
    const changed: Partial<Certificate>[] = [
      { dataRoot: dataRoot + 1n },
      { domain: domain + 1n },
      { header: { ...header, landBy: 8n } },
    ];
    for (const change of changed) {
      assert.throws(() => verifyCertificate({ ...good, ...change }, set), hasCode("CERTIFICATE_SIGNATURE"));
    }
  });
  it("refuses another validator set or epoch", () => {
    for (const other of [
      { ...set, epoch: 1n },
      { ...set, threshold: 4n },
    ]) {
      assert.throws(() => verifyCertificate(good, other), hasCode("CERTIFICATE_SET"));
    }
  });
  it("refuses JSON that is none", () => {
    const json = certificateToJson(good);
    const bad = [
      null,
      {},
      { ...json, version: 2 },
      { ...json, setHash: "0x12" },
      { ...json, epoch: "-1" },
      { ...json, attestations: Array(65).fill(json.attestations[0]) },
      { ...json, attestations: [{ ...json.attestations[0], slot: 64 }] },
      { ...json, dataRoot: `0x${"f".repeat(64)}` },
    ];
    for (const one of bad) assert.throws(() => certificateFromJson(one), hasCode("CERTIFICATE_MALFORMED"));
  });
});
