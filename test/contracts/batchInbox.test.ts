import assert from "node:assert/strict";
import { before, beforeEach, describe, it } from "node:test";
import { type Contract, id as keccakOf, type Signer, ZeroAddress } from "ethers";
import {
  CHUNK_BYTES,
  FIELD_MODULUS,
  MAX_CHUNKS,
  MAX_DATA_BYTES,
  MAX_DECODED_BYTES,
  rollupId,
  SCALAR_MODULUS,
  statementHash,
  toBytes32,
} from "../../protocol/index.ts";
import {
  domainIn,
  type InboxFixture,
  inboxFixture,
  MINA_NETWORK,
  OUTER,
  open,
  postChunk,
  SALT,
  SEQUENCER,
  sampleBatch,
  seal,
} from "./support/inbox.ts";
import { fixedKeys, votes } from "./support/minaKeys.ts";
import { deploy, revertsWith } from "./support/network.ts";

const as = (contract: Contract, signer: Signer) => contract.connect(signer) as Contract;

describe("BatchInbox", () => {
  let fixture: InboxFixture;
  let inbox: Contract;
  beforeEach(async () => {
    fixture = await inboxFixture();
    inbox = fixture.inbox;
  });
  /** By the inbox, or by its gate. */
  const refused = (call: Promise<unknown>, error: string, args?: readonly unknown[]) => {
    const abi = inbox.interface.getError(error) ? inbox : fixture.gate;
    return assert.rejects(call, revertsWith(abi, error, args));
  };
  const implementationOf = async (proxy: Contract) => {
    const slot = BigInt(keccakOf("eip1967.proxy.implementation")) - 1n;
    const word = await fixture.ethers.provider.getStorage(await proxy.getAddress(), slot);
    return `0x${word.slice(26)}`;
  };

  it("has the protocol's limits", async () => {
    assert.equal(await inbox.CHUNK_BYTES!(), BigInt(CHUNK_BYTES));
    assert.equal(await inbox.MAX_CHUNKS!(), BigInt(MAX_CHUNKS));
    assert.equal(await inbox.MAX_DECODED_BYTES!(), BigInt(MAX_DECODED_BYTES));
  });

  describe("registering a rollup", () => {
    const register = (signer: Signer, salt = SALT, posters: readonly string[] = []) =>
      as(inbox, signer).registerRollup!(salt, MINA_NETWORK, OUTER.publicKey, SEQUENCER.publicKey, posters);

    it("computes id and domain as the protocol does", async () => {
      const rollup = await inbox.rollupOf!(fixture.rollup);
      assert.equal(rollup.domain, fixture.domain);
      assert.equal(rollup.owner, fixture.owner.address);
      assert.deepEqual(rollup.sequencerKey.toArray(), [SEQUENCER.x, SEQUENCER.publicKey.isOdd]);
      assert.equal(await inbox.isPoster!(fixture.rollup, fixture.poster.address), true);
      assert.equal(await inbox.isPoster!(fixture.rollup, fixture.owner.address), false);
    });

    it("gives another owner with the same salt another id, so that nobody takes an id first", async () => {
      await register(fixture.stranger);
      const theirs = rollupId(BigInt(fixture.stranger.address), BigInt(SALT));
      const found = await inbox.rollupOf!(toBytes32(theirs));
      assert.equal(found.owner, fixture.stranger.address);
      assert.equal(found.domain, await domainIn(inbox, theirs));
      assert.equal((await inbox.rollupOf!(fixture.rollup)).owner, fixture.owner.address);
    });

    it("refuses the same rollup again", () =>
      refused(register(fixture.owner), "BatchInboxRollupExists", [fixture.rollup]));

    it("refuses more than sixteen posters at once", async () => {
      const posters = Array.from({ length: 17 }, (_, i) => `0x${(i + 1).toString(16).padStart(40, "0")}`);
      await refused(register(fixture.stranger, SALT, posters), "BatchInboxTooManyPosters", [17n, 16n]);
      await register(fixture.stranger, SALT, posters.slice(1));
    });

    it("refuses fields that are not canonical", async () => {
      const call = (network: bigint, outer: bigint, sequencer: bigint) =>
        inbox.registerRollup!(
          keccakOf("other"),
          network,
          { x: outer, isOdd: false },
          { x: sequencer, isOdd: false },
          [],
        );
      const p = FIELD_MODULUS;
      for (const args of [
        [p, 1n, 1n],
        [1n, p, 1n],
        [1n, 1n, p],
      ] as const)
        await refused(call(args[0], args[1], args[2]), "PoseidonFieldNotCanonical", [p]);
      await call(p - 1n, p - 1n, p - 1n);
    });

    it("lets the owner alone change posters and the sequencer's key", async () => {
      const stranger = as(inbox, fixture.stranger);
      const { rollup } = fixture;
      const notOwner = [rollup, fixture.stranger.address];
      await refused(
        stranger.setPoster!(rollup, fixture.stranger.address, true),
        "BatchInboxNotOwner",
        notOwner,
      );
      await refused(stranger.setSequencerKey!(rollup, OUTER.publicKey), "BatchInboxNotOwner", notOwner);
      await refused(inbox.setPoster!(keccakOf("none"), ZeroAddress, true), "BatchInboxRollupUnknown");
      await inbox.setPoster!(rollup, fixture.poster.address, false);
      assert.equal(await inbox.isPoster!(rollup, fixture.poster.address), false);
      await inbox.setSequencerKey!(rollup, OUTER.publicKey);
      assert.equal((await inbox.rollupOf!(rollup)).sequencerKey.x, OUTER.x);
      await refused(
        inbox.setSequencerKey!(rollup, { x: FIELD_MODULUS, isOdd: true }),
        "PoseidonFieldNotCanonical",
      );
    });
  });

  describe("opening a batch", () => {
    it("computes id, statement, data root and message as the protocol does", async () => {
      const batch = await sampleBatch(fixture, 2 * CHUNK_BYTES + 5);
      await open(fixture, batch);
      const kept = await inbox.batchOf!(batch.id);
      const { source, target, landBy } = batch.header;
      assert.equal(kept.statement, statementHash({ source, target, landBy, domain: fixture.domain }));
      assert.equal(kept.dataRoot, batch.dataRoot);
      assert.equal(kept.poster, fixture.poster.address);
      assert.equal(kept.chunkCount, 3n);
      assert.deepEqual([...(await inbox.chunkRootsOf!(batch.id))], batch.chunkRoots);
      assert.equal(await inbox.attestationMessage!(batch.id, 0n), batch.message);
    });

    it("refuses whoever is no poster of this rollup", async () => {
      const batch = await sampleBatch(fixture, 100);
      const call = (signer: Signer, rollup: string) =>
        as(inbox, signer).openBatch!(rollup, batch.header, batch.chunkRoots, 1n, 2n);
      await refused(call(fixture.stranger, fixture.rollup), "BatchInboxNotPoster");
      await refused(call(fixture.owner, fixture.rollup), "BatchInboxNotPoster");
      await refused(call(fixture.poster, keccakOf("no rollup")), "BatchInboxNotPoster");
      await inbox.setPoster!(fixture.rollup, fixture.poster.address, false);
      await refused(call(fixture.poster, fixture.rollup), "BatchInboxNotPoster");
    });

    it("refuses a poster of another rollup", async () => {
      const theirs = rollupId(BigInt(fixture.stranger.address), BigInt(SALT));
      await as(inbox, fixture.stranger).registerRollup!(
        SALT,
        MINA_NETWORK,
        OUTER.publicKey,
        SEQUENCER.publicKey,
        [fixture.stranger.address],
      );
      const batch = await sampleBatch(fixture, 100);
      const call = as(inbox, fixture.stranger).openBatch!;
      await refused(call(fixture.rollup, batch.header, batch.chunkRoots, 1n, 2n), "BatchInboxNotPoster");
      // The same header under their own rollup is another batch, so it stands in nobody's way.
      await call(toBytes32(theirs), batch.header, batch.chunkRoots, 1n, 2n);
      await open(fixture, batch);
    });

    it("refuses a batch that is open", async () => {
      const batch = await sampleBatch(fixture, 100);
      await open(fixture, batch);
      await refused(open(fixture, batch), "BatchInboxBatchExists", [batch.id]);
    });

    it("gives every change of the header another id", async () => {
      const changes = [
        {},
        { number: 8n },
        { source: 1n },
        { target: 1n },
        { landBy: 1n },
        { decodedLength: 1n },
      ];
      const ids = new Set<string>();
      for (const change of changes) {
        const batch = await sampleBatch(fixture, 100, change);
        await open(fixture, batch);
        ids.add(batch.id);
      }
      assert.equal(ids.size, changes.length);
    });

    it("refuses headers out of their bounds", async () => {
      const call = async (changes: object, length = 100) => {
        const batch = await sampleBatch(fixture, length);
        const { openBatch } = as(inbox, fixture.poster);
        return await openBatch!(fixture.rollup, { ...batch.header, ...changes }, batch.chunkRoots, 1n, 2n);
      };
      await refused(call({ source: FIELD_MODULUS }), "PoseidonFieldNotCanonical", [FIELD_MODULUS]);
      await refused(call({ target: (1n << 256n) - 1n }), "PoseidonFieldNotCanonical");
      await refused(call({ scheme: 0n }), "BatchInboxSchemeUnknown", [0n]);
      await refused(call({ scheme: 2n }), "BatchInboxSchemeUnknown", [2n]);
      await refused(call({ dataLength: 0n }), "BatchInboxDataLength");
      await refused(call({ dataLength: BigInt(MAX_DATA_BYTES) + 1n }), "BatchInboxDataLength");
      await refused(call({ decodedLength: 0n }), "BatchInboxDecodedLength");
      await refused(call({ decodedLength: BigInt(MAX_DECODED_BYTES) + 1n }), "BatchInboxDecodedLength");
      await refused(call({ dataLength: BigInt(CHUNK_BYTES) + 1n }), "BatchInboxChunkCount", [1n, 2n]);
      await refused(call({ dataLength: BigInt(CHUNK_BYTES) }, CHUNK_BYTES + 1), "BatchInboxChunkCount", [
        2n,
        1n,
      ]);
      await call({ dataLength: BigInt(CHUNK_BYTES), decodedLength: BigInt(MAX_DECODED_BYTES) });
    });

    it("takes as many chunks as a batch may have", async () => {
      const { header } = await sampleBatch(fixture, 100);
      const roots = Array.from({ length: MAX_CHUNKS }, (_, i) => keccakOf(`root ${i}`));
      const full = { ...header, dataLength: BigInt(MAX_DATA_BYTES) };
      await as(inbox, fixture.poster).openBatch!(fixture.rollup, full, roots, 1n, 2n);
    });

    it("refuses a sequencer signature that is not canonical", async () => {
      const batch = await sampleBatch(fixture, 100);
      const call = (r: bigint, s: bigint) =>
        as(inbox, fixture.poster).openBatch!(fixture.rollup, batch.header, batch.chunkRoots, r, s);
      await refused(call(FIELD_MODULUS, 1n), "BatchInboxSignatureNotCanonical");
      await refused(call(1n, SCALAR_MODULUS), "BatchInboxSignatureNotCanonical");
      await call(FIELD_MODULUS - 1n, SCALAR_MODULUS - 1n);
    });
  });

  describe("posting chunks", () => {
    it("seals when the last chunk comes, in any order, by anybody", async () => {
      const batch = await sampleBatch(fixture, 2 * CHUNK_BYTES + 5);
      await open(fixture, batch);
      for (const index of [2, 0])
        await postChunk(fixture, batch.id, index, batch.chunks[index]!, fixture.stranger);
      assert.equal((await inbox.batchOf!(batch.id)).sealedBlock, 0n);
      await postChunk(fixture, batch.id, 1, batch.chunks[1]!);
      const kept = await inbox.batchOf!(batch.id);
      assert.equal(kept.posted, 0b111n);
      assert.equal(kept.sealedBlock, BigInt(await fixture.ethers.provider.getBlockNumber()));
    });

    it("finds a chunk's bytes in calldata of the gate, and its event at the inbox", async () => {
      const batch = await sampleBatch(fixture, 100);
      await open(fixture, batch);
      const sent = await postChunk(fixture, batch.id, 0, batch.data, fixture.stranger);
      assert.equal(sent.to, await fixture.gate.getAddress());
      const { logs } = (await sent.wait())!;
      const names = logs.map((log) => [log.address, inbox.interface.parseLog(log)!.name]);
      const address = await inbox.getAddress();
      assert.deepEqual(names, [
        [address, "ChunkPosted"],
        [address, "BatchSealed"],
      ]);
    });

    it("refuses a chunk twice, one that is not announced, and one for no batch", async () => {
      const batch = await sampleBatch(fixture, CHUNK_BYTES + 1);
      await open(fixture, batch);
      const post = (index: number, chunk: Uint8Array, id = batch.id) => postChunk(fixture, id, index, chunk);
      await post(0, batch.chunks[0]!);
      await refused(post(0, batch.chunks[0]!), "BatchInboxChunkAlreadyPosted", [batch.id, 0n]);
      await refused(post(2, batch.chunks[1]!), "BatchInboxChunkUnknown", [batch.id, 2n]);
      await refused(post(65_535, batch.chunks[1]!), "BatchInboxChunkUnknown");
      await refused(post(0, batch.chunks[0]!, keccakOf("none")), "BatchInboxBatchUnknown");
      await post(1, batch.chunks[1]!);
      await refused(post(1, batch.chunks[1]!), "BatchInboxSealed", [batch.id]);
    });

    it("refuses bytes that do not hash to their root", async () => {
      const batch = await sampleBatch(fixture, CHUNK_BYTES + 1_500);
      await open(fixture, batch);
      for (const [index, at] of [
        [0, 0],
        [0, CHUNK_BYTES - 1],
        [1, 1_499],
      ] as const) {
        const wrong = Uint8Array.from(batch.chunks[index]!);
        wrong[at]! ^= 1;
        await refused(postChunk(fixture, batch.id, index, wrong), "BatchInboxChunkMismatch");
      }
    });

    it("refuses a chunk that is too long or too short, padding included", async () => {
      const batch = await sampleBatch(fixture, CHUNK_BYTES + 1_500);
      await open(fixture, batch);
      const last = batch.chunks[1]!;
      // The padded chunk has the same root: only its length tells it apart.
      const padded = Uint8Array.from({ length: 2_048 }, (_, i) => last[i] ?? 0);
      await refused(postChunk(fixture, batch.id, 1, padded), "BatchInboxChunkLength", [
        batch.id,
        1n,
        2_048n,
        1_500n,
      ]);
      await refused(postChunk(fixture, batch.id, 1, last.subarray(1)), "BatchInboxChunkLength");
      await refused(postChunk(fixture, batch.id, 0, batch.chunks[0]!.subarray(1)), "BatchInboxChunkLength");
      await refused(postChunk(fixture, batch.id, 0, new Uint8Array()), "BatchInboxChunkLength");
    });

    it("refuses a chunk from a contract, where its bytes would be in no transaction", async () => {
      const batch = await sampleBatch(fixture, 100);
      await open(fixture, batch);
      const relay = await deploy(fixture.ethers, "ChunkRelay");
      const places = [await fixture.gate.getAddress(), await inbox.getAddress()];
      const caller = [await relay.getAddress()];
      await refused(relay.relay!(...places, batch.id, 0, batch.data), "ChunkGateCallerHasCode", caller);
      await refused(
        deploy(fixture.ethers, "ChunkConstructor", ...places, batch.id, 0, batch.data),
        "ChunkGateCallerHasCode",
      );
    });

    it("takes a chunk's word from its own gate alone", async () => {
      const batch = await sampleBatch(fixture, 100);
      await open(fixture, batch);
      const accept = (signer: Signer) =>
        as(inbox, signer).acceptChunk!(batch.id, 0, batch.data.length, batch.chunkRoots[0]);
      for (const signer of [fixture.owner, fixture.poster, fixture.stranger])
        await refused(accept(signer), "BatchInboxNotGate", [signer.address]);
      // The same code, which came with another inbox: it tells the truth, and is not heard.
      const other = await deploy(fixture.ethers, "ChunkGate");
      const posted = other.postChunk!(await inbox.getAddress(), batch.id, 0, batch.data);
      await refused(posted, "BatchInboxNotGate", [await other.getAddress()]);
      assert.equal((await inbox.batchOf!(batch.id)).posted, 0n);
    });

    it("tells another inbox of the same code nothing of this one's batch", async () => {
      const batch = await sampleBatch(fixture, 100);
      await open(fixture, batch);
      const code = await (await deploy(fixture.ethers, "DaFees")).getAddress();
      const set = await fixture.set.getAddress();
      const people = [fixture.owner.address, fixture.owner.address];
      const args = [...people, set, code, { price: 0n, lateWindow: 60n }];
      const start = inbox.interface.encodeFunctionData("initialize", args);
      const proxy = await deploy(fixture.ethers, "ZekoProxy", await implementationOf(inbox), start);
      const other = { gate: fixture.gate, inbox: inbox.attach(await proxy.getAddress()) as Contract };
      assert.equal(await other.inbox.chunkGate!(), await fixture.gate.getAddress());
      await refused(postChunk(other, batch.id, 0, batch.data), "BatchInboxBatchUnknown");
      assert.equal((await inbox.batchOf!(batch.id)).posted, 0n);
    });

    it("refuses a chunk from an account that has delegated to code", async () => {
      const batch = await sampleBatch(fixture, 100);
      await open(fixture, batch);
      const delegated = `0xef0100${"11".repeat(20)}`;
      await fixture.ethers.provider.send("hardhat_setCode", [fixture.stranger.address, delegated]);
      await refused(postChunk(fixture, batch.id, 0, batch.data, fixture.stranger), "ChunkGateCallerHasCode", [
        fixture.stranger.address,
      ]);
    });
  });

  describe("dropping a batch", () => {
    it("lets its poster drop it, and open it again", async () => {
      const batch = await sampleBatch(fixture, CHUNK_BYTES + 1);
      await open(fixture, batch);
      await postChunk(fixture, batch.id, 0, batch.chunks[0]!);
      await as(inbox, fixture.poster).dropBatch!(batch.id);
      await refused(inbox.batchOf!(batch.id), "BatchInboxBatchUnknown");
      await refused(postChunk(fixture, batch.id, 1, batch.chunks[1]!), "BatchInboxBatchUnknown");
      await open(fixture, batch);
      assert.equal((await inbox.batchOf!(batch.id)).posted, 0n);
    });

    it("lets the rollup's owner drop it", async () => {
      const batch = await sampleBatch(fixture, 100);
      await open(fixture, batch);
      await as(inbox, fixture.owner).dropBatch!(batch.id);
    });

    it("lets anybody drop it after a day, not before", async () => {
      const batch = await sampleBatch(fixture, 100);
      await open(fixture, batch);
      const { openedAt } = await inbox.batchOf!(batch.id);
      const drop = () => as(inbox, fixture.stranger).dropBatch!(batch.id);
      const expiry = openedAt + 86_400n;
      await fixture.ethers.provider.send("evm_setNextBlockTimestamp", [Number(expiry)]);
      await refused(drop(), "BatchInboxNotExpired", [batch.id, expiry]);
      await fixture.ethers.provider.send("evm_mine", []);
      await drop();
    });

    it("never drops a sealed batch", async () => {
      const batch = await sampleBatch(fixture, 100);
      await seal(fixture, batch);
      await fixture.ethers.provider.send("evm_increaseTime", [1_000_000]);
      for (const signer of [fixture.poster, fixture.owner, fixture.stranger])
        await refused(as(inbox, signer).dropBatch!(batch.id), "BatchInboxSealed", [batch.id]);
      await refused(open(fixture, batch), "BatchInboxBatchExists");
    });

    it("refuses what is not there", () =>
      refused(inbox.dropBatch!(keccakOf("none")), "BatchInboxBatchUnknown"));
  });

  describe("recording a certificate", () => {
    const record = (id: string, epoch: bigint, input: readonly unknown[]) =>
      as(inbox, fixture.stranger).recordCertificate!(id, epoch, input);

    it("keeps who signed, whoever brings it", async () => {
      const batch = await sampleBatch(fixture, 100);
      await seal(fixture, batch);
      assert.deepEqual((await inbox.certificateOf!(batch.id, 0n)).toArray(), [0n, 0n, 0n]);
      await record(batch.id, 0n, votes(fixture.keys, [0, 2, 3], batch.message));
      const kept = await inbox.certificateOf!(batch.id, 0n);
      assert.deepEqual([kept.signers, kept.weight], [0b1101n, 3n]);
    });

    it("refuses a second certificate of the epoch", async () => {
      const batch = await sampleBatch(fixture, 100);
      await seal(fixture, batch);
      await record(batch.id, 0n, votes(fixture.keys, [0, 2, 3], batch.message));
      const again = record(batch.id, 0n, votes(fixture.keys, [0, 1, 2, 3], batch.message));
      await refused(again, "BatchInboxCertificateExists", [batch.id, 0n]);
    });

    it("refuses a batch that is not sealed, or not there", async () => {
      const batch = await sampleBatch(fixture, CHUNK_BYTES + 1);
      await open(fixture, batch);
      const good = votes(fixture.keys, [0, 1, 2], batch.message);
      await postChunk(fixture, batch.id, 0, batch.chunks[0]!);
      await refused(record(batch.id, 0n, good), "BatchInboxNotSealed", [batch.id]);
      await refused(record(keccakOf("none"), 0n, good), "BatchInboxBatchUnknown");
    });

    it("refuses a quorum one short", async () => {
      const batch = await sampleBatch(fixture, 100);
      await seal(fixture, batch);
      const short = record(batch.id, 0n, votes(fixture.keys, [1, 2], batch.message));
      await assert.rejects(short, revertsWith(fixture.set, "ValidatorSetBelowThreshold", [2n, 3n]));
    });

    it("refuses signatures over another batch", async () => {
      const batch = await sampleBatch(fixture, 100);
      const other = await sampleBatch(fixture, 101);
      await seal(fixture, batch);
      await seal(fixture, other);
      const replayed = record(other.id, 0n, votes(fixture.keys, [0, 1, 2], batch.message));
      await assert.rejects(replayed, revertsWith(fixture.set, "MinaSchnorrWrongSignature"));
    });

    it("refuses signatures over the same batch of another rollup or inbox", async () => {
      const batch = await sampleBatch(fixture, 100);
      await seal(fixture, batch);
      const elsewhere = { ...fixture, domain: await domainIn(inbox, 99n) };
      const { message } = await sampleBatch(elsewhere, 100);
      assert.notEqual(message, batch.message);
      const replayed = record(batch.id, 0n, votes(fixture.keys, [0, 1, 2], message));
      await assert.rejects(replayed, revertsWith(fixture.set, "MinaSchnorrWrongSignature"));
    });

    it("refuses signatures of another epoch's set, also by the same members", async () => {
      const batch = await sampleBatch(fixture, 100);
      await seal(fixture, batch);
      const members = fixture.keys.map(({ x, y }) => ({ x, y, weight: 1n }));
      await fixture.set.forceRotation!(members, 3n, (1n << 64n) - 1n);
      const old = votes(fixture.keys, [0, 1, 2], batch.message);
      await assert.rejects(record(batch.id, 1n, old), revertsWith(fixture.set, "MinaSchnorrWrongSignature"));
      await record(batch.id, 0n, old);
      const renewed = await inbox.attestationMessage!(batch.id, 1n);
      await record(batch.id, 1n, votes(fixture.keys, [0, 1, 2], renewed));
    });

    it("refuses an epoch that is over, or never was", async () => {
      const batch = await sampleBatch(fixture, 100);
      await seal(fixture, batch);
      const good = votes(fixture.keys, [0, 1, 2], batch.message);
      await assert.rejects(
        record(batch.id, 5n, good),
        revertsWith(fixture.set, "ValidatorSetEpochUnknown", [5n]),
      );
      const members = fixedKeys(4, 900n).map(({ x, y }) => ({ x, y, weight: 1n }));
      await fixture.set.forceRotation!(members, 3n, 0n);
      await assert.rejects(
        record(batch.id, 0n, good),
        revertsWith(fixture.set, "ValidatorSetEpochOver", [0n, 0n]),
      );
    });
  });

  describe("what it tells", () => {
    let names: (string | undefined)[];
    before(() => {
      names = [];
    });
    it("emits an event for every change of state, and tells enough to rebuild a certificate", async () => {
      const batch = await sampleBatch(fixture, CHUNK_BYTES + 1);
      await seal(fixture, batch);
      const good = votes(fixture.keys, [0, 1, 2], batch.message);
      await inbox.recordCertificate!(batch.id, 0n, good);
      const dropped = await sampleBatch(fixture, 100);
      await open(fixture, dropped);
      await as(inbox, fixture.poster).dropBatch!(dropped.id);
      const logs = await fixture.ethers.provider.getLogs({ address: await inbox.getAddress(), fromBlock: 0 });
      const events = logs.map((log) => inbox.interface.parseLog(log));
      names = events.map((event) => event?.name);
      assert.deepEqual(names.slice(names.indexOf("ValidatorSetNamed")), [
        ...["ValidatorSetNamed", "FeesNamed", "Initialized"],
        ...["RollupRegistered", "SequencerKeyChanged", "PosterChanged"],
        ...["BatchOpened", "ChunkPosted", "ChunkPosted", "BatchSealed", "CertificateRecorded"],
        ...["BatchOpened", "BatchDropped"],
      ]);
      const told = events.find((event) => event?.name === "CertificateRecorded")!.args.votes;
      assert.deepEqual(
        told.map(({ slot, r, s }: { slot: bigint; r: bigint; s: bigint }) => ({ slot: Number(slot), r, s })),
        good,
      );
    });
  });
});
