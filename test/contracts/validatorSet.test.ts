import assert from "node:assert/strict";
import { before, beforeEach, describe, it } from "node:test";
import type { HardhatEthers } from "@nomicfoundation/hardhat-ethers/types";
import type { Contract, Log } from "ethers";
import {
  comparePublicKeys,
  FIELD_MODULUS,
  MAX_VALIDATORS,
  mirroredMessage,
  type ValidatorSet as ProtocolSet,
  type RotationTerms,
  rotationMessage,
  SCALAR_MODULUS,
  validatorSetHash,
} from "../../protocol/index.ts";
import { type FixedKey, fixedKey, fixedKeys, votes } from "./support/minaKeys.ts";
import { contractNetwork, deploy, deployBehindProxy, revertsWith } from "./support/network.ts";

const member = ({ x, y }: FixedKey, weight = 1n) => ({ x, y, weight });
const MESSAGE = 1_234_567n;
const DOMAIN = 4_711n;
const GRACE = 1_000n;

describe("ValidatorSet", () => {
  let ethers: HardhatEthers;
  let owner: string;
  const keys = fixedKeys(4);
  const deploySet = (members: readonly unknown[], threshold: bigint, epoch = 0n): Promise<Contract> =>
    deployBehindProxy(ethers, "ValidatorSet", owner, owner, members, threshold, epoch, DOMAIN, GRACE);
  before(async () => {
    ({ ethers } = await contractNetwork());
    owner = await (await ethers.getSigners())[0]!.getAddress();
  });

  describe("at the start", () => {
    let abi: Pick<Contract, "interface">;
    before(async () => {
      abi = await ethers.getContractFactory("ValidatorSet");
    });
    const refuses = async (members: readonly unknown[], threshold: bigint, error: string, args?: unknown[]) =>
      assert.rejects(deploySet(members, threshold), revertsWith(abi, error, args));

    it("keeps members, threshold and the protocol's hash", async () => {
      const weights = [5n, 1n, (1n << 32n) - 1n, 2n];
      const members = keys.map((key, i) => member(key, weights[i]!));
      const set = await deploySet(members, 1n << 32n, 3n);
      const info = await set.epochInfo!(3n);
      const expected = {
        epoch: 3n,
        threshold: 1n << 32n,
        members: keys.map(({ publicKey }, i) => ({ publicKey, weight: weights[i]! })),
      };
      assert.equal(info.setHash, validatorSetHash(expected));
      assert.equal(info.totalWeight, 7n + (1n << 32n));
      assert.equal(await set.currentEpoch!(), 3n);
      assert.deepEqual(
        (await set.validators!(3n)).map((v: { toArray(): unknown[] }) => v.toArray()),
        members.map(({ x, y, weight }) => [x, y, weight]),
      );
    });

    it("takes the largest set", async () => {
      const many = fixedKeys(MAX_VALIDATORS);
      const set = await deploySet(
        many.map((key) => member(key)),
        43n,
      );
      assert.equal((await set.epochInfo!(0n)).count, 64n);
    });

    it("refuses no members, and one too many", async () => {
      await refuses([], 1n, "ValidatorSetSize", [0n, 64n]);
      const many = fixedKeys(MAX_VALIDATORS + 1);
      await refuses(
        many.map((key) => member(key)),
        44n,
        "ValidatorSetSize",
        [65n, 64n],
      );
    });

    it("refuses a weight of zero", () =>
      refuses([member(keys[0]!), member(keys[1]!, 0n)], 1n, "ValidatorSetWeightZero", [1n]));

    it("refuses a key twice", () =>
      refuses([member(keys[0]!), member(keys[0]!)], 2n, "ValidatorSetDuplicateKey", [1n]));

    it("refuses keys out of order", () =>
      refuses([member(keys[1]!), member(keys[0]!)], 2n, "ValidatorSetKeyOrder", [1n]));

    it("orders two keys of one x by parity", async () => {
      const key = keys[0]!;
      const negated = fixedKey(SCALAR_MODULUS - key.secret);
      const [even, odd] = key.publicKey.isOdd ? [negated, key] : [key, negated];
      await deploySet([member(even), member(odd)], 2n);
      await refuses([member(odd), member(even)], 2n, "ValidatorSetKeyOrder", [1n]);
    });

    it("refuses keys that nobody can have made, and zero", async () => {
      const { x, y } = keys[0]!;
      await refuses([{ x, y: y + 1n, weight: 1n }], 1n, "MinaSchnorrKeyNotOnCurve");
      await refuses([{ x: 0n, y: 0n, weight: 1n }], 1n, "MinaSchnorrKeyIsZero");
      await refuses([{ x: (1n << 256n) - 1n, y, weight: 1n }], 1n, "MinaSchnorrKeyNotCanonical");
    });

    it("refuses a threshold above the total, and one that is no majority", async () => {
      const members = keys.map((key) => member(key));
      await refuses(members, 5n, "ValidatorSetThreshold", [5n, 4n]);
      await refuses(members, 2n, "ValidatorSetThreshold", [2n, 4n]);
      await refuses(members, 0n, "ValidatorSetThreshold", [0n, 4n]);
      await refuses(members, (1n << 64n) - 1n, "ValidatorSetThreshold");
      await deploySet(members, 4n);
    });

    it("is initialised once, and the implementation never", async () => {
      const set = await deploySet([member(keys[0]!)], 1n);
      const again = [owner, owner, [member(keys[0]!)], 1n, 0n, DOMAIN, GRACE];
      await assert.rejects(set.initialize!(...again), revertsWith(set, "InvalidInitialization"));
      const implementation = await deploy(ethers, "ValidatorSet");
      await assert.rejects(implementation.initialize!(...again), revertsWith(set, "InvalidInitialization"));
    });
  });

  describe("checking a quorum", () => {
    let set: Contract;
    before(async () => {
      set = await deploySet(
        keys.map((key) => member(key)),
        3n,
      );
    });
    const check = (slots: readonly number[], message = MESSAGE) =>
      set.verifyQuorum!(0n, message, votes(keys, slots, message));
    const refuses = (input: readonly unknown[], error: string, args?: readonly unknown[]) =>
      assert.rejects(set.verifyQuorum!(0n, MESSAGE, input), revertsWith(set, error, args));

    it("accepts exactly the threshold, and more", async () => {
      assert.deepEqual((await check([0, 1, 3])).toArray(), [0b1011n, 3n]);
      assert.deepEqual((await check([0, 1, 2, 3])).toArray(), [0b1111n, 4n]);
    });

    it("refuses one vote below the threshold, and none", async () => {
      await assert.rejects(check([1, 2]), revertsWith(set, "ValidatorSetBelowThreshold", [2n, 3n]));
      await assert.rejects(check([]), revertsWith(set, "ValidatorSetBelowThreshold", [0n, 3n]));
    });

    it("refuses a signer twice", async () => {
      const [a, b] = votes(keys, [0, 1], MESSAGE);
      await refuses([a, b, b], "ValidatorSetDuplicateSigner", [1n]);
    });

    it("refuses votes in another order", async () => {
      const [a, b, c] = votes(keys, [0, 1, 2], MESSAGE);
      await refuses([a, c, b], "ValidatorSetSignerOrder", [2n, 1n]);
    });

    it("refuses a slot that the set has not", async () => {
      const [a, b, c] = votes(keys, [0, 1, 2], MESSAGE);
      await refuses([a, b, c, { ...c, slot: 4 }], "ValidatorSetUnknownSigner", [4n, 4n]);
      await refuses([{ ...a, slot: 255 }], "ValidatorSetUnknownSigner", [255n, 4n]);
    });

    it("refuses one member's signature in another's slot", async () => {
      const [a, b, c] = votes(keys, [0, 1, 2], MESSAGE);
      await refuses([a, b, { ...c, slot: 3 }], "MinaSchnorrWrongSignature");
    });

    it("refuses a bad vote among enough good ones", async () => {
      const [a, b, c, d] = votes(keys, [0, 1, 2, 3], MESSAGE);
      await refuses([a, b, c, { ...d, s: d!.s + SCALAR_MODULUS }], "MinaSchnorrScalarNotCanonical");
      await refuses([a, { ...b, s: b!.s ^ 1n }, c, d], "MinaSchnorrWrongSignature");
    });

    it("refuses an epoch that never was", async () => {
      await assert.rejects(
        set.verifyQuorum!(1n, MESSAGE, votes(keys, [0, 1, 2], MESSAGE)),
        revertsWith(set, "ValidatorSetEpochUnknown", [1n]),
      );
      await assert.rejects(set.epochInfo!(1n), revertsWith(set, "ValidatorSetEpochUnknown"));
      assert.equal(await set.isInForce!(1n), false);
    });

    it("checks a quorum of the largest set within a block", async () => {
      const many = fixedKeys(MAX_VALIDATORS);
      const largest = await deploySet(
        many.map((key) => member(key)),
        43n,
      );
      const slots = Array.from({ length: 43 }, (_, i) => i + 21);
      const good = votes(many, slots, MESSAGE);
      assert.equal((await largest.verifyQuorum!(0n, MESSAGE, good, { gasLimit: 10_000_000n })).weight, 43n);
    });

    it("weighs votes", async () => {
      const weighted = await deploySet(
        keys.map((key, i) => member(key, [1n, 1n, 1n, 10n][i]!)),
        10n,
      );
      const good = await weighted.verifyQuorum!(0n, MESSAGE, votes(keys, [3], MESSAGE));
      assert.deepEqual(good.toArray(), [0b1000n, 10n]);
      await assert.rejects(
        weighted.verifyQuorum!(0n, MESSAGE, votes(keys, [0, 1, 2], MESSAGE)),
        revertsWith(weighted, "ValidatorSetBelowThreshold", [3n, 10n]),
      );
    });
  });

  describe("from one epoch to the next", () => {
    let set: Contract;
    const next = fixedKeys(4, 900n);
    beforeEach(async () => {
      set = await deployBehindProxy(
        ethers,
        "RotatingValidatorSet",
        ...[owner, owner, keys.map((key) => member(key)), 3n, 0n, DOMAIN, GRACE],
      );
    });
    const now = async () => BigInt((await ethers.provider.getBlock("latest"))!.timestamp);
    const check = (epoch: bigint, signers: readonly FixedKey[]) =>
      set.verifyQuorum!(epoch, MESSAGE, votes(signers, [0, 1, 2], MESSAGE));

    it("lets the old set's certificates pass until the grace ends", async () => {
      const graceEnd = (await now()) + 1_000n;
      await set.forceRotation!(
        next.map((key) => member(key)),
        3n,
        graceEnd,
      );
      await check(0n, keys);
      await check(1n, next);
      await ethers.provider.send("evm_setNextBlockTimestamp", [Number(graceEnd)]);
      await ethers.provider.send("evm_mine", []);
      await check(0n, keys);
      await ethers.provider.send("evm_mine", []);
      await assert.rejects(check(0n, keys), revertsWith(set, "ValidatorSetEpochOver", [0n, graceEnd]));
      assert.equal(await set.isInForce!(0n), false);
      await check(1n, next);
    });

    it("stops the old set at once when there is no grace", async () => {
      await set.forceRotation!(
        next.map((key) => member(key)),
        3n,
        0n,
      );
      await assert.rejects(check(0n, keys), revertsWith(set, "ValidatorSetEpochOver", [0n, 0n]));
    });

    it("stops a set two epochs old, whatever its grace", async () => {
      const graceEnd = (await now()) + 100_000n;
      await set.forceRotation!(
        next.map((key) => member(key)),
        3n,
        graceEnd,
      );
      await set.forceRotation!(
        keys.map((key) => member(key)),
        3n,
        graceEnd,
      );
      await assert.rejects(check(0n, keys), revertsWith(set, "ValidatorSetEpochOver", [0n, graceEnd]));
      await check(1n, next);
      await check(2n, keys);
    });

    it("gives the same members another hash in another epoch", async () => {
      await set.forceRotation!(
        keys.map((key) => member(key)),
        3n,
        0n,
      );
      assert.notEqual((await set.epochInfo!(0n)).setHash, (await set.epochInfo!(1n)).setHash);
    });
  });

  describe("following a rotation on both sets' signatures", () => {
    let set: Contract;
    let network: HardhatEthers["provider"];
    const newcomers = fixedKeys(4, 900n);
    /** One key of the old set goes, another one comes. */
    const overlapping = [...keys.slice(1), newcomers[0]!].sort((a, b) =>
      comparePublicKeys(a.publicKey, b.publicKey),
    );
    const setOf = (signers: readonly FixedKey[], epoch: bigint): ProtocolSet => ({
      epoch,
      threshold: 3n,
      members: signers.map(({ publicKey }) => ({ publicKey, weight: 1n })),
    });

    interface Change {
      readonly current: ProtocolSet;
      readonly currentKeys: readonly FixedKey[];
      readonly approving: readonly number[];
      readonly next: ProtocolSet;
      readonly nextKeys: readonly FixedKey[];
      readonly confirming: readonly number[];
      readonly kind: "normal" | "removal";
      /** What was signed, where it is something else than what is sent. */
      readonly signed: Partial<RotationTerms>;
      /** What Mina holds by the next set's word, where it is something else. */
      readonly confirmed: Partial<RotationTerms>;
    }
    const change = (changes: Partial<Change> = {}): Change => ({
      current: setOf(keys, 0n),
      currentKeys: keys,
      approving: [0, 2, 3],
      next: setOf(overlapping, 1n),
      nextKeys: overlapping,
      confirming: [1, 2, 3],
      kind: "normal",
      signed: {},
      confirmed: {},
      ...changes,
    });
    const argumentsOf = (c: Change) => {
      const sent = { state: 77n, until: 500n, kind: c.kind };
      const sets = { current: validatorSetHash(c.current), next: validatorSetHash(c.next) };
      const terms = { domain: DOMAIN, ...sets, ...sent, ...c.signed };
      return [
        {
          members: c.nextKeys.map((key) => member(key)),
          threshold: c.next.threshold,
          state: sent.state,
          until: sent.until,
          removal: sent.kind === "removal",
        },
        votes(c.currentKeys, c.approving, rotationMessage(terms)),
        votes(c.nextKeys, c.confirming, mirroredMessage({ ...terms, ...c.confirmed })),
      ] as const;
    };
    const rotate = (c: Change) => set.rotate!(...argumentsOf(c));
    const refuses = async (c: Change, error: string, args?: readonly unknown[]) =>
      assert.rejects(rotate(c), revertsWith(set, error, args));
    const check = (epoch: bigint, signers: readonly FixedKey[], slots = [0, 1, 2]) =>
      set.verifyQuorum!(epoch, MESSAGE, votes(signers, slots, MESSAGE));
    const mineAt = async (timestamp: bigint) => {
      await network.send("evm_setNextBlockTimestamp", [Number(timestamp)]);
      await network.send("evm_mine", []);
    };

    beforeEach(async () => {
      set = await deploySet(
        keys.map((key) => member(key)),
        3n,
      );
      network = ethers.provider;
    });

    it("puts the next set into force and keeps the terms from which Mina's field can be computed", async () => {
      const { logs } = await (await rotate(change())).wait();
      const events = logs.map((log: Log) => set.interface.parseLog(log)!.name);
      assert.deepEqual(events, ["EpochStarted", "Rotated"]);
      assert.equal(await set.currentEpoch!(), 1n);
      const info = await set.epochInfo!(1n);
      assert.equal(info.setHash, validatorSetHash(setOf(overlapping, 1n)));
      assert.deepEqual([info.until, info.removal], [500n, false]);
      assert.deepEqual((await set.home!()).toArray(), [DOMAIN, GRACE]);
    });

    it("lets old certificates pass to the grace's end, and counts a key that went in neither epoch after it", async () => {
      const mined = await (await rotate(change())).wait();
      const graceEnd = BigInt((await ethers.provider.getBlock(mined.blockNumber))!.timestamp) + GRACE;
      const gone = [0, 1, 2]; // keys[0] is in the old set alone
      await mineAt(graceEnd);
      await check(0n, keys, gone);
      await mineAt(graceEnd + 1n);
      await assert.rejects(check(0n, keys, gone), revertsWith(set, "ValidatorSetEpochOver", [0n, graceEnd]));
      await check(1n, overlapping);
      await assert.rejects(
        set.verifyQuorum!(1n, MESSAGE, [
          ...votes(keys, [0], MESSAGE),
          ...votes(overlapping, [1, 2], MESSAGE),
        ]),
        revertsWith(set, "MinaSchnorrWrongSignature"),
      );
    });

    it("stops the old set at once when a key of it is removed", async () => {
      await rotate(change({ kind: "removal" }));
      await assert.rejects(check(0n, keys), revertsWith(set, "ValidatorSetEpochOver", [0n, 0n]));
      await check(1n, overlapping);
    });

    it("takes a next set that shares no key with the current one", async () => {
      await rotate(change({ next: setOf(newcomers, 1n), nextKeys: newcomers }));
      await check(0n, keys);
      await check(1n, newcomers);
    });

    it("refuses the old set's signatures under the next set's epoch and list", async () => {
      await rotate(change());
      const old = votes(keys, [1, 2, 3], MESSAGE);
      await assert.rejects(
        set.verifyQuorum!(
          1n,
          MESSAGE,
          old.map((vote) => ({ ...vote, slot: vote.slot - 1 })),
        ),
        revertsWith(set, "MinaSchnorrWrongSignature"),
      );
    });

    it("refuses a minority of either set", async () => {
      await refuses(change({ approving: [0, 1] }), "ValidatorSetBelowThreshold", [2n, 3n]);
      await refuses(change({ confirming: [0, 3] }), "ValidatorSetBelowThreshold", [2n, 3n]);
    });

    it("refuses what the current set agreed to while Mina holds another rotation, or none", async () => {
      await refuses(change({ confirming: [] }), "ValidatorSetBelowThreshold", [0n, 3n]);
      await refuses(change({ confirmed: { until: 501n } }), "MinaSchnorrWrongSignature");
      await refuses(change({ confirmed: { kind: "removal" } }), "MinaSchnorrWrongSignature");
      await refuses(change({ confirmed: { next: 1n } }), "MinaSchnorrWrongSignature");
    });

    it("refuses one member's confirmation twice instead of another's", async () => {
      const [terms, approvals, confirmations] = argumentsOf(change());
      const twice = [confirmations[0], confirmations[1], confirmations[1]];
      await assert.rejects(
        set.rotate!(terms, approvals, twice),
        revertsWith(set, "ValidatorSetDuplicateSigner", [2n]),
      );
    });

    const unsigned: [name: string, signed: Partial<RotationTerms>][] = [
      ["another deployment", { domain: DOMAIN + 1n }],
      ["another current set", { current: 1n }],
      ["another next set", { next: 1n }],
      ["another state", { state: 78n }],
      ["another end", { until: 501n }],
      ["another kind", { kind: "removal" }],
    ];
    for (const [name, signed] of unsigned)
      it(`refuses signatures for ${name}`, () => refuses(change({ signed }), "MinaSchnorrWrongSignature"));

    it("refuses a skipped epoch, and the same rotation again", async () => {
      await refuses(change({ next: setOf(overlapping, 2n) }), "MinaSchnorrWrongSignature");
      await rotate(change());
      await refuses(change(), "MinaSchnorrWrongSignature");
      assert.equal(await set.currentEpoch!(), 1n);
    });

    it("refuses approval by the set that is in its grace", async () => {
      await rotate(change());
      await refuses(
        change({ next: setOf(newcomers, 2n), nextKeys: newcomers, signed: { current: 0n } }),
        "MinaSchnorrWrongSignature",
      );
    });

    it("refuses a state that is no field element", async () => {
      const [terms, ...signatures] = argumentsOf(change());
      await assert.rejects(
        set.rotate!({ ...terms, state: FIELD_MODULUS }, ...signatures),
        revertsWith(set, "PoseidonFieldNotCanonical"),
      );
    });

    it("refuses to rotate while it is paused", async () => {
      await set.pause!();
      await refuses(change(), "EnforcedPause");
    });

    it("refuses a grace that is too long, and a domain that is no field element", async () => {
      const first = [owner, owner, [member(keys[0]!)], 1n, 0n] as const;
      const deployed = (domain: bigint, grace: bigint) =>
        deployBehindProxy(ethers, "ValidatorSet", ...first, domain, grace);
      const month = 30n * 86_400n;
      await deployed(DOMAIN, month);
      await assert.rejects(deployed(DOMAIN, month + 1n), revertsWith(set, "ValidatorSetGrace"));
      await assert.rejects(deployed(FIELD_MODULUS, 0n), revertsWith(set, "PoseidonFieldNotCanonical"));
    });
  });
});
