import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  ATTESTATION_BYTES,
  decodeAttestation,
  encodeAttestation,
  GossipError,
  type SignedAttestation,
} from "../../gossip/index.ts";
import { FIELD_MODULUS, SCALAR_MODULUS, toBytes32 } from "../../protocol/index.ts";
import { batchNamed } from "./validators.ts";

const attestation: SignedAttestation = {
  batch: batchNamed(7),
  epoch: 3n,
  slot: 63,
  signature: { r: 5n, s: SCALAR_MODULUS - 1n },
};
const bytes = encodeAttestation(attestation);
const changed = (at: number, ...values: readonly number[]) => {
  const copy = bytes.slice();
  copy.set(values, at);
  return copy;
};
const malformed = (error: unknown) => error instanceof GossipError && error.code === "GOSSIP_MALFORMED";

describe("attestation message", () => {
  it("comes back as it was sent", () => {
    assert.equal(bytes.length, ATTESTATION_BYTES);
    assert.deepEqual(decodeAttestation(bytes), attestation);
  });

  const refused: Record<string, Uint8Array> = {
    "no bytes": new Uint8Array(),
    "one byte short": bytes.subarray(1),
    "one byte more": Buffer.concat([bytes, Uint8Array.of(0)]),
    "a megabyte": new Uint8Array(1 << 20),
    "another version": changed(0, 2),
    "a slot that no set has": changed(37, 64),
    "r of 0, the point at infinity": changed(38, ...new Uint8Array(32)),
    "r above the field": changed(38, ...toBytes32(FIELD_MODULUS)),
    "s above the order": changed(70, ...toBytes32(SCALAR_MODULUS)),
  };
  for (const [name, wrong] of Object.entries(refused))
    it(`refuses ${name}`, () => assert.throws(() => decodeAttestation(wrong), malformed));
});
