import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  comparePublicKeys,
  domainHash,
  domainOf,
  NONCE_BASE,
  type Rotation,
  type RotationKind,
  rotationToJson,
  type ValidatorSet,
  validatorSetHash,
} from "../../protocol/index.ts";
import { requestJson } from "../../service/index.ts";
import { testKey, transfer } from "../ledger/support/commands.ts";
import { hasCode } from "../support/hasCode.ts";
import { TestRollup } from "./support/TestRollup.ts";
import { alice, bob, MINA } from "./support/testDeployment.ts";
import { accepted, batch, closeBatch, reached, until } from "./support/userCalls.ts";

const pay = (nonce: bigint) => transfer({ from: alice, to: bob.publicKey, amount: 1n, nonce, fee: MINA });
const commits = (made: readonly string[]) => made.filter((name) => name.startsWith("commit"));
const nextKeys = [2_001, 2_002, 2_003]
  .map(testKey)
  .sort((a, b) => comparePublicKeys(a.publicKey, b.publicKey));
const next: ValidatorSet = {
  epoch: 1n,
  threshold: 2n,
  members: nextKeys.map(({ publicKey }) => ({ publicKey, weight: 1n })),
};
const UNTIL = 1_000n;

/** A rollup with a batch at this step, and its rotation on either side. */
async function rollupAt(step: "sealed" | "sent") {
  const rollup = new TestRollup();
  if (step === "sealed") rollup.da.signers = 0;
  const { url } = await rollup.start();
  await accepted(url, pay(NONCE_BASE));
  await closeBatch(url);
  await reached(url, 1, step);
  const { l1, da } = rollup;
  return {
    rollup,
    url,
    l1,
    onMina: (kind: RotationKind) => l1.rotate(validatorSetHash(next), UNTIL, kind),
    onDa: (kind: RotationKind) => da.rotate({ set: next, keys: nextKeys, until: UNTIL, kind }),
    certify: () => {
      da.signers = 3;
    },
  };
}

const rotation = ({ genesis }: TestRollup): Rotation => ({
  domain: domainHash(domainOf(genesis)),
  current: genesis.validators,
  next,
  state: 1n,
  until: UNTIL,
  kind: "normal",
  approvals: [],
  possessions: [],
});

/** Makes L1 blocks until the batch is accepted. */
const land = ({ l1 }: Pick<TestRollup, "l1">) =>
  until(
    () => {
      if (l1.pooled.length > 0) l1.makeBlock();
      return l1.accepted;
    },
    (number) => number === 1n,
  );

describe("a sequencer through a rotation", () => {
  it("makes a commit under way again for the new field, with the old set's quorum within its grace", async () => {
    const { rollup, url, l1, onMina, onDa } = await rollupAt("sent");
    onMina("normal");
    onDa("normal");
    await land({ l1 });
    await reached(url, 1, "accepted");
    assert.equal(commits(rollup.prover.made).length, 2);
    assert.deepEqual(rollup.da.certifiedEpochs, [0n]);
  });

  it("has a batch attested anew by the next set once the old one was removed", async () => {
    const { rollup, url, l1, onMina, onDa } = await rollupAt("sent");
    onMina("removal");
    onDa("removal");
    await land({ l1 });
    await reached(url, 1, "accepted");
    assert.deepEqual(rollup.da.certifiedEpochs, [0n, 1n]);
  });

  it("waits, and says why, while Mina has rotated and the DA chain has not", async () => {
    const { rollup, url, l1, onMina, onDa, certify } = await rollupAt("sealed");
    onMina("removal");
    await until(
      () => batch(url, 1),
      ({ waitsFor }) => waitsFor === "SETTLEMENT_VALIDATORS_UNKNOWN",
    );
    onDa("removal");
    certify();
    await land({ l1 });
    await reached(url, 1, "accepted");
    assert.deepEqual(rollup.da.certifiedEpochs, [1n]);
  });

  it("goes on with the old set's quorum before the mirror, told of the rotation that Mina's field proves", async () => {
    const { rollup, url, l1, onMina } = await rollupAt("sent");
    const tell = (change: Partial<Rotation> = {}) =>
      requestJson({ url: `${url}/v1/rotation`, json: rotationToJson({ ...rotation(rollup), ...change }) });
    await assert.rejects(tell(), hasCode("REMOTE_STATUS"));
    onMina("normal");
    await until(
      () => tell().catch(() => undefined),
      (answer) => answer !== undefined,
    );
    for (const change of [
      { until: UNTIL + 1n },
      { kind: "removal" as const },
      { next: { ...next, threshold: 3n } },
    ])
      await assert.rejects(tell(change), hasCode("REMOTE_STATUS"));
    await land({ l1 });
    await reached(url, 1, "accepted");
    assert.deepEqual(rollup.da.certifiedEpochs, [0n]);
  });

  it("takes the next set's quorum within the grace when nobody proves the old one's", async () => {
    const rollup = new TestRollup();
    const { l1, da } = rollup;
    da.unproved.add(0n);
    const { url } = await rollup.start();
    await accepted(url, pay(NONCE_BASE));
    await closeBatch(url);
    await reached(url, 1, "wrapped");
    l1.rotate(validatorSetHash(next), UNTIL, "normal");
    da.rotate({ set: next, keys: nextKeys, until: UNTIL, kind: "normal" });
    await land({ l1 });
    await reached(url, 1, "accepted");
    assert.deepEqual(da.certifiedEpochs, [0n, 1n]);
  });

  it("takes no certificate of the next set before Mina has rotated", async () => {
    const { rollup, url, l1, onMina, onDa, certify } = await rollupAt("sealed");
    onDa("normal");
    certify();
    for (let i = 0; i < 3; i++) l1.makeBlock();
    await reached(url, 1, "sealed");
    assert.deepEqual(rollup.da.certifiedEpochs, []);
    onMina("normal");
    await land({ l1 });
    await reached(url, 1, "accepted");
    assert.deepEqual(rollup.da.certifiedEpochs, [1n]);
  });
});
