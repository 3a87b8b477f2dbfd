import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import type { BatchId } from "../../da/index.ts";
import { fieldToHex, openRecordStore } from "../../gossip/index.ts";
import {
  certificateFromJson,
  comparePublicKeys,
  defaultThreshold,
  domainHash,
  domainOf,
  publicKeyToBase58,
  renewalMessage,
  signFields,
  type ValidatorSet,
  verifyCertificate,
} from "../../protocol/index.ts";
import type { QuorumProver } from "../../relay/RelayPipeline.ts";
import { RelayStore } from "../../relay/RelayStore.ts";
import { startSigner, until } from "../signer/support/startSigner.ts";
import { TestInbox } from "../signer/support/TestInbox.ts";
import { sequencer, stranger, testBatch, testDeployment, transfers } from "../signer/support/testRollup.ts";
import { temporaryDirectory } from "../support/temporaryDirectory.ts";
import { startRelay } from "./support/startRelay.ts";
import { statingProver } from "./support/testRelayOptions.ts";
import { answerOf, attest, startAnswering } from "./support/testValidator.ts";

/** Four validators, three make a quorum. */
const { genesis, validators, start } = testDeployment(4);
const batch = testBatch(genesis, start, transfers(1));

const setOf = (members: readonly (typeof validators)[number][], epoch: bigint): ValidatorSet => ({
  epoch,
  threshold: defaultThreshold(BigInt(members.length)),
  members: members
    .map(({ publicKey }) => ({ publicKey, weight: 1n }))
    .sort((a, b) => comparePublicKeys(a.publicKey, b.publicKey)),
});
/** The first validator goes, a newcomer takes its place. */
const next = setOf([...validators.slice(1), stranger], 1n);

type Relay = Awaited<ReturnType<typeof startRelay>>;
const proved = (relay: Relay, epoch: string) =>
  until(
    () => relay.get(`/v1/batches/${batch.id}`).catch((): Record<string, unknown> => ({})),
    (seen) => seen.stage === "proved" && seen.epoch === epoch,
  );
const certificateOf = async (relay: Relay, epoch = "", query = "") =>
  certificateFromJson(
    await relay.get(`/v1/batches/${batch.id}/certificate${epoch && `?epoch=${epoch}${query}`}`),
  );
/** As the sequencer asks for the next set's. */
const signedQuery = (
  change: Partial<Parameters<typeof renewalMessage>[0]> = {},
  { privateKey } = sequencer,
) => {
  const asked = { domain: domainHash(domainOf(genesis)), batch: batch.id, epoch: 1n, ...change };
  const { r, s } = signFields(privateKey, [renewalMessage(asked)]);
  return `&r=${fieldToHex(r)}&s=${fieldToHex(s)}`;
};
/** Real signers with these keys, and how the relay names them. */
const signersOf = (
  inbox: TestInbox,
  keys: readonly { privateKey: string; publicKey: typeof stranger.publicKey }[],
) =>
  Promise.all(
    keys.map(async ({ privateKey, publicKey }) => {
      const { signer } = await startSigner({ genesis, da: inbox.reader(), privateKey });
      return `${publicKeyToBase58(publicKey)}=${signer.url}`;
    }),
  );

