import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { id as solidityId, Wallet } from "ethers";
import { type BatchId, connectDaReader, type DaEvent, type Hex } from "../../../da/index.ts";
import { JsonRpc } from "../../../da/rpc/JsonRpc.ts";
import { TransactionSender } from "../../../da/rpc/TransactionSender.ts";
import {
  CHUNK_BYTES,
  dataRoot,
  domainHash,
  statementHash,
  tagToField,
  validatorSetHash,
} from "../../../protocol/index.ts";
import { hasCode } from "../../support/hasCode.ts";
import {
  attestations,
  clock,
  connect,
  type Deployment,
  deployment,
  outer,
  registration,
  sampleBatch,
  sampleConfirmations,
  sampleRotation,
  validators,
} from "./deployment.ts";
import { ask, fundedKeys } from "./hardhatNode.ts";
import { rpcProxy } from "./rpcProxy.ts";

export interface DaChain {
  readonly url: string;
  close(): Promise<void>;
}

/** An id of no rollup and no batch. */
const NOTHING: Hex = `0x${"ab".repeat(32)}`;

/** What every chain that we run on must do for the client: the same tests for each. */
export function daClientSuite(name: string, start: () => Promise<DaChain>): void {
  describe(`DaClient on ${name}`, () => {
    let chain: DaChain;
    let d: Deployment;
    let number = 0n;
    const next = () => ++number;
    before(async () => {
      chain = await start();
      d = await deployment(chain.url);
    });
    after(async () => {
      d?.client.close();
      await chain?.close();
    });
    const sealed = async (length: number): Promise<{ id: BatchId; data: Uint8Array }> => {
      const batch = sampleBatch(d.rollup, length, next());
      const id = await d.client.openBatch(batch.request);
      await d.client.postChunks(id, batch.chunks);
      return { id, data: batch.data };
    };

    it("registers a rollup once, however often it is asked", async () => {
      assert.equal(await d.client.registerRollup(registration(d.client, 1)), d.rollup);
      const rollup = (await d.client.rollup(d.rollup))!;
      const { chainId, inbox } = d.addresses;
      const domain = {
        minaNetwork: tagToField("devnet"),
        outerKey: outer.publicKey,
        daChainId: chainId,
        inbox: BigInt(inbox),
        rollupId: BigInt(d.rollup),
      };
      assert.equal(rollup.domain, domainHash(domain));
      assert.equal(rollup.owner, d.client.account);
      assert.deepEqual(rollup.outerKey, outer.publicKey);
      assert.equal(await d.client.rollup(NOTHING), undefined);
    });

    it("refuses to take a rollup with other content for its own", async () => {
      const other = { ...registration(d.client, 1), minaNetwork: 3n };
      await assert.rejects(d.client.registerRollup(other), hasCode("DA_ROLLUP_DIFFERS"));
    });

    it("adds and removes posters", async () => {
      const { address } = fundedKeys[2];
      const poster = address as `0x${string}`;
      await d.client.setPoster(d.rollup, poster, true);
      await d.client.setPoster(d.rollup, poster, true);
      assert.equal(await d.client.isPoster(d.rollup, poster), true);
      await d.client.setPoster(d.rollup, poster, false);
      assert.equal(await d.client.isPoster(d.rollup, poster), false);
    });

    it("gives back a batch as it was opened", async () => {
      const { request, data } = sampleBatch(d.rollup, CHUNK_BYTES + 10, next());
      const id = await d.client.openBatch(request);
      const batch = (await d.client.batch(id))!;
      const { domain } = (await d.client.rollup(d.rollup))!;
      assert.deepEqual(batch.header, request.header);
      assert.deepEqual(batch.signature, request.signature);
      assert.deepEqual(batch.chunkRoots, request.chunkRoots);
      assert.equal(batch.statement, statementHash({ ...request.header, domain }));
      assert.equal(batch.dataRoot, dataRoot(data));
      assert.equal(batch.poster, d.client.account);
      assert.deepEqual([batch.posted, batch.sealed], [[false, false], false]);
      assert.equal(await d.client.batch(NOTHING), undefined);
    });

    it("opens a batch once, however often it is asked", async () => {
      const { request } = sampleBatch(d.rollup, 50, next());
      const id = await d.client.openBatch(request);
      const opening = await d.client.opening(id);
      assert.equal(await d.client.openBatch(request), id);
      assert.deepEqual(await d.client.opening(id), opening);
    });

    it("recovers the poster from the opening transaction's signature", async () => {
      const { request } = sampleBatch(d.rollup, 50, next());
      const opening = await d.client.opening(await d.client.openBatch(request));
      assert.equal(opening.poster, d.client.account);
      await assert.rejects(d.client.opening(NOTHING), hasCode("DA_BATCH_UNKNOWN"));
    });

    it("reads the posted bytes back from calldata", async () => {
      for (const length of [1, CHUNK_BYTES, 3 * CHUNK_BYTES + 77]) {
        const { id, data } = await sealed(length);
        assert.equal((await d.client.batch(id))!.sealed, true);
        assert.ok(Buffer.from(await d.client.data(id)).equals(data), `${length} bytes`);
      }
    });

    it("posts only what is missing when it goes on after a loss", async () => {
      const batch = sampleBatch(d.rollup, 3 * CHUNK_BYTES, next());
      const id = await d.client.openBatch(batch.request);
      const proxy = await rpcProxy(d.url);
      const dying = await connect(proxy.url, d.addresses, fundedKeys[1]);
      let sent = 0;
      proxy.fate = ({ method }) => (method === "eth_sendRawTransaction" && ++sent > 1 ? "drop" : "pass");
      await assert.rejects(dying.postChunks(id, batch.chunks), hasCode("DA_UNREACHABLE"));
      const { posted } = (await d.client.batch(id))!;
      assert.equal(posted.filter(Boolean).length, 1);
      await d.client.postChunks(id, batch.chunks);
      await d.client.postChunks(id, batch.chunks);
      const events = (await everything(d)).filter(
        (event) => event.batch === id && event.kind === "ChunkPosted",
      );
      assert.equal(events.length, 3);
      assert.ok(Buffer.from(await d.client.data(id)).equals(batch.data));
      dying.close();
      await proxy.close();
    });

    it("shares the work with somebody who posts the same chunks at the same time", async () => {
      const batch = sampleBatch(d.rollup, 4 * CHUNK_BYTES, next());
      const id = await d.client.openBatch(batch.request);
      const other = await connect(d.url, d.addresses, fundedKeys[1]);
      await Promise.all([d.client.postChunks(id, batch.chunks), other.postChunks(id, batch.chunks)]);
      assert.equal((await d.client.batch(id))!.sealed, true);
      other.close();
    });

    it("reads chunks that a stranger posted first, however odd the transaction", async () => {
      const batch = sampleBatch(d.rollup, 4 * CHUNK_BYTES, next());
      const id = await d.client.openBatch(batch.request);
      const wallet = new Wallet(fundedKeys[2].privateKey.reveal());
      // Void here, and of an account that sends nothing itself: a pool may refuse others.
      const idle = new Wallet(solidityId("idle"));
      const delegate = await idle.authorize({ address: d.addresses.inbox, chainId: 1n, nonce: 0n });
      const forms = [
        { type: 0, gasPrice: 10_000_000_000n },
        { type: 1, gasPrice: 10_000_000_000n },
        { type: 2, ...fees },
        { type: 4, ...fees, authorizationList: [delegate] },
      ];
      const question = { to: d.addresses.inbox, data: solidityId("chunkGate()").slice(0, 10) };
      const gate = `0x${((await ask(d.url, "eth_call", [question, "latest"])) as string).slice(-40)}`;
      const first = Number(await ask(d.url, "eth_getTransactionCount", [wallet.address, "pending"]));
      for (const [index, form] of forms.entries()) {
        const nonce = first + index; // a node may count what it was just sent only a little later
        const data = oddCall(d.addresses.inbox, id, index, batch.chunks[index]!, index);
        const transaction = { ...form, to: gate, data, nonce, gasLimit: 8_000_000n };
        const chainId = d.addresses.chainId;
        await ask(d.url, "eth_sendRawTransaction", [
          await wallet.signTransaction({ ...transaction, chainId }),
        ]);
      }
      while (!(await d.client.batch(id))!.sealed) await clock.sleep(20);
      assert.ok(Buffer.from(await d.client.data(id)).equals(batch.data));
    });

    it("refuses to post bytes that were not announced, before any are sent", async () => {
      const batch = sampleBatch(d.rollup, 2 * CHUNK_BYTES, next());
      const id = await d.client.openBatch(batch.request);
      const [first, second] = batch.chunks as [Uint8Array, Uint8Array];
      await assert.rejects(d.client.postChunks(id, [first, first]), hasCode("DA_CHUNK_MISMATCH"));
      await assert.rejects(d.client.postChunks(id, [first]), hasCode("DA_CHUNK_COUNT"));
      assert.deepEqual((await d.client.batch(id))!.posted, [false, false]);
      await assert.rejects(d.client.postChunks(NOTHING, [second]), hasCode("DA_BATCH_UNKNOWN"));
      await assert.rejects(d.client.data(id), hasCode("DA_BATCH_NOT_SEALED"));
      await assert.rejects(d.client.chunk(id, 0), hasCode("DA_CHUNK_NOT_FOUND"));
    });

    it("sends no chunk to an inbox that is paused, and goes on when it is not", async () => {
      const batch = sampleBatch(d.rollup, 2 * CHUNK_BYTES, next());
      const id = await d.client.openBatch(batch.request);
      const rpc = new JsonRpc({ url: d.url });
      const options = { chainId: d.addresses.chainId, key: fundedKeys[0], receiptPollMs: 5 };
      const guardian = new TransactionSender(options, { rpc, clock });
      const command = (name: string) =>
        guardian.send({ to: d.addresses.inbox, data: solidityId(`${name}()`).slice(0, 10) as Hex });
      const sent = () => ask(d.url, "eth_getTransactionCount", [d.client.account, "latest"]);
      await command("pause");
      const before = await sent();
      await assert.rejects(d.client.postChunks(id, batch.chunks), hasCode("DA_REVERTED"));
      assert.equal(await sent(), before);
      await command("unpause");
      await d.client.postChunks(id, batch.chunks);
      assert.equal((await d.client.batch(id))!.sealed, true);
      rpc.close();
    });

    it("drops a batch and opens it again, with the bytes of the second opening", async () => {
      const open = sampleBatch(d.rollup, CHUNK_BYTES + 3, next());
      const second = await d.client.openBatch(open.request);
      await d.client.dropBatch(second);
      await d.client.dropBatch(second);
      assert.equal(await d.client.batch(second), undefined);
      await d.client.openBatch(open.request);
      await d.client.postChunks(second, open.chunks);
      assert.ok(Buffer.from(await d.client.data(second)).equals(open.data));
    });

    it("says by name why the contract refuses", async () => {
      const stranger = await connect(d.url, d.addresses, fundedKeys[2]);
      const { request } = sampleBatch(d.rollup, 50, next());
      await assert.rejects(stranger.openBatch(request), (error: { data?: { error?: string } }) => {
        assert.equal(error.data?.error, "BatchInboxNotPoster");
        return hasCode("DA_REVERTED")(error);
      });
      stranger.close();
    });

    it("keeps the validator set as the protocol hashes it", async () => {
      assert.equal(await d.client.currentEpoch(), 0n);
      const set = await d.client.validatorSet(0n);
      const { hash, inForce, graceEnd, until, kind, ...rest } = set;
      assert.deepEqual([graceEnd, until, kind], [0n, 0n, "normal"]);
      assert.deepEqual(rest, validators);
      assert.equal(hash, validatorSetHash(validators));
      assert.equal(inForce, true);
      await assert.rejects(d.client.validatorSet(9n), hasCode("DA_EPOCH_UNKNOWN"));
    });

    it("mirrors a rotation once, and says so when another one was mirrored", async () => {
      const own = await deployment(chain.url);
      const { client, rollup } = own;
      const { domain } = (await client.rollup(rollup))!;
      const rotation = sampleRotation(domain, [1, 2, 3, 4]);
      const confirmations = sampleConfirmations(rotation, [1, 2, 3, 4]);
      await client.rotateValidators(rotation, confirmations);
      await client.rotateValidators(rotation, confirmations);
      assert.equal(await client.currentEpoch(), 1n);
      const { hash, inForce, until, kind } = await client.validatorSet(1n);
      assert.deepEqual(
        [hash, inForce, until, kind],
        [validatorSetHash(rotation.next), true, rotation.until, rotation.kind],
      );
      const before = await client.validatorSet(0n);
      assert.equal(before.inForce, true);
      assert.ok(before.graceEnd > 0n);
      await assert.rejects(
        client.rotateValidators(sampleRotation(domain, [0, 1, 2, 3]), confirmations),
        hasCode("DA_ROTATION_DIFFERS"),
      );
      client.close();
    });

    it("records a certificate once and gives it back", async () => {
      const { id } = await sealed(100);
      assert.equal(await d.client.certificateOf(id, 0n), undefined);
      const certificate = { batch: id, epoch: 0n, attestations: await attestations(d.client, id, [0, 1, 3]) };
      await d.client.recordCertificate(certificate);
      await d.client.recordCertificate(certificate);
      const { weight, block: _, ...kept } = (await d.client.certificateOf(id, 0n))!;
      assert.deepEqual(kept, certificate);
      assert.equal(weight, 3n);
    });

    it("refuses a certificate below its quorum, and one for another batch", async () => {
      const [{ id }, other] = [await sealed(100), await sealed(100)];
      const record = (attested: Awaited<ReturnType<typeof attestations>>) =>
        d.client.recordCertificate({ batch: id, epoch: 0n, attestations: attested });
      await assert.rejects(record(await attestations(d.client, id, [0, 1])), hasCode("DA_REVERTED"));
      await assert.rejects(record(await attestations(d.client, other.id, [0, 1, 2])), hasCode("DA_REVERTED"));
      assert.equal(await d.client.certificateOf(id, 0n), undefined);
    });

    it("tells of everything in order, once, in pages", async () => {
      const { id } = await sealed(CHUNK_BYTES + 1);
      await d.client.recordCertificate({
        batch: id,
        epoch: 0n,
        attestations: await attestations(d.client, id, [0, 1, 2]),
      });
      const whole = await everything(d);
      const own = whole.filter((event) => event.batch === id).map((event) => event.kind);
      assert.deepEqual(own, [
        "BatchOpened",
        "ChunkPosted",
        "ChunkPosted",
        "BatchSealed",
        "CertificateRecorded",
      ]);
      const paged = await connectDaReader({ ...d, logPageBlocks: 3 }, { clock });
      const pages: DaEvent[] = [];
      const { number: head } = await paged.head();
      for (let from = 0; from <= head; ) {
        const page = await paged.events(from);
        assert.ok(page.next > from && page.next <= from + 3);
        pages.push(...page.events);
        from = page.next;
      }
      assert.deepEqual(pages, whole);
      paged.close();
    });

    it("tells of one rollup alone when asked", async () => {
      const second = await d.client.registerRollup(registration(d.client, 2));
      const id = await d.client.openBatch(sampleBatch(second, 10, next()).request);
      const { events } = await d.client.events(0, second);
      assert.deepEqual(
        events.map(({ batch, kind }) => [batch, kind]),
        [[id, "BatchOpened"]],
      );
    });

    it("watches from a cursor: what was there, then what comes, each once", async () => {
      const stop = new AbortController();
      const seen: string[] = [];
      const { number: head } = await d.client.head();
      const first = await sealed(10);
      let second: { id: BatchId } | undefined;
      for await (const page of d.client.watch({ from: head + 1, signal: stop.signal, pollIntervalMs: 5 })) {
        seen.push(...page.events.map(({ kind, batch }) => `${kind} ${batch}`));
        second ??= await sealed(11);
        if (seen.includes(`BatchSealed ${second.id}`)) stop.abort();
      }
      const story = (id: BatchId) => [`BatchOpened ${id}`, `ChunkPosted ${id}`, `BatchSealed ${id}`];
      assert.deepEqual(seen, [...story(first.id), ...story(second!.id)]);
    });

    it("asks the node for a limit when the one that it knew ran out", async () => {
      const rpc = new JsonRpc({ url: d.url });
      const options = { chainId: d.addresses.chainId, key: fundedKeys[1], receiptPollMs: 5 };
      const sender = new TransactionSender(options, { rpc, clock });
      const count = async () =>
        Number(await ask(d.url, "eth_getTransactionCount", [sender.account, "latest"]));
      const before = await count();
      // Init code of a contract of 64 bytes: the limit covers the transaction, and not what the code costs.
      const { contract } = await sender.send({ data: "0x60406000f3", gas: 60_000n });
      assert.ok(contract);
      assert.equal(await count(), before + 2);
      rpc.close();
    });

    it("ends a watch that waits", async () => {
      const stop = new AbortController();
      const { number: head } = await d.client.head();
      const pages = d.client.watch({ from: head + 1, signal: stop.signal, pollIntervalMs: 1_000_000 });
      const next_ = pages[Symbol.asyncIterator]().next();
      stop.abort();
      assert.deepEqual(await next_, { done: true, value: undefined });
    });

    it("refuses a cursor of another chain", async () => {
      const { number: head } = await d.client.head();
      assert.deepEqual(await d.client.events(head + 1), { from: head + 1, next: head + 1, events: [] });
      await assert.rejects(d.client.events(head + 1_000), hasCode("DA_CURSOR_AHEAD"));
    });

    it("refuses a node of another chain, and addresses without our contracts", async () => {
      const wrong = (addresses: object) => connect(d.url, { ...d.addresses, ...addresses });
      await assert.rejects(wrong({ chainId: 5n }), hasCode("DA_WRONG_CHAIN"));
      await assert.rejects(wrong({ inbox: `0x${"12".repeat(20)}` }), hasCode("DA_WRONG_CONTRACTS"));
      await assert.rejects(wrong({ validatorSet: d.addresses.inbox }), hasCode("DA_WRONG_CONTRACTS"));
    });
  });
}

const fees = { maxFeePerGas: 10_000_000_000n, maxPriorityFeePerGas: 1_000_000_000n };

/** A call of `postChunk` that the contract takes, with `gap` words between head and chunk, and rubbish at its end. */
function oddCall(inbox: Hex, id: BatchId, index: number, chunk: Uint8Array, gap: number): Hex {
  const word = (value: number | bigint) => value.toString(16).padStart(64, "0");
  const selector = solidityId("postChunk(address,bytes32,uint16,bytes)").slice(0, 10);
  const names = `${word(BigInt(inbox))}${id.slice(2)}${word(index)}`;
  const head = `${names}${word(128 + 32 * gap)}${"ee".repeat(32 * gap)}`;
  return `${selector}${head}${word(chunk.length)}${Buffer.from(chunk).toString("hex")}${"ff".repeat(gap)}` as Hex;
}

async function everything({ client }: Deployment): Promise<DaEvent[]> {
  const events: DaEvent[] = [];
  const { number: head } = await client.head();
  for (let from = 0; from <= head; ) {
    const page = await client.events(from);
    events.push(...page.events);
    from = page.next;
  }
  return events;
}
