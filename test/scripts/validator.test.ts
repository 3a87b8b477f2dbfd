import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { AccountUpdate, PublicKey } from "o1js";
import type { ProofJson } from "../../circuits/index.ts";
import type { DaValidatorSet } from "../../da/index.ts";
import { fieldToHex } from "../../gossip/index.ts";
import type { L1Account, L1Block, MinaCommandJson } from "../../l1/index.ts";
import { genesisSnapshot } from "../../ledger/index.ts";
import {
  type Attestation,
  base58Versions,
  comparePublicKeys,
  mirroredMessage,
  type OuterState,
  outerAfterRotation,
  outerAtGenesis,
  outerFields,
  publicKeyToBase58,
  type Rotation,
  type RotationKind,
  signFields,
  termsOf,
  toBase58,
  type ValidatorSet,
  validatorSetHash,
} from "../../protocol/index.ts";
import { Approvals } from "../../scripts/validator/Approvals.ts";
import { checkDeployment } from "../../scripts/validator/checkProposal.ts";
import { Progress } from "../../scripts/validator/Progress.ts";
import { membersFrom, proposeRotation } from "../../scripts/validator/proposeRotation.ts";
import { readBothSides } from "../../scripts/validator/readBothSides.ts";
import { mergedRotation, readRotation, writeRotation } from "../../scripts/validator/rotationFiles.ts";
import { sendRotation } from "../../scripts/validator/sendRotation.ts";
import { approveRotation, possessRotation, type RotationKey } from "../../scripts/validator/signRotation.ts";
import { statusOf } from "../../scripts/validator/statusOf.ts";
import {
  createHttpServer,
  createMetricRegister,
  Readiness,
  Secret,
  silentLogger,
  systemClock,
} from "../../service/index.ts";
import { type TestKey, testKey } from "../ledger/support/commands.ts";
import { testDeployment } from "../signer/support/testRollup.ts";
import { hasCode } from "../support/hasCode.ts";
import { temporaryDirectory } from "../support/temporaryDirectory.ts";

const { genesis, validators } = testDeployment(4);
const atGenesis = outerAtGenesis(genesis, genesisSnapshot(genesis).state);
const payer = testKey(77);
const newcomer = testKey(78);
/** The first one goes, a newcomer comes. */
const nextKeys = [...validators.slice(1), newcomer].sort((a, b) =>
  comparePublicKeys(a.publicKey, b.publicKey),
);
const keyOf = ({ publicKey, privateKey }: TestKey): RotationKey => ({
  publicKey,
  sign: (fields) => signFields(privateKey, fields),
});
const listed = {
  members: nextKeys.map(({ publicKey }) => ({ publicKey: publicKeyToBase58(publicKey) })),
};
const wanted = membersFrom(listed, "members.json");

const shown = (set: ValidatorSet, until = 0n, kind: RotationKind = "normal"): DaValidatorSet => ({
  ...set,
  hash: validatorSetHash(set),
  inForce: true,
  graceEnd: 0n,
  until,
  kind,
});

/** An account update in Mina's JSON, as far as a signature goes over it. */
function accountUpdate(publicKey: string, authorization: { proof?: string; signature?: string }) {
  const { body } = AccountUpdate.toJSON(AccountUpdate.default(PublicKey.fromBase58(publicKey)));
  const isProved = authorization.proof !== undefined;
  const authorizationKind = { ...body.authorizationKind, isProved, isSigned: !isProved };
  return {
    body: { ...body, authorizationKind },
    authorization: { proof: null, signature: null, ...authorization },
  };
}
const outerKey = publicKeyToBase58(genesis.outerKey);
const provedUpdate = accountUpdate(outerKey, { proof: "proof" });