describe("relay through a rotation", { timeout: 120_000 }, () => {
  it("begins again for the new set when signatures are in flight, and counts no key that went", async () => {
    const inbox = new TestInbox(genesis);
    // Two of the old four answer: no quorum. The first one is not in the next set.
    const signers = await signersOf(inbox, [validators[0]!, validators[1]!, stranger]);
    const relay = await startRelay({ genesis, da: inbox.client(), signers });
    inbox.post(batch);
    await until(
      () => relay.get(`/v1/batches/${batch.id}`).catch((): Record<string, unknown> => ({})),
      ({ signedWeight }) => signedWeight === "2",
    );
    inbox.rotate(next);
    await until(
      () => relay.get(`/v1/batches/${batch.id}`),
      (seen) => seen.epoch === "1" && seen.signedWeight === "2",
    );
    assert.equal((await relay.get(`/v1/batches/${batch.id}`)).stage, "gathering");
    const [late] = await signersOf(inbox, [validators[2]!]);
    const again = await startRelay({ genesis, da: inbox.client(), signers: [...signers, late!] });
    await proved(again, "1");
    verifyCertificate(await certificateOf(again), next);
    assert.deepEqual([...inbox.certificates.keys()], [`${batch.id}/1`]);
  });

  it("records a quorum of the old set within its grace", async () => {
    const inbox = new TestInbox(genesis);
    const gate = Promise.withResolvers<void>();
    const client = inbox.client();
    const held = {
      ...client,
      recordCertificate: async (certificate: Parameters<typeof client.recordCertificate>[0]) => {
        await gate.promise;
        await client.recordCertificate(certificate);
      },
    };
    const signers = await signersOf(inbox, validators.slice(0, 3));
    const relay = await startRelay({ genesis, da: held, signers });
    inbox.post(batch);
    await until(
      () => relay.get(`/v1/batches/${batch.id}`).catch((): Record<string, unknown> => ({})),
      ({ stage }) => stage === "certified",
    );
    inbox.rotate(next);
    gate.resolve();
    await proved(relay, "0");
    verifyCertificate(await certificateOf(relay), genesis.validators);
    assert.deepEqual([...inbox.certificates.keys()], [`${batch.id}/0`]);
  });

  it("has the new set attest when the old one's grace ended before its certificate was recorded", async () => {
    const inbox = new TestInbox(genesis);
    const client = inbox.client();
    const late = {
      ...client,
      recordCertificate: async (certificate: Parameters<typeof client.recordCertificate>[0]) => {
        if (inbox.sets.length === 1) inbox.rotate(next);
        inbox.endGrace();
        await client.recordCertificate(certificate);
      },
    };
    const signers = await signersOf(inbox, [...validators, stranger]);
    const relay = await startRelay({ genesis, da: late, signers });
    inbox.post(batch);
    await proved(relay, "1");
    verifyCertificate(await certificateOf(relay), next);
    assert.deepEqual([...inbox.certificates.keys()], [`${batch.id}/1`]);
  });

  it("gathers for the epoch that is asked for, when it is in force, and keeps the old certificate until then", async () => {
    const inbox = new TestInbox(genesis);
    const signers = await signersOf(inbox, validators);
    const relay = await startRelay({ genesis, da: inbox.client(), signers });
    inbox.post(batch);
    await proved(relay, "0");
    await assert.rejects(certificateOf(relay, "1"));
    assert.equal((await relay.get(`/v1/batches/${batch.id}`)).epoch, "0");
    inbox.rotate(next);
    const renewed = await until(
      () => certificateOf(relay, "1", signedQuery()).catch(() => undefined),
      (found) => found !== undefined,
    );
    verifyCertificate(renewed!, next);
    await proved(relay, "1");
    assert.deepEqual([...inbox.certificates.keys()].sort(), [`${batch.id}/0`, `${batch.id}/1`]);
    // Mina may still take the old set's: whoever asked for the new one's has taken nothing away.
    verifyCertificate(await certificateOf(relay, "0"), genesis.validators);
    for (const epoch of ["?epoch=0", "?epoch=1", ""])
      assert.equal(
        (await relay.get(`/v1/batches/${batch.id}/quorum-proof${epoch}`)).proof,
        "verify16",
        `proof ${epoch}`,
      );
    await assert.rejects(relay.get(`/v1/batches/${batch.id}/quorum-proof?epoch=2`));
  });

  it("begins again for nobody but the sequencer", async () => {
    const inbox = new TestInbox(genesis);
    const signers = await signersOf(inbox, validators);
    const relay = await startRelay({ genesis, da: inbox.client(), signers });
    inbox.post(batch);
    await proved(relay, "0");
    inbox.rotate(next);
    await until(
      () => relay.get("/v1/info"),
      ({ epoch }) => epoch === "1",
    );
    const ask = (query: string) =>
      certificateOf(relay, "1", query).then(
        () => "given",
        (error) => (error.data as { remoteCode: string }).remoteCode,
      );
    const refusals: [name: string, query: string, code: string][] = [
      ["nobody", "", "RELAY_NOT_YET"],
      ["half a signature", `&r=${fieldToHex(1n)}`, "HTTP_BAD_REQUEST"],
      ["a stranger", signedQuery({}, stranger), "RELAY_RENEWAL_SIGNATURE"],
      ["another epoch's question", signedQuery({ epoch: 2n }), "RELAY_RENEWAL_SIGNATURE"],
      ["another batch's", signedQuery({ batch: fieldToHex(7n) }), "RELAY_RENEWAL_SIGNATURE"],
      ["another deployment's", signedQuery({ domain: 7n }), "RELAY_RENEWAL_SIGNATURE"],
      ["what is no number", `&r=0x${"f".repeat(64)}&s=0x${"f".repeat(64)}`, "RELAY_RENEWAL_SIGNATURE"],
    ];
    for (const [name, query, code] of refusals) assert.equal(await ask(query), code, name);
    assert.equal((await relay.get(`/v1/batches/${batch.id}`)).epoch, "0");
    assert.equal(await ask(signedQuery()), "RELAY_NOT_YET");
    await proved(relay, "1");
  });

  it("makes the proof that it has begun with, also when another set's is asked for meanwhile", async () => {
    const inbox = new TestInbox(genesis);
    const gate = Promise.withResolvers<void>();
    const prover: QuorumProver = {
      prove: (job) => gate.promise.then(() => statingProver.prove(job)),
    };
    const signers = await signersOf(inbox, validators);
    const relay = await startRelay({ genesis, da: inbox.client(), signers, modules: { prover } });
    inbox.post(batch);
    await until(
      () => relay.get(`/v1/batches/${batch.id}`).catch((): Record<string, unknown> => ({})),
      ({ step }) => step === "recorded",
    );
    inbox.rotate(next);
    const late = testBatch(genesis, start, transfers(2));
    inbox.post(late);
    // Once it speaks of the next set, it takes questions for it.
    await until(
      () => relay.get(`/v1/batches/${late.id}`).catch((): Record<string, unknown> => ({})),
      ({ epoch }) => epoch === "1",
    );
    await assert.rejects(certificateOf(relay, "1", signedQuery()));
    gate.resolve();
    await until(
      () => certificateOf(relay, "1", signedQuery()).catch(() => undefined),
      (certificate) => certificate !== undefined,
    );
    await proved(relay, "1");
    assert.equal((await relay.get(`/v1/batches/${batch.id}/quorum-proof?epoch=0`)).proof, "verify16");
  });

  it("does not begin again with what is history, however often it is asked", async () => {
    const inbox = new TestInbox(genesis);
    const signers = await signersOf(inbox, validators);
    const relay = await startRelay({ genesis, da: inbox.client(), signers });
    inbox.post(batch);
    await proved(relay, "0");
    const far = { ...batch.header, number: batch.header.number + 64n };
    const late = testBatch(genesis, start, transfers(1, { from: 2 }), { header: () => far });
    inbox.post(late);
    await until(
      () => relay.get(`/v1/batches/${late.id}`).catch(() => undefined),
      (seen) => seen !== undefined,
    );
    inbox.rotate(next);
    await until(
      () => relay.get(`/v1/batches/${late.id}`),
      ({ epoch }) => epoch === "1",
    );
    await assert.rejects(certificateOf(relay, "1", signedQuery()));
    assert.equal((await relay.get(`/v1/batches/${batch.id}`)).epoch, "0");
    assert.deepEqual([...inbox.certificates.keys()], [`${batch.id}/0`]);
  });

  it("knows after a restart which batch is the newest, though all are done", async () => {
    const records = await openRecordStore(temporaryDirectory());
    after(() => records.close());
    const store = new RelayStore(records);
    assert.equal(await store.newest(), 0n);
    for (const number of [1n, 2n, 70_000n, 69_999n]) {
      const id: BatchId = `0x${number.toString(16).padStart(64, "0")}` as const;
      const { header, dataRoot } = batch;
      const record = { id, header: { ...header, number }, dataRoot, epoch: 0n, setHash: 1n, message: 1n };
      await store.save({ ...record, noticedMs: 0, step: "proved" });
    }
    assert.equal(await store.newest(), 70_000n);
    assert.deepEqual(await store.open(), []);
  });

  it("takes no old signature for one of the next set, though the slot's number is the same", async () => {
    const inbox = new TestInbox(genesis);
    // They answer whatever epoch is asked for with what they signed as members of the old set.
    const stale = await Promise.all(
      validators.map((key, slot) =>
        startAnswering(key, () => answerOf({ ...attest(genesis, key, slot, batch), epoch: 1n })),
      ),
    );
    inbox.rotate(setOf(validators, 1n));
    const relay = await startRelay({ genesis, da: inbox.client(), signers: stale });
    inbox.post(batch);
    await until(
      () => relay.faults(),
      (faults) =>
        new Set(faults.filter(({ fault }) => fault === "lie").map(({ validator }) => validator)).size === 4,
    );
    assert.equal((await relay.get(`/v1/batches/${batch.id}`)).signedWeight, "0");
  });
});
