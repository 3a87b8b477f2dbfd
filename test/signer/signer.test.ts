import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { fieldToHex, openRecordStore, type RecordWrite } from "../../gossip/index.ts";
import { genesisSnapshot, MemoryStore, Replica } from "../../ledger/index.ts";
import {
  batchMessage,
  comparePublicKeys,
  decodePayload,
  defaultThreshold,
  domainHash,
  domainOf,
  stateHash,
  type ValidatorSet,
  validatorSetHash,
  verifyFields,
} from "../../protocol/index.ts";
import { createMetricRegister } from "../../service/index.ts";
import { testKey } from "../ledger/support/commands.ts";
import { startVoice } from "../relay/support/testValidator.ts";
import { hasCode } from "../support/hasCode.ts";
import { temporaryDirectory } from "../support/temporaryDirectory.ts";
import { startSigner, until } from "./support/startSigner.ts";
import { TestInbox } from "./support/TestInbox.ts";
import {
  stranger,
  type TestBatch,
  testBatch,
  testChain,
  testDeployment,
  transfers,
} from "./support/testRollup.ts";

const { genesis, validators, start } = testDeployment(4);
const privateKey = validators[0]!.privateKey;
const [first, second, third] = testChain(genesis, 3) as [TestBatch, TestBatch, TestBatch];
/** Other transfers on the same state as `first`. */
const rival = testBatch(genesis, start, transfers(2, { from: 1, to: 2 }));

const setWith = (members: readonly (typeof validators)[number][], epoch: bigint): ValidatorSet => ({
  epoch,
  threshold: defaultThreshold(BigInt(members.length)),
  members: members
    .map(({ publicKey }) => ({ publicKey, weight: 1n }))
    .sort((a, b) => comparePublicKeys(a.publicKey, b.publicKey)),
});

type Running = Awaited<ReturnType<typeof startSigner>>;
const stepOf = async ({ get }: Running, { id }: TestBatch) =>
  (await get(`/v1/batches/${id}`).catch(() => ({ step: "" }))).step;
const attested = (signer: Running, batch: TestBatch) =>
  until(
    () => stepOf(signer, batch),
    (step) => step === "published",
  );
const startWith = (inbox: TestInbox, more: Partial<Parameters<typeof startSigner>[0]> = {}) =>
  startSigner({ genesis, da: inbox.reader(), privateKey, ...more });

