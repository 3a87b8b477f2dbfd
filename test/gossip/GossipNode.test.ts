import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, describe, it } from "node:test";
import {
  AttestationBook,
  type BatchKey,
  encodeAttestation,
  type GossipError,
  GossipNode,
  newPeerKey,
  type Origin,
  type PeerKey,
  type SignedAttestation,
  type Verdict,
} from "../../gossip/index.ts";
import { samePublicKey, signFields } from "../../protocol/index.ts";
import { silentLogger, systemClock } from "../../service/index.ts";
import { batchNamed, type TestValidator, testMessage, testValidators } from "./validators.ts";

const DOMAIN = 77n;
const { validators, set } = testValidators(4);
const running: GossipNode[] = [];
after(() => Promise.all(running.map((node) => node.stop())));

type Seen = { readonly attestation?: SignedAttestation; readonly verdict?: Verdict; readonly origin: Origin };

/** A node with a book that knows batch 1, and a list of what it was asked to judge. */
async function startNode(
  options: {
    peers?: readonly string[];
    domain?: bigint;
    validator?: TestValidator;
    data?: Map<BatchKey, Uint8Array>;
    key?: PeerKey;
    listen?: readonly string[];
  } = {},
) {
  const seen: Seen[] = [];
  const waiters: { enough: (seen: readonly Seen[]) => boolean; resolve: () => void }[] = [];
  const note = (entry: Seen) => {
    seen.push(entry);
    for (const { enough, resolve } of waiters) if (enough(seen)) resolve();
  };
  const book = new AttestationBook();
  book.open({ batch: batchNamed(1), set, message: testMessage(set, 1n) });
  const { validator, data = new Map() } = options;
  const node = new GossipNode(
    {
      domain: options.domain ?? DOMAIN,
      peers: options.peers ?? [],
      reconnectMs: 50,
      askTimeoutMs: 5_000,
      ...(options.listen ? { listen: options.listen } : {}),
    },
    {
      key: options.key ?? (await newPeerKey()),
      judge(attestation, origin) {
        const verdict = book.judge(attestation, origin.peer);
        note({ attestation, verdict, origin });
        return verdict;
      },
      onGarbage: (origin: Origin, _: GossipError) => note({ origin }),
      holdings: {
        data: async (batch) => data.get(batch),
        attestations: async (batch) =>
          book.attestations(batch, 0n).map((entry) => ({ batch, epoch: 0n, ...entry })),
      },
      ...(validator
        ? {
            validator: {
              publicKey: validator.publicKey,
              sign: (f: readonly bigint[]) => signFields(validator.privateKey, f),
            },
          }
        : {}),
      clock: systemClock,
      log: silentLogger,
    },
  );
  await node.start();
  running.push(node);
  const until = (enough: (seen: readonly Seen[]) => boolean) =>
    new Promise<void>((resolve) => (enough(seen) ? resolve() : waiters.push({ enough, resolve })));
  return { node, book, seen, until };
}

const sign = (slot: number, over = 1n): SignedAttestation => ({
  batch: batchNamed(1),
  epoch: 0n,
  slot,
  signature: signFields(validators[slot]!.privateKey, [testMessage(set, over)]),
});

/** Polls a condition of the network itself, which has no event for it. */
async function eventually(what: () => boolean): Promise<void> {
  while (!what()) await new Promise((resolve) => setTimeout(resolve, 10));
}

