import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { describe, it } from "node:test";
import { encodeAttestation } from "../../gossip/index.ts";
import { certificateFromJson, publicKeyToBase58, verifyCertificate } from "../../protocol/index.ts";
import { startSigner, until } from "../signer/support/startSigner.ts";
import { TestInbox } from "../signer/support/TestInbox.ts";
import { stranger, testBatch, testDeployment, transfers } from "../signer/support/testRollup.ts";
import { hasCode } from "../support/hasCode.ts";
import { temporaryDirectory } from "../support/temporaryDirectory.ts";
import { heldClock, WHEN_RELEASED_MS } from "./support/heldClock.ts";
import { startRelay } from "./support/startRelay.ts";
import { answerOf, attest, startAnswering, startVoice } from "./support/testValidator.ts";

/** Seven validators: five make a quorum, two may fail. */
const { genesis, validators, start } = testDeployment(7);
const batch = testBatch(genesis, start, transfers(1));
const other = testBatch(genesis, start, transfers(1, { from: 1, to: 2 }));
const word = (slot: number, over = batch) => attest(genesis, validators[slot]!, slot, over);
const notYet = { status: 404, json: { error: { code: "SIGNER_NOT_YET", message: "" } } } as const;
const refused = { status: 404, json: { error: { code: "SIGNER_EXECUTION_MISMATCH", message: "" } } } as const;
const honest = (slot: number) => startAnswering(validators[slot]!, () => answerOf(word(slot)));
const keyOf = (slot: number) => publicKeyToBase58(validators[slot]!.publicKey);

type Relay = Awaited<ReturnType<typeof startRelay>>;
const proved = (relay: Relay) =>
  until(
    () => relay.get(`/v1/batches/${batch.id}`).catch(() => ({ stage: "" })),
    ({ stage }) => stage === "proved",
  );

/** The certificate that a relay serves, verified against the set. */
async function certificateOf(relay: Relay) {
  const certificate = certificateFromJson(await relay.get(`/v1/batches/${batch.id}/certificate`));
  verifyCertificate(certificate, genesis.validators);
  return certificate.attestations.map(({ slot }) => slot);
}