describe("signer", { timeout: 120_000 }, () => {
  it("never signs on a state that it does not hold, and does once it holds it", async () => {
    const inbox = new TestInbox(genesis);
    const signer = await startWith(inbox);
    inbox.post(second);
    inbox.post(third);
    await until(
      () => stepOf(signer, third),
      (step) => step === "fetched",
    );
    await until(
      () => signer.get("/v1/status"),
      ({ pending }) => pending === 0,
    );
    assert.deepEqual([await stepOf(signer, second), await stepOf(signer, third)], ["fetched", "fetched"]);
    inbox.post(first);
    for (const batch of [first, second, third]) await attested(signer, batch);
  });

  it("attests to rivals on one state, and to what follows from each", async () => {
    const inbox = new TestInbox(genesis);
    const signer = await startWith(inbox);
    inbox.post(rival, first);
    inbox.post(second);
    for (const batch of [rival, first, second]) await attested(signer, batch);
    const { batches } = (await signer.get("/v1/batches?after=0")) as {
      batches: { header: { number: string } }[];
    };
    assert.deepEqual(
      batches.map(({ header }) => header.number),
      ["1", "1", "2"],
    );
  });

  it("does not build on a batch that it refused", async () => {
    const inbox = new TestInbox(genesis);
    const signer = await startWith(inbox);
    const bad = testBatch(genesis, start, transfers(1), {
      payload: (p) => ({ ...p, changes: p.changes.slice(1) }),
    });
    inbox.post(bad);
    const onBad = testBatch(genesis, bad.executed.target, transfers(1, { nonce: 1n }));
    inbox.post(onBad);
    await until(
      () => signer.get(`/v1/batches/${bad.id}`).catch((): Record<string, unknown> => ({})),
      ({ refusal }) => refusal !== undefined,
    );
    await until(
      () => stepOf(signer, onBad),
      (step) => step === "fetched",
    );
    await until(
      () => signer.get("/v1/status"),
      ({ pending }) => pending === 0,
    );
    assert.equal(await stepOf(signer, onBad), "fetched");
    // The honest batch for the same number, changes included, opens the way.
    inbox.post(first);
    await attested(signer, onBad);
  });

  it("waits with a flood of rivals instead of holding them all", async () => {
    const inbox = new TestInbox(genesis);
    const signer = await startWith(inbox, { options: { "signer.max-forks": 2 } });
    const more = [0, 2, 3].map((from) => testBatch(genesis, start, transfers(3, { from, to: 1 })));
    inbox.post(...more);
    await until(
      () => signer.log.lines,
      (lines) => lines.some(({ fields }) => fields.code === "LEDGER_FORKS_FULL"),
    );
    // The two that found room may not have written it down when the third one finds none.
    const steps = await until(
      () => Promise.all(more.map((batch) => stepOf(signer, batch))),
      (now) => now.filter((step) => step === "fetched").length <= 1,
    );
    assert.equal(steps.filter((step) => step === "fetched").length, 1);
    assert.equal((await signer.get("/v1/state")).states, 3);
  });

  it("lets go of rivals that L1 has made history", async () => {
    const inbox = new TestInbox(genesis);
    const final = Promise.withResolvers<bigint>();
    const signer = await startWith(inbox, {
      modules: { finality: { look: () => final.promise, validators: undefined } },
    });
    inbox.post(rival, first);
    for (const batch of [rival, first]) await attested(signer, batch);
    final.resolve(first.header.target);
    const state = await until(
      () => signer.get("/v1/state"),
      ({ states }) => states === 1,
    );
    assert.equal((state.base as { number: string }).number, "1");
    inbox.post(second);
    await attested(signer, second);
  });

  it("catches up with an L1 that is further ahead than it may hold states", async () => {
    const inbox = new TestInbox(genesis);
    const final = Promise.withResolvers<bigint>();
    const signer = await startWith(inbox, {
      options: { "signer.max-forks": 2 },
      modules: { finality: { look: () => final.promise, validators: undefined } },
    });
    const chain = testChain(genesis, 3);
    inbox.post(rival, ...chain);
    for (const { id } of chain)
      inbox.record({ batch: id, epoch: 0n, attestations: [], weight: 3n, block: 1 });
    await until(
      () => signer.log.lines,
      (lines) => lines.some(({ fields }) => fields.code === "LEDGER_FORKS_FULL"),
    );
    final.resolve(chain.at(-1)!.header.target);
    for (const batch of chain) await attested(signer, batch);
  });

  it("keeps and serves batches without signing when its key is in no set", async () => {
    const inbox = new TestInbox(genesis);
    const signer = await startWith(inbox, { privateKey: stranger.privateKey });
    inbox.post(first);
    await until(
      () => signer.log.lines,
      (lines) => lines.some(({ message }) => message === "kept, not attested: no member"),
    );
    await until(
      () => stepOf(signer, first),
      (step) => step === "published",
    );
    assert.deepEqual((await signer.get(`/v1/batches/${first.id}`)).attestations, []);
    assert.deepEqual(new Uint8Array(await signer.data(first.id)), first.data);
    assert.equal((await signer.get("/v1/info")).slot, null);
  });

  it("signs what it kept once a rotation has made it a member, and only for the set in force", async () => {
    const inbox = new TestInbox(genesis);
    const signer = await startWith(inbox, { privateKey: stranger.privateKey });
    inbox.post(first);
    await attested(signer, first);
    const ask = (epoch: bigint) => signer.get(`/v1/batches/${first.id}/attestation?epoch=${epoch}`);
    await assert.rejects(ask(0n));
    await assert.rejects(ask(1n));
    const next = setWith([stranger, ...validators.slice(1)], 1n);
    inbox.rotate(next);
    const word = await until(
      () => ask(1n).catch((): Record<string, unknown> => ({})),
      ({ epoch }) => epoch === "1",
    );
    const message = batchMessage(
      validatorSetHash(next),
      first.header,
      first.dataRoot,
      domainHash(domainOf(genesis)),
    );
    const signature = { r: BigInt(String(word.r)), s: BigInt(String(word.s)) };
    assert.ok(verifyFields(stranger.publicKey, [message], signature));
    await assert.rejects(ask(0n));
    await assert.rejects(ask(2n));
    inbox.post(second);
    await attested(signer, second);
    assert.equal((await signer.get(`/v1/batches/${second.id}/attestation`)).epoch, "1");
  });

  it("signs a batch anew for the next set, and no more once its key was removed", async () => {
    const inbox = new TestInbox(genesis);
    const signer = await startWith(inbox);
    inbox.post(first);
    await attested(signer, first);
    const epochs = async (batch: TestBatch) =>
      ((await signer.get(`/v1/batches/${batch.id}`)).attestations as { epoch: string }[]).map(
        ({ epoch }) => epoch,
      );
    inbox.rotate(setWith(validators, 1n));
    await until(
      () =>
        signer.get(`/v1/batches/${first.id}/attestation?epoch=1`).catch((): Record<string, unknown> => ({})),
      ({ epoch }) => epoch === "1",
    );
    assert.deepEqual(await epochs(first), ["0", "1"]);
    inbox.rotate(setWith(validators.slice(1), 2n));
    inbox.post(second);
    await attested(signer, second);
    await assert.rejects(signer.get(`/v1/batches/${first.id}/attestation?epoch=2`));
    assert.deepEqual(await epochs(second), []);
  });

  it("says of a state that it is on disk after reading all of it again, and of another that it is not", async () => {
    const inbox = new TestInbox(genesis);
    const signer = await startWith(inbox);
    const state = (hash: bigint) => signer.get(`/v1/states/${fieldToHex(hash)}`);
    inbox.post(first);
    await attested(signer, first);
    await assert.rejects(state(second.header.target));
    assert.equal((await state(first.header.target)).number, "1");
    assert.equal((await state(first.header.source)).number, "0");
  });

  it("goes on from its cursor after a restart, with the same word as before", async () => {
    const inbox = new TestInbox(genesis);
    const directory = temporaryDirectory();
    const before = await startWith(inbox, { directory });
    inbox.post(first);
    await attested(before, first);
    const word = await before.get(`/v1/batches/${first.id}/attestation`);
    await before.signer.stop();
    inbox.post(second);
    const reads = inbox.dataReads;
    const after = await startWith(inbox, { directory });
    await attested(after, second);
    assert.deepEqual(await after.get(`/v1/batches/${first.id}/attestation`), word);
    assert.equal(inbox.dataReads, reads + 1, "the first batch is not fetched again");
    await after.signer.stop();
  });

  it("does not share its directory, nor take another deployment's", async () => {
    const inbox = new TestInbox(genesis);
    const directory = temporaryDirectory();
    const one = await startWith(inbox, { directory });
    await assert.rejects(startWith(inbox, { directory }), hasCode("DATA_DIRECTORY_LOCKED"));
    await one.signer.stop();
    const other = { ...genesis, accountCreationFee: 5n };
    const elsewhere = new TestInbox(other);
    await assert.rejects(
      startSigner({ genesis: other, da: elsewhere.reader(), privateKey, directory }),
      hasCode("DATA_DIRECTORY_OTHER_NETWORK"),
    );
  });

  it("refuses to start where the DA chain does not know the rollup, or knows another one", async () => {
    const foreign = { ...genesis, da: { ...genesis.da, salt: 99n } };
    const inbox = new TestInbox(genesis);
    await assert.rejects(
      startSigner({ genesis: foreign, da: inbox.reader(), privateKey }),
      hasCode("SIGNER_DEPLOYMENT"),
    );
    const other = { ...genesis, outerKey: testKey(5).publicKey };
    await assert.rejects(
      startSigner({ genesis: other, da: inbox.reader(), privateKey }),
      hasCode("SIGNER_DEPLOYMENT"),
    );
  });

  it("does not sign for a set that is not the genesis file's", async () => {
    const inbox = new TestInbox(genesis);
    const reader = inbox.reader();
    const lying = {
      ...reader,
      validatorSet: async (epoch: bigint) => ({ ...(await reader.validatorSet(epoch)), threshold: 4n }),
    };
    const signer = await startSigner({ genesis, da: lying, privateKey });
    inbox.post(first);
    const isHeldUp = ({ message, fields }: { message: string; fields: Record<string, unknown> }) =>
      message === "not attested yet" && fields.code === "SET_MISMATCH";
    await until(
      () => signer.log.lines,
      (lines) => lines.some(isHeldUp),
    );
    assert.equal(await stepOf(signer, first), "kept");
  });

  it("goes on when its DA node was behind, or broke off", async () => {
    const inbox = new TestInbox(genesis);
    const reader = inbox.reader();
    let behind = 2;
    let broken = 1;
    const da = {
      ...reader,
      batch: async (id: TestBatch["id"]) => (behind-- > 0 ? undefined : reader.batch(id)),
      watch(options: Parameters<typeof reader.watch>[0]) {
        if (broken-- > 0) throw new Error("broke off");
        return reader.watch(options);
      },
    };
    const signer = await startSigner({ genesis, da, privateKey });
    inbox.post(first);
    await attested(signer, first);
    const codes = signer.log.lines
      .filter(({ message }) => message === "DA chain not read")
      .map(({ fields }) => fields.code);
    assert.deepEqual(codes, ["INTERNAL", "SIGNER_NODE_BEHIND", "SIGNER_NODE_BEHIND"]);
  });

  it("stops without waiting for a DA node that never answers", async () => {
    const inbox = new TestInbox(genesis);
    const asked = Promise.withResolvers<void>();
    const never = () => {
      asked.resolve();
      return new Promise<never>(() => {});
    };
    const signer = await startSigner({ genesis, da: { ...inbox.reader(), data: never }, privateKey });
    inbox.post(first);
    await asked.promise;
    await signer.signer.stop();
  });

  describe("whose DA node lost the bytes", () => {
    it("gets them from a peer, past one that gives others", async () => {
      const full = new TestInbox(genesis);
      full.post(first);
      const healthy = await startWith(full);
      await attested(healthy, first);
      const bad = await startVoice(genesis, validators[3]!, [], { data: async () => second.data });
      const pruned = new TestInbox(genesis);
      pruned.post(first);
      pruned.bytes.clear();
      const peers = [...bad.addresses, ...healthy.signer.peerAddresses];
      const register = createMetricRegister({ role: "signer" });
      const poor = await startWith(pruned, {
        privateKey: validators[1]!.privateKey,
        peers,
        modules: { register },
      });
      await attested(poor, first);
      assert.deepEqual(new Uint8Array(await poor.data(first.id)), first.data);
      assert.match((await register.expose()).text, /zeko_signer_peer_batches_total 1/);
    });

    it("gives a peer what the DA chain no longer has, after its own restart too", async () => {
      const full = new TestInbox(genesis);
      const directory = temporaryDirectory();
      const before = await startWith(full, { directory });
      full.post(first);
      await attested(before, first);
      await before.signer.stop();
      full.bytes.clear();
      const after = await startWith(full, { directory });
      const other = await startWith(full, {
        privateKey: validators[1]!.privateKey,
        peers: after.signer.peerAddresses,
      });
      await attested(other, first);
      await after.signer.stop();
    });
  });

  describe("whose disk changed a batch that it signed", () => {
    /** A disk that flips a bit of every batch's bytes, until they are written again. */
    const rotting = (isRotten: () => boolean) => async (directory: string) => {
      const store = await openRecordStore(directory);
      let written = false;
      return {
        ...store,
        async get(key: string) {
          const value = await store.get(key);
          const rotten = key.startsWith("data/") && isRotten() && !written;
          return rotten && value ? Uint8Array.from(value, (byte, i) => (i === 50 ? byte ^ 1 : byte)) : value;
        },
        async write(writes: readonly RecordWrite[]) {
          if (isRotten() && writes.some(([key]) => key.startsWith("data/"))) written = true;
          await store.write(writes);
        },
      };
    };

    it("finds out when it is asked, and gives what it fetched anew", async () => {
      const inbox = new TestInbox(genesis);
      let rotten = false;
      const register = createMetricRegister({ role: "signer" });
      const modules = { openRecords: rotting(() => rotten), register };
      const signer = await startWith(inbox, { modules });
      inbox.post(first);
      await attested(signer, first);
      rotten = true;
      const reads = inbox.dataReads;
      for (let i = 0; i < 3; i++) assert.deepEqual(new Uint8Array(await signer.data(first.id)), first.data);
      assert.equal(inbox.dataReads, reads + 1);
      assert.match((await register.expose()).text, /zeko_signer_repairs_total 1/);
    });

    it("gives nothing rather than wrong bytes", async () => {
      const inbox = new TestInbox(genesis);
      let rotten = false;
      const signer = await startWith(inbox, { modules: { openRecords: rotting(() => rotten) } });
      inbox.post(first);
      await attested(signer, first);
      rotten = true;
      inbox.bytes.clear();
      const response = await fetch(`${signer.signer.url}/v1/batches/${first.id}/data`);
      assert.equal(response.status, 503);
      assert.equal(
        ((await response.json()) as { error: { code: string } }).error.code,
        "SIGNER_DATA_MISSING",
      );
    });
  });

  it("holds enough for anybody to rebuild the state from its copy alone", async () => {
    const inbox = new TestInbox(genesis);
    const signer = await startWith(inbox);
    inbox.post(first, rival);
    inbox.post(second);
    inbox.post(third);
    await attested(signer, third);
    const { batches } = (await signer.get("/v1/batches?after=0")) as {
      batches: { id: string; header: { source: string; target: string } }[];
    };
    const replica = await Replica.open(genesisSnapshot(genesis), { store: new MemoryStore() });
    for (const { id, header } of batches) {
      const payload = decodePayload(await signer.data(id));
      await replica.follow(BigInt(header.source), payload.changes, payload.target);
      assert.ok(replica.has(BigInt(header.target)));
    }
    assert.equal(replica.at(third.header.target).ledger.root(), third.executed.target.ledger.root());
    assert.equal(stateHash(replica.at(third.header.target).state), third.header.target);
  });

  describe("over HTTP", () => {
    it("lists by rising number from where it is asked to", async () => {
      const inbox = new TestInbox(genesis);
      const signer = await startWith(inbox);
      inbox.post(first, rival);
      inbox.post(second);
      for (const batch of [first, rival, second]) await attested(signer, batch);
      const after = async (n: number) =>
        ((await signer.get(`/v1/batches?after=${n}`)) as { batches: { id: string }[] }).batches.map(
          ({ id }) => id,
        );
      assert.deepEqual((await after(0)).length, 3);
      assert.deepEqual(await after(1), [second.id]);
      assert.deepEqual(await after(2), []);
    });

    it("sends bytes once to a client that keeps them", async () => {
      const inbox = new TestInbox(genesis);
      const signer = await startWith(inbox);
      inbox.post(first);
      await attested(signer, first);
      const url = `${signer.signer.url}/v1/batches/${first.id}/data`;
      const plain = await fetch(url);
      const etag = plain.headers.get("etag")!;
      assert.match(plain.headers.get("cache-control")!, /immutable/);
      await plain.arrayBuffer();
      const again = await fetch(url, { headers: { "if-none-match": etag } });
      assert.equal(again.status, 304);
    });

    it("refuses what it cannot answer, by code", async () => {
      const inbox = new TestInbox(genesis);
      const signer = await startWith(inbox);
      inbox.post(second); // its source is not held
      await until(
        () => stepOf(signer, second),
        (step) => step === "fetched",
      );
      const answer = async (path: string, init?: RequestInit) => {
        const response = await fetch(`${signer.signer.url}${path}`, init);
        return [response.status, ((await response.json()) as { error: { code: string } }).error.code];
      };
      assert.deepEqual(await answer("/v1/batches/0xAB"), [400, "GOSSIP_MALFORMED"]);
      assert.deepEqual(await answer(`/v1/batches/${"0x" + "0".repeat(64)}`), [404, "SIGNER_BATCH_UNKNOWN"]);
      assert.deepEqual(await answer(`/v1/batches/${second.id}/attestation`), [404, "SIGNER_NOT_YET"]);
      assert.deepEqual(await answer(`/v1/batches?after=x`), [400, "HTTP_BAD_REQUEST"]);
      assert.deepEqual(await answer(`/v1/batches?after=${"9".repeat(30)}`), [400, "HTTP_BAD_REQUEST"]);
      assert.deepEqual(await answer("/v1/info", { method: "DELETE" }), [405, "HTTP_METHOD_NOT_ALLOWED"]);
      assert.deepEqual(await answer("/v1/nothing"), [404, "HTTP_NOT_FOUND"]);
    });

    it("says who it is, how it is, and what its metrics are", async () => {
      const inbox = new TestInbox(genesis);
      const signer = await startWith(inbox);
      inbox.post(first);
      await attested(signer, first);
      const info = await signer.get("/v1/info");
      assert.deepEqual([info.role, info.slot, info.epoch], ["signer", 0, "0"]);
      assert.equal((await signer.get("/readyz")).status, "ready");
      const text = await (await fetch(`${signer.signer.url}/metrics`)).text();
      assert.match(text, /zeko_signer_batches_total\{outcome="attested"\} 1/);
      assert.match(text, /zeko_signer_tip_batch_number 1/);
      const lines = signer.log.lines.filter(({ level }) => level === "info").map(({ message }) => message);
      assert.equal(lines.filter((message) => message === "attested").length, 1);
    });
  });
});