describe("GossipNode", { timeout: 60_000 }, () => {
  it("passes good attestations on, through a node in between", async () => {
    const middle = await startNode();
    const left = await startNode({ peers: middle.node.addresses });
    const right = await startNode({ peers: middle.node.addresses });
    await eventually(() => middle.node.meshed.length === 2);
    await left.node.publish(sign(0));
    await right.until((seen) => seen.some(({ verdict }) => verdict?.kind === "kept"));
    assert.equal(right.seen[0]!.origin.peer, left.node.peerId, "the origin is the author, not the messenger");
  });

  it("passes on neither lies nor garbage, and stops listening to their author", async () => {
    const middle = await startNode();
    const liar = await startNode({ peers: middle.node.addresses });
    const right = await startNode({ peers: middle.node.addresses });
    await eventually(() => middle.node.meshed.length === 2);
    await liar.node.publish(sign(0, 2n));
    await liar.node.publishBytes(randomBytes(102));
    await liar.node.publishBytes(encodeAttestation(sign(1)).subarray(1));
    for (let i = 0; i < 40; i++) await liar.node.publishBytes(randomBytes(10));
    await right.node.publish(sign(2));
    await middle.until((seen) => seen.some(({ verdict }) => verdict?.kind === "kept"));
    await middle.until((seen) => seen.length >= 9);
    assert.equal(middle.seen.length, 9, "eight offences and the good one; the rest is not looked at");
    assert.deepEqual(right.seen, []);
  });

  it("scores nobody down for a repeat, and does not pass it on", async () => {
    const middle = await startNode();
    const left = await startNode({ peers: middle.node.addresses });
    const right = await startNode({ peers: middle.node.addresses });
    await eventually(() => middle.node.meshed.length === 2);
    for (let i = 0; i < 6; i++) await left.node.publish(sign(0));
    await left.node.publish(sign(1));
    await right.until((seen) => seen.some(({ attestation }) => attestation?.slot === 1));
    assert.deepEqual(
      right.seen.map(({ attestation }) => attestation?.slot),
      [0, 1],
    );
    assert.equal(middle.seen.filter(({ verdict }) => verdict?.kind === "refused").length, 5);
  });

  it("knows a validator behind a peer id by its signature, and not one that only claims to be", async () => {
    const node = await startNode();
    const honest = await startNode({ peers: node.node.addresses, validator: validators[1]! });
    const impostor = await startNode({
      peers: node.node.addresses,
      validator: { publicKey: validators[0]!.publicKey, privateKey: validators[3]!.privateKey },
    });
    await eventually(() => node.node.meshed.length === 2);
    await eventually(() => node.node.validatorOf(honest.node.peerId!) !== undefined);
    await impostor.node.publish(sign(0));
    await honest.node.publish(sign(1));
    await node.until((seen) => seen.length >= 2);
    const by = (slot: number) =>
      node.seen.find(({ attestation }) => attestation?.slot === slot)!.origin.validator;
    assert.ok(samePublicKey(by(1)!, validators[1]!.publicKey));
    assert.equal(by(0), undefined);
  });

  it("fetches a batch from the first peer that has the right bytes", async () => {
    const bytes = new Uint8Array(randomBytes(3_000_000));
    const isRight = (data: Uint8Array) => Buffer.compare(data, bytes) === 0;
    const id = batchNamed(5);
    const has = await startNode({ data: new Map([[id, bytes]]) });
    const corrupts = await startNode({ data: new Map([[id, bytes.toReversed()]]) });
    const lacks = await startNode();
    const asks = await startNode({
      peers: [corrupts, lacks, has].flatMap(({ node }) => node.addresses),
    });
    await eventually(() => asks.node.connected.length === 3);
    assert.ok(isRight(await asks.node.fetchData(id, isRight)));
    await assert.rejects(asks.node.fetchData(batchNamed(6), isRight), { code: "PEERS_LACK_BATCH" });
  });

  it("says so when every peer gives wrong bytes", async () => {
    const id = batchNamed(5);
    const corrupts = await startNode({ data: new Map([[id, Uint8Array.of(1, 2, 3)]]) });
    const asks = await startNode({ peers: corrupts.node.addresses });
    await eventually(() => asks.node.connected.length === 1);
    await assert.rejects(
      asks.node.fetchData(id, () => false),
      (error: GossipError) => {
        assert.equal(error.code, "PEERS_LACK_BATCH");
        assert.deepEqual(error.data, { batch: id, asked: 1, wrong: 1 });
        return true;
      },
    );
  });

  it("collects attestations that were sent before it came", async () => {
    const early = await startNode();
    early.book.judge(sign(0), "itself");
    early.book.judge(sign(2), "itself");
    const late = await startNode({ peers: early.node.addresses });
    await eventually(() => late.node.connected.length === 1);
    await late.node.collect(batchNamed(1));
    assert.deepEqual(
      late.book.attestations(batchNamed(1), 0n).map(({ slot }) => slot),
      [0, 2],
    );
  });

  it("comes back to a peer that was away", async () => {
    const key = await newPeerKey();
    const first = await startNode({ key });
    const listen = first.node.addresses.map((address) => address.replace(/\/p2p\/.*/, ""));
    const node = await startNode({ peers: first.node.addresses });
    await eventually(() => node.node.connected.length === 1);
    await first.node.stop();
    await eventually(() => node.node.connected.length === 0);
    const second = await startNode({ key, listen });
    await eventually(() => node.node.connected.length === 1);
    assert.equal(second.node.peerId, first.node.peerId ?? second.node.peerId);
  });

  it("does not hear another deployment", async () => {
    const ours = await startNode();
    const other = await startNode({ peers: ours.node.addresses, domain: 78n });
    await eventually(() => other.node.connected.length === 1);
    assert.equal(await other.node.publish(sign(0)), 0);
  });

  it("refuses an address that is not TCP", async () => {
    await assert.rejects(startNode({ peers: ["/ip4/127.0.0.1/udp/1"] }), { code: "GOSSIP_ADDRESS" });
    await assert.rejects(startNode({ peers: ["http://127.0.0.1"] }), { code: "GOSSIP_ADDRESS" });
  });
});