describe("relay", { timeout: 120_000 }, () => {
  it("takes a batch from signatures by gossip to a recorded certificate and a proof", async () => {
    const inbox = new TestInbox(genesis);
    const relay = await startRelay({ genesis, da: inbox.client() });
    const voices = await Promise.all(
      [0, 1, 2, 3, 4].map((slot) => startVoice(genesis, validators[slot]!, relay.relay.peerAddresses)),
    );
    await until(() => voices.every((voice) => voice.listeners.length === 1), Boolean);
    inbox.post(batch);
    for (const [slot, voice] of voices.entries()) await voice.publish(word(slot));
    await proved(relay);
    assert.deepEqual(await certificateOf(relay), [0, 1, 2, 3, 4]);
    assert.equal(inbox.certificates.size, 1);
    const proof = await relay.get(`/v1/batches/${batch.id}/quorum-proof`);
    assert.deepEqual([proof.publicOutput, proof.proof], [["0,1,2,3,4"], "verify16"]);
    assert.deepEqual((await relay.get(`/v1/batches/${batch.id}`)).missingSlots, [5, 6]);
  });

  it("asks signers over HTTP when gossip brings nothing", async () => {
    const inbox = new TestInbox(genesis);
    const signers = await Promise.all([2, 3, 4, 5, 6].map(honest));
    const relay = await startRelay({ genesis, da: inbox.client(), signers });
    inbox.post(batch);
    await proved(relay);
    assert.deepEqual(await certificateOf(relay), [2, 3, 4, 5, 6]);
  });

  it("collects from peers what was said before it came", async () => {
    const inbox = new TestInbox(genesis);
    inbox.post(batch);
    const early = await startRelay({
      genesis,
      da: inbox.client(),
      signers: await Promise.all([0, 1, 2, 3].map(honest)),
    });
    await until(
      () => early.get(`/v1/batches/${batch.id}`).catch(() => ({ signedWeight: "" })),
      ({ signedWeight }) => signedWeight === "4",
    );
    const late = await startRelay({
      genesis,
      da: inbox.client(),
      peers: early.relay.peerAddresses,
      signers: [await honest(4)],
    });
    await proved(late);
    assert.deepEqual(await certificateOf(late), [0, 1, 2, 3, 4]);
  });

  it("has no certificate one signature short of the quorum, and has one with it", async () => {
    const inbox = new TestInbox(genesis);
    const clock = heldClock();
    let willing = false;
    const signers = await Promise.all([0, 1, 2, 3].map(honest));
    const last = await startAnswering(validators[4]!, () => (willing ? answerOf(word(4)) : notYet));
    const relay = await startRelay({
      genesis,
      da: inbox.client(),
      signers: [...signers, last],
      silentAfterMs: WHEN_RELEASED_MS,
      modules: { clock },
    });
    inbox.post(batch);
    const standing = () => relay.get(`/v1/batches/${batch.id}`).catch(() => ({ signedWeight: "" }));
    await until(standing, ({ signedWeight }) => signedWeight === "4");
    clock.release();
    await until(
      () => relay.faults(),
      (faults) => faults.filter(({ fault }) => fault === "silent").length === 3,
    );
    const status = await relay.get(`/v1/batches/${batch.id}`);
    assert.deepEqual(
      [status.stage, status.missingSlots, status.signedWeight, status.threshold],
      ["gathering", [4, 5, 6], "4", "5"],
    );
    await assert.rejects(relay.get(`/v1/batches/${batch.id}/certificate`), hasCode("REMOTE_STATUS"));
    assert.equal(inbox.recordings, 0);
    willing = true;
    await proved(relay);
    assert.deepEqual(await certificateOf(relay), [0, 1, 2, 3, 4]);
  });

  it("counts weights, not heads", async () => {
    const members = genesis.validators.members.map((member, i) => ({
      ...member,
      weight: i === 6 ? 10n : 1n,
    }));
    const weighted = { ...genesis, validators: { ...genesis.validators, members, threshold: 11n } };
    const inbox = new TestInbox(weighted);
    const own = (slot: number) =>
      startAnswering(validators[slot]!, () => answerOf(attest(weighted, validators[slot]!, slot, batch)));
    const relay = await startRelay({
      genesis: weighted,
      da: inbox.client(),
      signers: await Promise.all([own(0), own(6)]),
    });
    inbox.post(batch);
    await proved(relay);
    assert.deepEqual((await relay.get(`/v1/batches/${batch.id}`)).signedWeight, "11");
  });

  describe("with two validators of seven at fault", () => {
    type Fault = "silent" | "refused" | "garbage" | "lie" | "stranger";
    /** What a validator at fault answers to the question for its attestation. */
    const wrongAnswers: Record<string, [Fault, (slot: number) => Promise<string>]> = {
      "silent: no server": ["silent", async (slot) => `${keyOf(slot)}=http://127.0.0.1:1`],
      "silent: never ready": ["silent", (slot) => startAnswering(validators[slot]!, () => notYet)],
      "silent: never ends its answer": [
        "silent",
        (slot) => startAnswering(validators[slot]!, () => new Promise(() => {})),
      ],
      "refused: says that the batch is wrong": [
        "refused",
        (slot) => startAnswering(validators[slot]!, () => refused),
      ],
      "garbage: no JSON": [
        "garbage",
        (slot) => startAnswering(validators[slot]!, () => ({ bytes: randomBytes(100) })),
      ],
      "garbage: endless": [
        "garbage",
        (slot) => startAnswering(validators[slot]!, () => ({ bytes: new Uint8Array(1 << 20) })),
      ],
      "garbage: JSON of another form": [
        "garbage",
        (slot) => startAnswering(validators[slot]!, () => ({ json: { epoch: 0, slot, r: null } })),
      ],
      "lie: over another batch": [
        "lie",
        (slot) => startAnswering(validators[slot]!, () => answerOf(word(slot, other))),
      ],
      "lie: another's signature": [
        "lie",
        (slot) => startAnswering(validators[slot]!, () => answerOf({ ...word(6), slot })),
      ],
      "stranger: another's place": [
        "stranger",
        (slot) => startAnswering(validators[slot]!, () => answerOf(word(6))),
      ],
    };
    for (const [name, [fault, bad]] of Object.entries(wrongAnswers)) {
      it(`names them and is not held up (${name})`, async () => {
        const inbox = new TestInbox(genesis);
        // The faulty ones stand first: whoever asked in order would meet them first.
        const signers = await Promise.all([bad(0), bad(1), ...[2, 3, 4, 5, 6].map(honest)]);
        const clock = heldClock();
        const relay = await startRelay({
          genesis,
          da: inbox.client(),
          signers,
          silentAfterMs: WHEN_RELEASED_MS,
          modules: { clock },
        });
        inbox.post(batch);
        await proved(relay);
        assert.deepEqual(await certificateOf(relay), [2, 3, 4, 5, 6]);
        clock.release();
        const named = await until(
          () => relay.faults().filter((line) => line.fault === fault),
          ({ length }) => length >= 2,
        );
        assert.deepEqual(named.map(({ slot, validator }) => [slot, validator]).sort(), [
          [0, keyOf(0)],
          [1, keyOf(1)],
        ]);
        const { text } = await relay.register.expose();
        assert.match(
          text,
          new RegExp(`zeko_relay_validator_faults_total\\{slot="0",fault="${fault}"\\} [1-9]`),
        );
      });
    }

    it("takes a bad signature among good ones for no reason to stop, nor a flood of repeats and garbage by gossip", async () => {
      const inbox = new TestInbox(genesis);
      const relay = await startRelay({ genesis, da: inbox.client() });
      const voices = await Promise.all(
        validators.map((key) => startVoice(genesis, key, relay.relay.peerAddresses)),
      );
      await until(() => voices.every((voice) => voice.listeners.length === 1), Boolean);
      await until(
        () => voices.every(({ peerId }) => relay.relay.gossip.validatorOf(peerId!) !== undefined),
        Boolean,
      );
      inbox.post(batch);
      await until(
        () => relay.get(`/v1/batches/${batch.id}`).catch(() => undefined),
        (seen) => seen !== undefined,
      );
      await voices[0]!.publish({ ...word(0, other), batch: batch.id });
      for (let i = 0; i < 5; i++) await voices[0]!.publishBytes(randomBytes(i));
      for (let i = 0; i < 5; i++) await voices[1]!.publish(word(1));
      await voices[1]!.publish({ ...word(1), slot: 7 });
      for (const slot of [2, 3, 4, 5]) await voices[slot]!.publish(word(slot));
      await proved(relay);
      assert.deepEqual(await certificateOf(relay), [1, 2, 3, 4, 5]);
      const named = await until(
        () => new Set(relay.faults().map(({ slot, fault }) => `${slot} ${fault}`)),
        ({ size }) => size >= 4,
      );
      assert.deepEqual([...named].sort(), ["0 garbage", "0 lie", "1 repeat", "1 stranger"]);
    });

    it("names the author of a lie about another's place, not its victim", async () => {
      const inbox = new TestInbox(genesis);
      const relay = await startRelay({
        genesis,
        da: inbox.client(),
        signers: await Promise.all([0, 1, 2, 3, 4].map(honest)),
      });
      const liar = await startVoice(genesis, validators[6]!, relay.relay.peerAddresses);
      await until(
        () => relay.relay.gossip.validatorOf(liar.peerId!) !== undefined && liar.listeners.length === 1,
        Boolean,
      );
      inbox.post(batch);
      await until(
        () => relay.get(`/v1/batches/${batch.id}`).catch(() => undefined),
        (seen) => seen !== undefined,
      );
      await liar.publishBytes(encodeAttestation({ ...word(6), slot: 5 }));
      await proved(relay);
      const [line] = await until(
        () => relay.faults(),
        ({ length }) => length > 0,
      );
      assert.deepEqual([line!.fault, line!.slot, line!.validator], ["lie", 6, keyOf(6)]);
    });

    it("judges what came before its batch, and names the liar then", async () => {
      const inbox = new TestInbox(genesis);
      const relay = await startRelay({
        genesis,
        da: inbox.client(),
        signers: await Promise.all([2, 3, 4].map(honest)),
      });
      const voices = await Promise.all(
        [0, 1, 5].map((slot) => startVoice(genesis, validators[slot]!, relay.relay.peerAddresses)),
      );
      await until(
        () =>
          voices.every(
            ({ peerId, listeners }) => listeners.length === 1 && relay.relay.gossip.validatorOf(peerId!),
          ),
        Boolean,
      );
      await voices[0]!.publish({ ...word(0, other), batch: batch.id });
      await voices[1]!.publish(word(1));
      await voices[2]!.publish(word(5));
      const waiting = 'zeko_relay_attestations_total{outcome="waiting",source="gossip"} 3';
      await until(
        async () => (await relay.register.expose()).text,
        (text) => text.includes(waiting),
      );
      inbox.post(batch);
      await proved(relay);
      assert.deepEqual(
        relay.faults().map(({ slot, fault }) => [slot, fault]),
        [[0, "lie"]],
      );
    });

    it("counts a late validator as present", async () => {
      const inbox = new TestInbox(genesis);
      const relay = await startRelay({
        genesis,
        da: inbox.client(),
        signers: await Promise.all([0, 1, 2, 3, 4].map(honest)),
      });
      const late = await startVoice(genesis, validators[5]!, relay.relay.peerAddresses);
      await until(() => late.listeners.length === 1, Boolean);
      inbox.post(batch);
      await proved(relay);
      await late.publish(word(5));
      const seen = await until(
        () => relay.get(`/v1/batches/${batch.id}`),
        ({ signedWeight }) => signedWeight === "6",
      );
      assert.deepEqual(seen.missingSlots, [6]);
      assert.deepEqual(await certificateOf(relay), [0, 1, 2, 3, 4]);
    });
  });

  describe("with a rival relay", () => {
    it("takes over the certificate that the rival recorded, and proves it", async () => {
      const inbox = new TestInbox(genesis);
      const rival = await startRelay({
        genesis,
        da: inbox.client(),
        signers: await Promise.all([2, 3, 4, 5, 6].map(honest)),
      });
      const relay = await startRelay({ genesis, da: inbox.client() });
      inbox.post(batch);
      await proved(rival);
      await proved(relay);
      assert.deepEqual(await certificateOf(relay), [2, 3, 4, 5, 6]);
      assert.equal(inbox.recordings, 1);
    });

    it("finds a certificate that was recorded while it was away", async () => {
      const inbox = new TestInbox(genesis);
      const rival = await startRelay({
        genesis,
        da: inbox.client(),
        signers: await Promise.all([0, 1, 2, 3, 4].map(honest)),
      });
      inbox.post(batch);
      await proved(rival);
      const relay = await startRelay({ genesis, da: inbox.client() });
      await proved(relay);
      assert.deepEqual(await certificateOf(relay), [0, 1, 2, 3, 4]);
    });

    it("does not believe a node that invents a certificate", async () => {
      const inbox = new TestInbox(genesis);
      const relay = await startRelay({
        genesis,
        da: inbox.client(),
        signers: await Promise.all([0, 1, 2, 3, 4].map(honest)),
      });
      const attestations = [0, 1, 2, 3, 4].map((slot) => ({ slot, signature: word(slot, other).signature }));
      inbox.post(batch);
      inbox.certificates.set(`${batch.id}/0`, {
        batch: batch.id,
        epoch: 0n,
        attestations,
        weight: 5n,
        block: 0,
      });
      await proved(relay);
      assert.deepEqual(await certificateOf(relay), [0, 1, 2, 3, 4]);
    });
  });

  it("leaves a batch alone that is not the sequencer's, and calls nobody silent over it", async () => {
    const inbox = new TestInbox(genesis);
    const forged = testBatch(genesis, start, transfers(1, { from: 2, to: 3 }), { signer: stranger });
    inbox.post(forged);
    inbox.post(batch);
    const relay = await startRelay({
      genesis,
      da: inbox.client(),
      signers: await Promise.all([0, 1, 2, 3, 4].map(honest)),
      silentAfterMs: 200,
    });
    await proved(relay);
    await until(
      () => relay.faults(),
      (faults) => faults.length >= 2, // of the two that are not there
    );
    const { batches } = (await relay.get("/v1/batches?after=0")) as { batches: { id: string }[] };
    assert.deepEqual(
      batches.map(({ id }) => id),
      [batch.id],
    );
    assert.ok(relay.faults().every(({ id }) => id === batch.id));
  });

  it("goes on with stored signatures after a restart, from those that signers will not repeat", async () => {
    const inbox = new TestInbox(genesis);
    const directory = temporaryDirectory();
    const first = await startRelay({
      genesis,
      da: inbox.client(),
      directory,
      signers: await Promise.all([0, 1, 2].map(honest)),
    });
    inbox.post(batch);
    await until(
      () => first.get(`/v1/batches/${batch.id}`).catch(() => ({ signedWeight: "" })),
      ({ signedWeight }) => signedWeight === "3",
    );
    await first.relay.stop();
    const second = await startRelay({
      genesis,
      da: inbox.client(),
      directory,
      signers: await Promise.all([3, 4].map(honest)),
    });
    await proved(second);
    assert.deepEqual(await certificateOf(second), [0, 1, 2, 3, 4]);
    await second.relay.stop();
  });

  it("works with real signers", async () => {
    const inbox = new TestInbox(genesis);
    const relay = await startRelay({ genesis, da: inbox.client() });
    const peers = relay.relay.peerAddresses;
    await Promise.all(
      validators
        .slice(0, 5)
        .map(({ privateKey }) => startSigner({ genesis, da: inbox.reader(), privateKey, peers })),
    );
    inbox.post(batch);
    await proved(relay);
    assert.deepEqual(await certificateOf(relay), [0, 1, 2, 3, 4]);
    assert.deepEqual(relay.faults(), []);
  });

  it("stops without waiting for a prover, and proves after the restart", async () => {
    const inbox = new TestInbox(genesis);
    const directory = temporaryDirectory();
    const signers = await Promise.all([0, 1, 2, 3, 4].map(honest));
    const asked = Promise.withResolvers<void>();
    const prove = () => {
      asked.resolve();
      return new Promise<never>(() => {});
    };
    const first = await startRelay({
      genesis,
      da: inbox.client(),
      directory,
      signers,
      modules: { prover: { prove } },
    });
    inbox.post(batch);
    await asked.promise;
    assert.equal((await first.get(`/v1/batches/${batch.id}`)).stage, "certified");
    await first.relay.stop();
    const second = await startRelay({ genesis, da: inbox.client(), directory });
    await proved(second);
    assert.equal(inbox.recordings, 1);
    await second.relay.stop();
  });

  it("asks the wide program for a set of more than sixteen", async () => {
    const wide = testDeployment(17);
    const inbox = new TestInbox(wide.genesis);
    const own = testBatch(wide.genesis, wide.start, transfers(1));
    const signers = await Promise.all(
      wide.validators
        .slice(0, 12)
        .map((key, slot) => startAnswering(key, () => answerOf(attest(wide.genesis, key, slot, own)))),
    );
    const relay = await startRelay({ genesis: wide.genesis, da: inbox.client(), signers });
    inbox.post(own);
    const look = () => relay.get(`/v1/batches/${own.id}`).catch(() => ({ stage: "" }));
    await until(look, ({ stage }) => stage === "proved");
    assert.equal((await relay.get(`/v1/batches/${own.id}/quorum-proof`)).proof, "verify64");
  });

  describe("refuses over HTTP", () => {
    it("an id of another form, an unknown batch, a page that is no number, another method", async () => {
      const inbox = new TestInbox(genesis);
      const { relay } = await startRelay({ genesis, da: inbox.client() });
      const answer = async (path: string, init?: RequestInit) => {
        const response = await fetch(`${relay.url}${path}`, init);
        const body = (await response.json()) as { error: { code: string } };
        return [response.status, body.error.code];
      };
      assert.deepEqual(await answer("/v1/batches/0x12"), [400, "GOSSIP_MALFORMED"]);
      assert.deepEqual(await answer(`/v1/batches/${batch.id}`), [404, "RELAY_BATCH_UNKNOWN"]);
      assert.deepEqual(await answer("/v1/batches?after=-1"), [400, "HTTP_BAD_REQUEST"]);
      assert.deepEqual(await answer("/v1/batches", { method: "POST" }), [405, "HTTP_METHOD_NOT_ALLOWED"]);
      assert.deepEqual(await answer("/v2/batches"), [404, "HTTP_NOT_FOUND"]);
    });
  });

  it("refuses to start for another deployment, and with a signer that it cannot read", async () => {
    const inbox = new TestInbox(genesis);
    const foreign = { ...genesis, da: { ...genesis.da, salt: 99n } };
    await assert.rejects(startRelay({ genesis: foreign, da: inbox.client() }), hasCode("RELAY_DEPLOYMENT"));
    await assert.rejects(
      startRelay({ genesis, da: inbox.client(), signers: ["nobody"] }),
      hasCode("CONFIG_BAD_VALUE"),
    );
  });
});