/** Mina and the DA chain, as far as rotations touch them. A block comes with each pause. */
class TwoSides {
  outer: OuterState = atGenesis;
  readonly sets: DaValidatorSet[] = [shown(genesis.validators)];
  readonly sent: string[] = [];
  /** Blocks of Mina's best chain, the outer account in each. */
  chain: { block: L1Block; outer: OuterState }[] = [];
  fork = 0;
  /** What the next block takes. */
  pending: OuterState | undefined;
  readonly proved: string[] = [];
  readonly commands: MinaCommandJson[] = [];
  /** What a prover that lies puts into its transaction. */
  provedInstead: Partial<MinaCommandJson> = {};
  mirrored = 0;

  constructor() {
    this.makeBlock();
  }

  makeBlock(): void {
    const height = this.chain.length + 1;
    const stateHash = `b${height}.${this.fork}`;
    if (this.pending) this.outer = this.pending;
    this.pending = undefined;
    const block = { height, stateHash, slot: 100 + height, previousStateHash: "", commands: [] };
    this.chain.push({ block, outer: this.outer });
  }

  /** The last blocks are taken back, and others come. */
  reorg(depth: number): void {
    this.chain.splice(this.chain.length - depth, depth);
    this.outer = this.chain.at(-1)!.outer;
    this.fork++;
    this.makeBlock();
  }

  modules(rotation: () => Rotation) {
    const block = () => this.chain.at(-1)!.block;
    const account = (publicKey: string): L1Account => ({
      publicKey,
      tokenId: "",
      balance: 0n,
      nonce: 0,
      inferredNonce: 0,
      permissions: {},
      zkapp: {
        appState: outerFields(this.outer),
        actionState: [],
        verificationKeyHash: null,
        provedState: true,
      },
    });
    const memo = toBase58(base58Versions.memo, new Uint8Array(34).fill(1, 0, 1));
    const body = { publicKey: publicKeyToBase58(payer.publicKey), fee: "0", validUntil: null, nonce: "0" };
    const l1 = {
      account: async (key: string) => account(key),
      head: async () => block(),
      blocks: async (length: number) => this.chain.slice(-length).map((entry) => entry.block),
      send: async (command: MinaCommandJson) => {
        this.commands.push(command);
        const { next, until, kind } = termsOf(rotation());
        this.pending = outerAfterRotation(this.outer, { next, until, kind });
        this.sent.push(`tx${this.sent.length}`);
        return this.sent.at(-1)!;
      },
      status: async () => ({ kind: this.pending ? ("pending" as const) : ("unknown" as const) }),
    };
    const da = {
      currentEpoch: async () => this.sets.at(-1)!.epoch,
      validatorSet: async (epoch: bigint) => this.sets[Number(epoch)]!,
      rotateValidators: async ({ next, until, kind }: Rotation) => {
        this.mirrored++;
        if (this.sets.length === 1) this.sets.push(shown(next, until, kind));
      },
    };
    const prover = {
      prove: async ({ program, branch }: { program: string; branch: string }) => {
        this.proved.push(`${program}.${branch}`);
        return { publicInput: [], publicOutput: [], maxProofsVerified: 0, proof: "" } as ProofJson;
      },
      transaction: async ({ branch }: { branch: string }) => {
        this.proved.push(`outer.${branch}`);
        return JSON.stringify({
          feePayer: { body: { ...body, validUntil: rotation().until.toString() }, authorization: "" },
          accountUpdates: [provedUpdate],
          memo,
          ...this.provedInstead,
        });
      },
    };
    return { genesis, l1, da, prover, feePayer: new Secret(payer.privateKey), log: silentLogger };
  }

  look() {
    return readBothSides(
      this.modules(() => {
        throw new Error("nothing is sent");
      }),
    );
  }
}

/** A proposal that everybody has signed who must. */
async function complete(sides: TwoSides, kind: RotationKind = "normal"): Promise<Rotation> {
  const seen = await sides.look();
  let rotation = proposeRotation(genesis, seen, wanted, kind);
  for (const key of validators.slice(0, 3)) rotation = await approve(rotation, key, sides);
  const signer = await signerWith(rotation.state);
  for (const key of nextKeys) rotation = await possessRotation(rotation, keyOf(key), signer);
  return rotation;
}

