import assert from "node:assert/strict";
import { before, beforeEach, describe, it } from "node:test";
import type { HardhatEthers } from "@nomicfoundation/hardhat-ethers/types";
import type { Contract } from "ethers";
import { MAX_VALIDATORS, SCALAR_MODULUS, validatorSetHash } from "../../protocol/index.ts";
import { type FixedKey, fixedKey, fixedKeys, votes } from "./support/minaKeys.ts";
import { contractNetwork, deploy, deployBehindProxy, revertsWith } from "./support/network.ts";

const member = ({ x, y }: FixedKey, weight = 1n) => ({ x, y, weight });
const MESSAGE = 1_234_567n;

describe("ValidatorSet", () => {
  let ethers: HardhatEthers;
  let owner: string;
  const keys = fixedKeys(4);
  const deploySet = (members: readonly unknown[], threshold: bigint, epoch = 0n): Promise<Contract> =>
    deployBehindProxy(ethers, "ValidatorSet", owner, owner, members, threshold, epoch);
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
      const again = [owner, owner, [member(keys[0]!)], 1n, 0n];
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
        ...[owner, owner, keys.map((key) => member(key)), 3n, 0n],
      );
    });
    const now = async () => BigInt((await ethers.provider.getBlock("latest"))!.timestamp);
    const check = (epoch: bigint, signers: readonly FixedKey[]) =>
      set.verifyQuorum!(epoch, MESSAGE, votes(signers, [0, 1, 2], MESSAGE));

    it("lets the old set's certificates pass until the grace ends", async () => {
      const graceEnd = (await now()) + 1_000n;
      await set.rotate!(
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
      await set.rotate!(
        next.map((key) => member(key)),
        3n,
        0n,
      );
      await assert.rejects(check(0n, keys), revertsWith(set, "ValidatorSetEpochOver", [0n, 0n]));
    });

    it("stops a set two epochs old, whatever its grace", async () => {
      const graceEnd = (await now()) + 100_000n;
      await set.rotate!(
        next.map((key) => member(key)),
        3n,
        graceEnd,
      );
      await set.rotate!(
        keys.map((key) => member(key)),
        3n,
        graceEnd,
      );
      await assert.rejects(check(0n, keys), revertsWith(set, "ValidatorSetEpochOver", [0n, graceEnd]));
      await check(1n, next);
      await check(2n, keys);
    });

    it("gives the same members another hash in another epoch", async () => {
      await set.rotate!(
        keys.map((key) => member(key)),
        3n,
        0n,
      );
      assert.notEqual((await set.epochInfo!(0n)).setHash, (await set.epochInfo!(1n)).setHash);
    });
  });
});
