import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  type Attestation,
  comparePublicKeys,
  defaultThreshold,
  possessionMessage,
  type Rotation,
  type RotationTerms,
  rotationFromJson,
  rotationMessage,
  rotationStanding,
  rotationToJson,
  signFields,
  termsOf,
  type ValidatorSet,
} from "../../protocol/index.ts";
import { sampleKey } from "../../scripts/vectors/samples.ts";
import { hasCode } from "../support/hasCode.ts";

type Keys = readonly ReturnType<typeof sampleKey>[];

const keysOf = (...names: string[]): Keys =>
  names.map(sampleKey).sort((a, b) => comparePublicKeys(a.publicKey, b.publicKey));
const setOf = (keys: Keys, epoch: bigint): ValidatorSet => ({
  epoch,
  threshold: defaultThreshold(BigInt(keys.length)),
  members: keys.map(({ publicKey }) => ({ publicKey, weight: 1n })),
});
const oldKeys = keysOf("r0", "r1", "r2", "r3");
const newKeys = keysOf("r1", "r2", "r3", "r4");
const votes = (keys: Keys, slots: readonly number[], message: bigint): Attestation[] =>
  slots.map((slot) => ({ slot, signature: signFields(keys[slot]!.privateKey, [message]) }));

const proposal: Rotation = {
  domain: 11n,
  current: setOf(oldKeys, 4n),
  next: setOf(newKeys, 5n),
  state: 12n,
  until: 900n,
  kind: "normal",
  approvals: [],
  possessions: [],
};
const terms: RotationTerms = termsOf(proposal);
const signed: Rotation = {
  ...proposal,
  approvals: votes(oldKeys, [0, 2, 3], rotationMessage(terms)),
  possessions: votes(newKeys, [0, 1, 2, 3], possessionMessage(terms)),
};

describe("what a rotation's signatures say", () => {
  it("each part of the terms makes another message", () => {
    const changes: Partial<RotationTerms>[] = [
      { domain: 1n },
      { current: 1n },
      { next: 1n },
      { state: 1n },
      { until: 1n },
      { kind: "removal" },
    ];
    const messages = [terms, ...changes.map((change) => ({ ...terms, ...change }))].map(rotationMessage);
    assert.equal(new Set(messages).size, messages.length);
    const held = [terms, ...changes.slice(0, 4).map((change) => ({ ...terms, ...change }))];
    // The current set does not matter to who proves possession: only domain, next set and state do.
    assert.equal(new Set(held.map(possessionMessage)).size, held.length - 1);
  });

  it("counts the weight that approved and names who has not shown possession", () => {
    assert.deepEqual(rotationStanding(proposal), { approved: 0n, threshold: 3n, missing: [0, 1, 2, 3] });
    assert.deepEqual(rotationStanding(signed), { approved: 3n, threshold: 3n, missing: [] });
  });

  const refusals: [name: string, change: Partial<Rotation>, code: string][] = [
    ["a skipped epoch", { next: setOf(newKeys, 6n) }, "SET_EPOCH"],
    ["the same epoch again", { next: setOf(newKeys, 4n) }, "SET_EPOCH"],
    ["approval of another kind", { kind: "removal" }, "CERTIFICATE_SIGNATURE"],
    ["approval up to another slot", { until: 901n }, "CERTIFICATE_SIGNATURE"],
    ["possession of another state", { state: 13n, approvals: [] }, "CERTIFICATE_SIGNATURE"],
    [
      "a vote of nobody",
      { approvals: votes(oldKeys, [0], 1n).map((v) => ({ ...v, slot: 4 })) },
      "CERTIFICATE_SIGNER",
    ],
    ["a vote twice", { approvals: [signed.approvals[0]!, signed.approvals[0]!] }, "CERTIFICATE_SIGNER"],
    [
      "the old set's approvals as the new set's possession",
      { possessions: votes(oldKeys, [0, 2, 3], rotationMessage(terms)) },
      "CERTIFICATE_SIGNATURE",
    ],
  ];
  for (const [name, change, code] of refusals)
    it(`refuses ${name}`, () =>
      assert.throws(() => rotationStanding({ ...signed, ...change }), hasCode(code)));
});

describe("a rotation's file", () => {
  it("comes back as it was written", () => {
    assert.deepEqual(rotationFromJson(JSON.parse(JSON.stringify(rotationToJson(signed)))), signed);
  });

  it("refuses what it would not have written", () => {
    const good = rotationToJson(signed);
    const bad: unknown[] = [
      null,
      { ...good, version: 2 },
      { ...good, kind: "urgent" },
      { ...good, until: "4294967296" },
      { ...good, state: "12" },
      { ...good, extra: 1 },
      { ...good, approvals: [{ ...good.approvals[0]!, slot: 64 }] },
    ];
    for (const json of bad) assert.throws(() => rotationFromJson(json), hasCode("ROTATION_MALFORMED"));
  });
});