async function approve(
  rotation: Rotation,
  key: TestKey,
  sides: TwoSides,
  { replace = false, horizon = 10_000n, approvals = newApprovals() } = {},
): Promise<Rotation> {
  return approveRotation(rotation, keyOf(key), await sides.look(), { replace, horizon }, approvals);
}
const newApprovals = () => new Approvals(join(temporaryDirectory(), "approvals.json"));

/** A signer that holds this state. */
async function signerWith(state: bigint): Promise<string> {
  const server = createHttpServer(
    { role: "signer", port: 0, drainMs: 100 },
    {
      routes: [
        {
          method: "GET",
          path: "/v1/states/:state",
          handle: ({ params }) =>
            params.state === fieldToHex(state)
              ? { json: { state: params.state } }
              : { status: 404, json: { error: { code: "SIGNER_STATE_UNKNOWN", message: "" } } },
        },
      ],
      readiness: new Readiness(),
      register: createMetricRegister({ role: "signer" }),
      log: silentLogger,
    },
  );
  await server.start();
  after(() => server.stop());
  return server.url;
}

/** Runs `zeko validator rotate` on these sides. @returns the file that a later run goes on from */
async function send(sides: TwoSides, rotation: Rotation, more: Partial<SendMore> = {}): Promise<string> {
  const progress = more.progress ?? join(temporaryDirectory(), "progress.json");
  const stopped = new AbortController();
  let pauses = 0;
  await sendRotation(
    rotation,
    { depth: 3, fee: 1n, pollMs: 1 },
    {
      ...sides.modules(() => rotation),
      confirmations: more.confirmations ?? (async () => confirmed(rotation)),
      progress: new Progress(progress),
      clock: {
        ...systemClock,
        sleep: async () => {
          sides.makeBlock();
          if (more.onPause?.(++pauses)) stopped.abort();
        },
      },
      signal: stopped.signal,
    },
  );
  return progress;
}
/** What a quorum of the next set says once Mina holds it for good. */
function confirmed(rotation: Rotation): Attestation[] {
  const message = mirroredMessage(termsOf(rotation));
  return nextKeys
    .slice(0, 3)
    .map(({ privateKey }, slot) => ({ slot, signature: signFields(privateKey, [message]) }));
}

interface SendMore {
  readonly confirmations: () => Promise<readonly Attestation[]>;
  readonly progress: string;
  /** @returns whether the process ends here */
  readonly onPause: (count: number) => boolean;
}

describe("zeko validator", { timeout: 60_000 }, () => {
  it("takes a proposal from its file through all signatures to both sides", async () => {
    const sides = new TwoSides();
    const rotation = await complete(sides);
    const directory = temporaryDirectory();
    const [first, second] = [join(directory, "a.json"), join(directory, "b.json")];
    const [one, ...others] = rotation.approvals;
    await writeRotation(first, { ...rotation, approvals: [one!], possessions: [] });
    await writeRotation(second, { ...rotation, approvals: [one!, ...others] });
    const merged = await mergedRotation([first, second]);
    assert.deepEqual(merged, rotation);
    await send(sides, merged);
    assert.deepEqual(sides.proved, ["quorum.verify16", "quorum.verify16", "outer.rotateValidators"]);
    const status = statusOf(await sides.look());
    assert.deepEqual([status.agree, status.mina.epoch, status.da.epoch], [true, "1", "1"]);
    assert.equal(sides.mirrored, 1);
    await send(sides, merged);
    assert.deepEqual([sides.sent.length, sides.mirrored], [1, 1]);
  });

  it("mirrors only what Mina has held for as many blocks as are asked for", async () => {
    const sides = new TwoSides();
    const rotation = await complete(sides);
    const mirroredAt: number[] = [];
    await send(sides, rotation, {
      onPause: () => {
        mirroredAt.push(sides.mirrored);
        // The block that took it is taken back once: the count begins anew.
        if (sides.sent.length === 1 && sides.chain.length === 4 && sides.fork === 0) sides.reorg(3);
        return false;
      },
    });
    const held = sides.chain.filter(({ outer }) => outer !== atGenesis);
    assert.equal(
      mirroredAt.every((count) => count === 0),
      true,
    );
    assert.ok(held.length > 3, `${held.length} blocks`);
    assert.equal(sides.mirrored, 1);
    assert.equal(sides.sent.length, 2);
    assert.equal(sides.proved.length, 3, "proofs are not made again");
  });

  it("goes on where it was killed, without proving anything again", async () => {
    const sides = new TwoSides();
    const rotation = await complete(sides);
    const progress = await send(sides, rotation, { onPause: (count) => count === 2 });
    assert.equal(sides.mirrored, 0);
    const proved = sides.proved.length;
    await send(sides, rotation, { progress });
    assert.deepEqual([sides.proved.length, sides.sent.length, sides.mirrored], [proved, 1, 1]);
  });

  describe("signing what was proved", () => {
    const payerKey = publicKeyToBase58(payer.publicKey);
    const payment = accountUpdate(payerKey, { signature: "" });
    const until = (rotation: Rotation, slot = rotation.until) => ({
      body: { publicKey: payerKey, fee: "0", nonce: "0", validUntil: slot.toString() },
      authorization: "",
    });
    const lies: [string, (rotation: Rotation) => Partial<MinaCommandJson>][] = [
      ["a payment besides the rotation", () => ({ accountUpdates: [provedUpdate, payment] })],
      ["a payment alone", () => ({ accountUpdates: [payment] })],
      [
        "a proof of an account of ours",
        () => ({ accountUpdates: [accountUpdate(payerKey, { proof: "p" })] }),
      ],
      ["nothing at all", () => ({ accountUpdates: [] })],
      ["an update that is signed", () => ({ accountUpdates: [accountUpdate(outerKey, { signature: "s" })] })],
      ["another end", (rotation) => ({ feePayer: until(rotation, rotation.until + 1n) })],
    ];

    for (const [name, lie] of lies)
      it(`does not sign ${name}, from a prover or a file`, async () => {
        const sides = new TwoSides();
        const rotation = await complete(sides);
        sides.provedInstead = lie(rotation);
        const progress = join(temporaryDirectory(), "progress.json");
        await assert.rejects(send(sides, rotation, { progress }), hasCode("VALIDATOR_COMMAND"));
        assert.equal(sides.commands.length, 0);
        // What the prover said is in the file now; an honest one is asked again.
        sides.provedInstead = {};
        await send(sides, rotation, { progress });
        assert.deepEqual(
          sides.commands.map(({ accountUpdates }) => accountUpdates.map(({ body }) => body.publicKey)),
          [[outerKey]],
        );
      });

    it("pays the fee that was asked for, with its own nonce, whatever the file says", async () => {
      const sides = new TwoSides();
      const rotation = await complete(sides);
      const { body, authorization } = until(rotation);
      sides.provedInstead = { feePayer: { body: { ...body, fee: "5000000", nonce: "7" }, authorization } };
      await send(sides, rotation);
      const [command] = sides.commands;
      const { fee, nonce, publicKey } = command!.feePayer.body;
      assert.deepEqual({ fee, nonce, publicKey }, { fee: "1", nonce: "0", publicKey: payerKey });
    });
  });

  it("counts blocks again when it looked away for longer than Mina shows its blocks", async () => {
    const sides = new TwoSides();
    const rotation = await complete(sides);
    const mirroredAt: number[] = [];
    await send(sides, rotation, {
      onPause: (count) => {
        mirroredAt.push(sides.mirrored);
        if (count !== 2) return false;
        // Meanwhile the block that took it is taken back, the rotation lands again, and one block comes on top.
        sides.reorg(2);
        while (sides.chain.length < 12) sides.makeBlock();
        sides.outer = outerAfterRotation(atGenesis, termsOf(rotation));
        sides.makeBlock();
        return false;
      },
    });
    const landed = sides.chain.findIndex(({ outer }) => outer !== atGenesis);
    assert.ok(sides.chain.length - 1 - landed >= 3, `${sides.chain.length - 1 - landed} blocks on top`);
    assert.equal(
      mirroredAt.every((count) => count === 0),
      true,
    );
    assert.equal(sides.mirrored, 1);
  });

  it("mirrors although more blocks came between two looks than were missing", async () => {
    const sides = new TwoSides();
    const rotation = await complete(sides);
    await send(sides, rotation, {
      onPause: (count) => {
        if (count === 3) for (let i = 0; i < 2; i++) sides.makeBlock();
        return count > 8;
      },
    });
    const landed = sides.chain.findIndex(({ outer }) => outer !== atGenesis);
    assert.equal(sides.mirrored, 1);
    assert.ok(sides.chain.length - landed <= 8, "did not begin to count again");
  });

  it("believes no file about what Mina has held", async () => {
    const sides = new TwoSides();
    const rotation = await complete(sides);
    sides.makeBlock();
    const progress = await send(sides, rotation, { onPause: (count) => count === 1 });
    const seen = { height: 1, stateHash: sides.chain[0]!.block.stateHash };
    writeFileSync(progress, JSON.stringify({ seen }));
    await send(sides, rotation, { progress });
    const landed = sides.chain.findIndex(({ outer }) => outer !== atGenesis);
    assert.ok(sides.chain.length - 1 - landed >= 3, `${sides.chain.length - 1 - landed} blocks on top`);
  });

  it("refuses to send what is not signed by all who must, before it proves anything", async () => {
    const sides = new TwoSides();
    const rotation = await complete(sides);
    for (const change of [
      { approvals: rotation.approvals.slice(1) },
      { possessions: rotation.possessions.slice(1) },
    ])
      await assert.rejects(send(sides, { ...rotation, ...change }), hasCode("VALIDATOR_INCOMPLETE"));
    const forged = {
      ...rotation,
      approvals: rotation.approvals.map((vote) => ({ ...vote, slot: vote.slot + 1 })),
    };
    await assert.rejects(send(sides, forged), hasCode("CERTIFICATE_SIGNATURE"));
    assert.deepEqual(sides.proved, []);
  });

  it("refuses to put copies of two proposals together", async () => {
    const rotation = await complete(new TwoSides());
    const directory = temporaryDirectory();
    const [first, second] = [join(directory, "a.json"), join(directory, "b.json")];
    await writeRotation(first, rotation);
    await writeRotation(second, { ...rotation, until: rotation.until + 1n });
    await assert.rejects(mergedRotation([first, second]), hasCode("VALIDATOR_FILES_DIFFER"));
    await assert.rejects(readRotation(join(directory, "none.json")), hasCode("VALIDATOR_FILE_UNREADABLE"));
  });

  describe("approving", () => {
    const proposal = async (sides = new TwoSides()) => ({
      sides,
      rotation: proposeRotation(genesis, await sides.look(), wanted, "normal"),
    });

    it("refuses who is no member, an end that is past or far away, and a state that nobody here knows", async () => {
      const { sides, rotation } = await proposal();
      const [key] = validators as [TestKey];
      const refusals: [Partial<Rotation>, TestKey, string][] = [
        [{}, newcomer, "VALIDATOR_NO_MEMBER"],
        [{ until: 5n }, key, "VALIDATOR_OVER"],
        [{ until: 1_000_000n }, key, "VALIDATOR_UNTIL"],
        [{ state: 5n }, key, "VALIDATOR_STATE_UNKNOWN"],
      ];
      for (const [change, by, code] of refusals)
        await assert.rejects(approve({ ...rotation, ...change }, by, sides), hasCode(code));
    });

    it("refuses a proposal whose current set is not in force on one of the two sides", async () => {
      const { sides, rotation } = await proposal();
      const onDa = new TwoSides();
      onDa.sets.push(shown(rotation.next, rotation.until));
      await assert.rejects(approve(rotation, validators[0]!, onDa), hasCode("VALIDATOR_NOT_IN_FORCE"));
      sides.outer = outerAfterRotation(sides.outer, termsOf(rotation));
      await assert.rejects(approve(rotation, validators[0]!, sides), hasCode("VALIDATOR_NOT_IN_FORCE"));
    });

    it("refuses a second next set for one epoch, unless it is told to; the same one again is fine", async () => {
      const { sides, rotation } = await proposal();
      const approvals = newApprovals();
      const [key] = validators as [TestKey];
      await approve(rotation, key, sides, { approvals });
      await approve({ ...rotation, until: rotation.until + 1n }, key, sides, { approvals });
      const rival = { ...rotation, next: { ...rotation.next, threshold: 4n } };
      await assert.rejects(approve(rival, key, sides, { approvals }), hasCode("VALIDATOR_SECOND_PROPOSAL"));
      await approve(rival, key, sides, { approvals, replace: true });
    });

    it("refuses another deployment's proposal", async () => {
      const { rotation } = await proposal();
      assert.throws(
        () => checkDeployment({ ...rotation, domain: 5n }, genesis),
        hasCode("VALIDATOR_OTHER_DEPLOYMENT"),
      );
    });
  });

  it("shows no possession of what the own signer does not hold, nor for a set without the key", async () => {
    const sides = new TwoSides();
    const rotation = proposeRotation(genesis, await sides.look(), wanted, "normal");
    const elsewhere = await signerWith(5n);
    await assert.rejects(
      possessRotation(rotation, keyOf(newcomer), elsewhere),
      hasCode("VALIDATOR_STATE_NOT_HELD"),
    );
    await assert.rejects(
      possessRotation(rotation, keyOf(validators[0]!), await signerWith(rotation.state)),
      hasCode("VALIDATOR_NO_MEMBER"),
    );
  });

  it("says on which side a rotation is missing", async () => {
    const sides = new TwoSides();
    const rotation = await complete(sides);
    const { next, until, kind } = termsOf(rotation);
    sides.outer = outerAfterRotation(atGenesis, { next, until, kind });
    const unknown = statusOf(await sides.look());
    assert.deepEqual([unknown.agree, unknown.mina.epoch, unknown.da.epoch], [false, null, "0"]);
    assert.match(statusOf(await sides.look(), rotation).verdict, /not mirrored it yet/);
    sides.sets.push(shown(rotation.next, until, kind));
    assert.equal(statusOf(await sides.look()).agree, true);
    sides.outer = atGenesis;
    const early = statusOf(await sides.look());
    assert.deepEqual([early.agree, early.mina.epoch, early.da.epoch], [false, "0", "1"]);
    assert.match(early.verdict, /Mina does not have/);
  });

  it("sends a rotation to Mina again that was mirrored and then taken back", async () => {
    const sides = new TwoSides();
    const rotation = await complete(sides);
    await send(sides, rotation);
    sides.outer = atGenesis;
    await send(sides, rotation);
    assert.deepEqual([sides.sent.length, statusOf(await sides.look()).agree], [2, true]);
  });

  it("refuses a list of members that is none", () => {
    for (const bad of [
      {},
      { members: [] },
      { members: [{ publicKey: "x", weight: "0" }] },
      { ...listed, extra: 1 },
    ])
      assert.throws(() => membersFrom(bad, "members.json"), hasCode("VALIDATOR_FILE_UNREADABLE"));
    assert.equal(wanted.threshold, 3n);
  });
});
