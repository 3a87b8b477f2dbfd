import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { type Contract, id as keccakOf, type Signer, ZeroAddress } from "ethers";
import { FIELD_MODULUS, payoutMessage, SCALAR_MODULUS } from "../../protocol/index.ts";
import {
  deployInbox,
  type InboxFixture,
  inboxFixture,
  LATE_WINDOW,
  open,
  type SampleBatch,
  sampleBatch,
  seal,
} from "./support/inbox.ts";
import { type FixedKey, fixedKeys, sign, votes } from "./support/minaKeys.ts";
import { deploy, revertsWith } from "./support/network.ts";

const as = (contract: Contract, signer: Signer) => contract.connect(signer) as Contract;
const PRICE = 1_000n;
const DAY = 86_400n;
const WEEK = 7n * DAY;
/** Posted bytes of the sample batch; it decodes to three times as many. */
const LENGTH = 100;
const FEE = 3n * BigInt(LENGTH) * PRICE;

describe("DaFees", () => {
  let fixture: InboxFixture;
  let fees: Contract;
  let inbox: Contract;
  beforeEach(async () => {
    fixture = await inboxFixture(PRICE);
    ({ fees, inbox } = fixture);
  });
  /** Signatures are checked by the set, whose errors come through. */
  const refused = (call: Promise<unknown>, error: string, args?: readonly unknown[]) =>
    assert.rejects(call, revertsWith(fees.interface.getError(error) ? fees : fixture.set, error, args));
  const prepay = (value: bigint) =>
    as(fees, fixture.poster).prepay!(fixture.rollup, { value }) as Promise<unknown>;
  const balance = (): Promise<bigint> => fees.balanceOf!(fixture.rollup);
  const held = async () => fixture.ethers.provider.getBalance(await fees.getAddress());
  const now = async () => BigInt((await fixture.ethers.provider.getBlock("latest"))!.timestamp);
  /** The next transaction's block has this time. */
  const at = (time: bigint) =>
    fixture.ethers.provider.send("evm_setNextBlockTimestamp", [Number(time)]) as Promise<unknown>;
  const later = (seconds: bigint) =>
    fixture.ethers.provider.send("evm_increaseTime", [Number(seconds)]) as Promise<unknown>;
  const due = async (key: FixedKey): Promise<bigint> => (await fees.accountOf!(key.publicKey)).due;
  const record = (batch: SampleBatch, slots: readonly number[], epoch = 0n, message = batch.message) =>
    inbox.recordCertificate!(batch.id, epoch, votes(fixture.keys, slots, message)) as Promise<unknown>;

  /** A sealed batch whose fee is earned by these slots. */
  async function certifiedBatch(slots: readonly number[] = [0, 1, 3], number = 7n): Promise<SampleBatch> {
    await prepay(FEE);
    const batch = await sampleBatch(fixture, LENGTH, { number });
    await seal(fixture, batch);
    await record(batch, slots);
    return batch;
  }

  /** Slot `slot` has earned the fee of a batch that is settled. */
  async function settledBatch(slots: readonly number[] = [0, 1, 3]): Promise<SampleBatch> {
    const batch = await certifiedBatch(slots);
    await later(LATE_WINDOW + 1n);
    await fees.settle!([batch.id]);
    return batch;
  }

  /** The validator's own signature, sent by a stranger. */
  async function setPayout(key: FixedKey, payout: string): Promise<void> {
    const { r, s } = sign(key, await fees.payoutMessage!(key.publicKey, payout));
    await as(fees, fixture.stranger).setPayout!(key.x, key.y, payout, r, s);
  }

  describe("the price", () => {
    it("starts as the inbox was told, known to both", async () => {
      assert.deepEqual((await fees.terms!()).toArray(), [PRICE, LATE_WINDOW]);
      assert.equal(await fees.inbox!(), await inbox.getAddress());
      assert.equal(await inbox.fees!(), await fees.getAddress());
    });

    it("refuses to start too high, or with a window of no use", async () => {
      const code = await (await deploy(fixture.ethers, "DaFees")).getAddress();
      const set = await fixture.set.getAddress();
      const start = async (price: bigint, lateWindow: bigint) => {
        const { interface: abi } = inbox;
        const args = [fixture.owner.address, fixture.owner.address, set, code, { price, lateWindow }];
        const implementation = await (await deploy(fixture.ethers, "BatchInbox")).getAddress();
        await deploy(fixture.ethers, "ZekoProxy", implementation, abi.encodeFunctionData("initialize", args));
      };
      const highest = 10n ** 15n;
      await refused(start(highest + 1n, 60n), "DaFeesPriceTooHigh", [highest + 1n, highest]);
      await refused(start(1n, 9n), "DaFeesLateWindow", [9n, 10n, WEEK]);
      await refused(start(1n, WEEK + 1n), "DaFeesLateWindow", [WEEK + 1n, 10n, WEEK]);
      await start(highest, 10n);
      await start(0n, WEEK);
    });

    it("is the owner's to change, and the window too", async () => {
      const other = as(fees, fixture.stranger);
      const { address } = fixture.stranger;
      await refused(other.setPrice!(1n), "OwnableUnauthorizedAccount", [address]);
      await refused(other.setLateWindow!(60n), "OwnableUnauthorizedAccount", [address]);
      await fees.setLateWindow!(60n);
      await fees.setPrice!(1n);
      assert.deepEqual((await fees.terms!()).toArray(), [1n, 60n]);
      await refused(fees.setLateWindow!(9n), "DaFeesLateWindow", [9n, 10n, WEEK]);
      await refused(fees.setLateWindow!(WEEK + 1n), "DaFeesLateWindow", [WEEK + 1n, 10n, WEEK]);
    });

    it("falls at will, and rises to the double at most, once a day", async () => {
      const billion = 10n ** 9n;
      await refused(fees.setPrice!(billion + 1n), "DaFeesPriceTooHigh", [billion + 1n, billion]);
      await fees.setPrice!(billion); // a first price
      const raised = await now();
      await fees.setPrice!(billion - 1n);
      await refused(fees.setPrice!(billion), "DaFeesRaisedLately", [raised + DAY]);
      await at(raised + DAY - 1n);
      await refused(fees.setPrice!(billion), "DaFeesRaisedLately", [raised + DAY]);
      const double = 2n * (billion - 1n);
      await at(raised + DAY);
      await refused(fees.setPrice!(double + 1n), "DaFeesPriceTooHigh", [double + 1n, double]);
      await fees.setPrice!(double);
    });

    it("never rises above the highest price", async () => {
      const highest = 10n ** 15n;
      const set = await fixture.set.getAddress();
      const dear = await deployInbox(fixture.ethers, fixture.owner.address, set, highest - 1n);
      await refused(dear.fees.setPrice!(highest + 1n), "DaFeesPriceTooHigh", [highest + 1n, highest]);
      await dear.fees.setPrice!(highest);
    });

    it("leaves a batch the fee that it was opened with", async () => {
      await prepay(FEE);
      const batch = await sampleBatch(fixture, LENGTH);
      await open(fixture, batch);
      await fees.setPrice!(2n * PRICE);
      assert.equal((await fees.escrowOf!(batch.id)).amount, FEE);
    });
  });

  describe("a rollup's balance", () => {
    it("grows by what anybody sends for it", async () => {
      await prepay(5n);
      await as(fees, fixture.stranger).prepay!(fixture.rollup, { value: 7n });
      assert.equal(await balance(), 12n);
      assert.equal(await held(), 12n);
    });

    it("refuses nothing, a rollup that is not there, and money without a rollup", async () => {
      await refused(prepay(0n), "DaFeesNothingSent");
      const unknown = keccakOf("none");
      await assert.rejects(
        fees.prepay!(unknown, { value: 1n }),
        revertsWith(inbox, "BatchInboxRollupUnknown", [unknown]),
      );
      const to = await fees.getAddress();
      await assert.rejects(fixture.stranger.sendTransaction({ to, value: 1n }));
      assert.equal(await held(), 0n);
    });

    it("goes back to the owner alone, and no further than it is", async () => {
      await prepay(10n);
      const { rollup, stranger, poster } = fixture;
      for (const signer of [stranger, poster]) {
        const theft = as(fees, signer).withdraw!(rollup, 1n, signer.address);
        await refused(theft, "DaFeesNotOwner", [rollup, signer.address]);
      }
      const receiver = "0x0000000000000000000000000000000000001111";
      await refused(fees.withdraw!(rollup, 11n, receiver), "DaFeesBalanceTooLow", [rollup, 10n, 11n]);
      await fees.withdraw!(rollup, 4n, receiver);
      assert.equal(await balance(), 6n);
      assert.equal(await fixture.ethers.provider.getBalance(receiver), 4n);
    });

    it("stays when the receiver refuses it", async () => {
      await prepay(10n);
      const receiver = await (await deploy(fixture.ethers, "RefusingReceiver")).getAddress();
      await refused(fees.withdraw!(fixture.rollup, 4n, receiver), "DaFeesPaymentFailed", [receiver]);
      assert.equal(await balance(), 10n);
    });

    it("does not go out twice to an owner that calls back while it is paid", async () => {
      const greedy = await deploy(fixture.ethers, "GreedyReceiver", await fees.getAddress());
      const rollup = await greedy.register!.staticCall(await inbox.getAddress(), fixture.keys[0]!.publicKey);
      await greedy.register!(await inbox.getAddress(), fixture.keys[0]!.publicKey);
      await prepay(100n);
      await fees.prepay!(rollup, { value: 10n });
      await greedy.withdraw!(6n);
      assert.equal(await greedy.successes!(), 0n);
      assert.equal(await fees.balanceOf!(rollup), 4n);
      assert.equal(await held(), 104n);
    });
  });

  describe("opening a batch", () => {
    it("sets its fee aside", async () => {
      await prepay(FEE + 1n);
      const batch = await sampleBatch(fixture, LENGTH);
      await open(fixture, batch);
      assert.equal(await balance(), 1n);
      assert.deepEqual((await fees.escrowOf!(batch.id)).toArray(), [FEE, 0n, 0n, 0n]);
    });

    it("is refused when the balance is one unit short", async () => {
      await prepay(FEE - 1n);
      const batch = await sampleBatch(fixture, LENGTH);
      await refused(open(fixture, batch), "DaFeesBalanceTooLow", [fixture.rollup, FEE - 1n, FEE]);
      await assert.rejects(inbox.batchOf!(batch.id), revertsWith(inbox, "BatchInboxBatchUnknown"));
    });

    it("does not spend what is set aside for another batch", async () => {
      await prepay(2n * FEE - 1n);
      await open(fixture, await sampleBatch(fixture, LENGTH));
      const second = await sampleBatch(fixture, LENGTH, { number: 8n });
      await refused(open(fixture, second), "DaFeesBalanceTooLow", [fixture.rollup, FEE - 1n, FEE]);
      await refused(fees.withdraw!(fixture.rollup, FEE, fixture.owner.address), "DaFeesBalanceTooLow", [
        fixture.rollup,
        FEE - 1n,
        FEE,
      ]);
    });

    it("needs no balance when posting is free, and earns nothing", async () => {
      await fees.setPrice!(0n);
      const batch = await sampleBatch(fixture, LENGTH);
      await seal(fixture, batch);
      await record(batch, [0, 1, 2]);
      assert.deepEqual((await fees.escrowOf!(batch.id)).toArray(), [0n, 0n, 0n, 0n]);
      await fees.settle!([batch.id]);
      await refused(fees.addLateVotes!(batch.id, []), "DaFeesNoEscrow", [batch.id]);
    });

    it("is told by the inbox alone", async () => {
      const { rollup, owner } = fixture;
      const batch = keccakOf("batch");
      await refused(fees.reserve!(batch, rollup, 1n), "DaFeesNotInbox", [owner.address]);
      await refused(fees.release!(batch, rollup), "DaFeesNotInbox", [owner.address]);
      await refused(fees.certified!(batch, 0n, 1n), "DaFeesNotInbox", [owner.address]);
    });

    it("goes on while the fees are paused", async () => {
      const batch = await certifiedBatch().then(() => sampleBatch(fixture, LENGTH, { number: 8n }));
      await prepay(FEE);
      await fees.pause!();
      await seal(fixture, batch);
      await record(batch, [0, 1, 2]);
      assert.equal((await fees.escrowOf!(batch.id)).signers, 0b111n);
    });
  });

  describe("a batch without certificate", () => {
    it("gives its fee back when it is dropped, once", async () => {
      await prepay(FEE);
      const batch = await sampleBatch(fixture, LENGTH);
      await open(fixture, batch);
      await as(inbox, fixture.poster).dropBatch!(batch.id);
      assert.equal(await balance(), FEE);
      assert.equal((await fees.escrowOf!(batch.id)).amount, 0n);
      await open(fixture, batch);
      assert.equal(await balance(), 0n);
    });

    it("gives nothing back when nothing was set aside", async () => {
      await fees.setPrice!(0n);
      const batch = await sampleBatch(fixture, LENGTH);
      await open(fixture, batch);
      await as(inbox, fixture.poster).dropBatch!(batch.id);
      assert.equal(await balance(), 0n);
    });

    it("gives its fee back a week after somebody asked, whoever asks", async () => {
      await prepay(FEE);
      const batch = await sampleBatch(fixture, LENGTH);
      await seal(fixture, batch);
      const other = as(fees, fixture.stranger);
      await refused(other.returnFee!(batch.id), "DaFeesTooEarly", [batch.id, 0n]);
      await other.requestReturn!(batch.id);
      const earliest = (await now()) + WEEK;
      await refused(other.requestReturn!(batch.id), "DaFeesTooEarly", [batch.id, earliest]);
      await at(earliest - 1n);
      await refused(other.returnFee!(batch.id), "DaFeesTooEarly", [batch.id, earliest]);
      await at(earliest);
      await other.returnFee!(batch.id);
      assert.equal(await balance(), FEE);
      await refused(other.returnFee!(batch.id), "DaFeesNoEscrow", [batch.id]);
      await refused(other.requestReturn!(batch.id), "DaFeesNoEscrow", [batch.id]);
    });

    it("does not start that clock before the seal: validators would sign for nothing", async () => {
      await prepay(FEE);
      const batch = await sampleBatch(fixture, LENGTH);
      await open(fixture, batch);
      await refused(fees.requestReturn!(batch.id), "DaFeesNotSealed", [batch.id]);
    });

    it("is earned by a certificate that comes while the clock runs", async () => {
      await prepay(FEE);
      const batch = await sampleBatch(fixture, LENGTH);
      await seal(fixture, batch);
      await fees.requestReturn!(batch.id);
      await later(WEEK);
      await record(batch, [0, 1, 2]);
      await refused(fees.returnFee!(batch.id), "DaFeesEarned", [batch.id]);
      await refused(fees.requestReturn!(batch.id), "DaFeesEarned", [batch.id]);
    });

    it("earns nothing after its fee was given back", async () => {
      await prepay(FEE);
      const batch = await sampleBatch(fixture, LENGTH);
      await seal(fixture, batch);
      await fees.requestReturn!(batch.id);
      await later(WEEK);
      await fees.returnFee!(batch.id);
      await record(batch, [0, 1, 2]);
      assert.equal((await fees.escrowOf!(batch.id)).signers, 0n);
      assert.equal(await balance(), FEE);
    });

    it("cannot be settled", async () => {
      await prepay(FEE);
      const batch = await sampleBatch(fixture, LENGTH);
      await seal(fixture, batch);
      await refused(fees.settle!([batch.id]), "DaFeesNotEarned", [batch.id]);
      const late = votes(fixture.keys, [3], batch.message);
      await refused(fees.addLateVotes!(batch.id, late), "DaFeesNotEarned", [batch.id]);
    });
  });

  describe("late validators", () => {
    it("share when they show their signature up to the last second", async () => {
      const batch = await certifiedBatch([0, 1, 3]);
      const { time } = await fees.escrowOf!(batch.id);
      assert.equal(time, (await now()) + LATE_WINDOW);
      await at(time);
      await as(fees, fixture.stranger).addLateVotes!(batch.id, votes(fixture.keys, [2], batch.message));
      assert.equal((await fees.escrowOf!(batch.id)).signers, 0b1111n);
    });

    it("come too late a second after", async () => {
      const batch = await certifiedBatch([0, 1, 3]);
      const { time } = await fees.escrowOf!(batch.id);
      await at(time + 1n);
      const late = votes(fixture.keys, [2], batch.message);
      await refused(fees.addLateVotes!(batch.id, late), "DaFeesWindowClosed", [batch.id, time]);
    });

    it("are not counted twice", async () => {
      const batch = await certifiedBatch([0, 1, 3]);
      const repeated = votes(fixture.keys, [0, 3], batch.message);
      await refused(fees.addLateVotes!(batch.id, repeated), "DaFeesNothingNew", [batch.id]);
      await refused(fees.addLateVotes!(batch.id, []), "DaFeesNothingNew", [batch.id]);
      await fees.addLateVotes!(batch.id, votes(fixture.keys, [0, 2], batch.message));
      const again = votes(fixture.keys, [2], batch.message);
      await refused(fees.addLateVotes!(batch.id, again), "DaFeesNothingNew", [batch.id]);
      const twice = votes(fixture.keys, [2, 2], batch.message);
      await assert.rejects(
        fees.addLateVotes!(batch.id, twice),
        revertsWith(fixture.set, "ValidatorSetDuplicateSigner"),
      );
    });

    it("need their own signature over this batch", async () => {
      const batch = await certifiedBatch([0, 1, 3]);
      const other = await sampleBatch(fixture, LENGTH, { number: 8n, source: 5n });
      const [forged] = votes(fixture.keys, [1], batch.message);
      for (const wrong of [votes(fixture.keys, [2], other.message), [{ ...forged!, slot: 2 }]]) {
        const attempt = fees.addLateVotes!(batch.id, wrong);
        await assert.rejects(attempt, revertsWith(fixture.set, "MinaSchnorrWrongSignature"));
      }
      const strangers = votes(fixedKeys(5, 900n), [4], batch.message);
      await assert.rejects(
        fees.addLateVotes!(batch.id, strangers),
        revertsWith(fixture.set, "ValidatorSetUnknownSigner", [4n, 4n]),
      );
    });

    it("are members of the certificate's epoch, also once another is in force", async () => {
      const batch = await certifiedBatch([0, 1, 3]);
      const next = fixedKeys(4, 900n);
      await fixture.set.forceRotation!(
        next.map(({ x, y }) => ({ x, y, weight: 1n })),
        3n,
        0n,
      );
      const renewed = await inbox.attestationMessage!(batch.id, 1n);
      await assert.rejects(
        fees.addLateVotes!(batch.id, votes(next, [2], renewed)),
        revertsWith(fixture.set, "MinaSchnorrWrongSignature"),
      );
      await fees.addLateVotes!(batch.id, votes(fixture.keys, [2], batch.message));
    });
  });

  describe("settling", () => {
    it("waits until the window is over", async () => {
      const batch = await certifiedBatch([0, 1, 3]);
      const { time } = await fees.escrowOf!(batch.id);
      await at(time);
      await refused(fees.settle!([batch.id]), "DaFeesTooEarly", [batch.id, time + 1n]);
      await at(time + 1n);
      await as(fees, fixture.stranger).settle!([batch.id]);
      assert.deepEqual(await Promise.all(fixture.keys.map(due)), [FEE / 3n, FEE / 3n, 0n, FEE / 3n]);
    });

    it("does not wait when everybody signed", async () => {
      const batch = await certifiedBatch([0, 1, 2, 3]);
      await fees.settle!([batch.id]);
      assert.deepEqual(await Promise.all(fixture.keys.map(due)), Array(4).fill(FEE / 4n));
    });

    it("shares a batch once", async () => {
      const batch = await settledBatch();
      await fees.settle!([batch.id, batch.id]);
      assert.equal(await due(fixture.keys[0]!), FEE / 3n);
      await refused(fees.addLateVotes!(batch.id, votes(fixture.keys, [2], batch.message)), "DaFeesNoEscrow", [
        batch.id,
      ]);
    });

    it("shares by weight, to the last unit", async () => {
      const weights = [5n, 7n, 11n, 4_294_967_295n];
      const members = fixture.keys.map(({ x, y }, i) => ({ x, y, weight: weights[i]! }));
      await fixture.set.forceRotation!(members, weights[3], 0n);
      await prepay(FEE);
      const batch = await sampleBatch(fixture, LENGTH);
      await seal(fixture, batch);
      await record(batch, [0, 1, 3], 1n, await inbox.attestationMessage!(batch.id, 1n));
      await later(LATE_WINDOW + 1n);
      await fees.settle!([batch.id]);
      const total = weights[0]! + weights[1]! + weights[3]!;
      const shares = await Promise.all(fixture.keys.map(due));
      assert.equal(shares[0], (FEE * 5n) / total);
      assert.equal(shares[1], (FEE * 12n) / total - shares[0]!);
      assert.equal(shares[2], 0n);
      assert.equal(
        shares.reduce((sum, share) => sum + share),
        FEE,
      );
    });

    it("pays a batch once, whatever epochs certify it", async () => {
      const batch = await certifiedBatch([0, 1, 2]);
      const members = fixture.keys.map(({ x, y }) => ({ x, y, weight: 1n }));
      await fixture.set.forceRotation!(members, 3n, (1n << 40n) - 1n);
      const renewed = await inbox.attestationMessage!(batch.id, 1n);
      await record(batch, [1, 2, 3], 1n, renewed);
      const { signers, epoch } = await fees.escrowOf!(batch.id);
      assert.deepEqual([signers, epoch], [0b111n, 0n]);
      await later(LATE_WINDOW + 1n);
      await fees.settle!([batch.id]);
      assert.equal(await due(fixture.keys[3]!), 0n);
      await fixture.set.forceRotation!(members, 3n, (1n << 40n) - 1n);
      await record(batch, [1, 2, 3], 2n, await inbox.attestationMessage!(batch.id, 2n));
      await fees.settle!([batch.id]);
      assert.equal(await due(fixture.keys[1]!), FEE / 3n);
    });

    it("takes several batches of several epochs, and at most sixteen", async () => {
      const first = await certifiedBatch([0, 1, 2, 3]);
      const second = await certifiedBatch([0, 1, 2, 3], 8n);
      const members = fixture.keys.map(({ x, y }) => ({ x, y, weight: 1n }));
      await fixture.set.forceRotation!(members, 3n, 0n);
      await prepay(FEE);
      const third = await sampleBatch(fixture, LENGTH, { number: 9n });
      await seal(fixture, third);
      await record(third, [0, 1, 2, 3], 1n, await inbox.attestationMessage!(third.id, 1n));
      await refused(fees.settle!(Array(17).fill(first.id)), "DaFeesTooManyBatches", [17n, 16n]);
      await fees.settle!([first.id, ...Array(13).fill(keccakOf("none")), second.id, third.id]);
      assert.deepEqual(await Promise.all(fixture.keys.map(due)), Array(4).fill((3n * FEE) / 4n));
    });

    it("finds a validator again in another epoch, at another place", async () => {
      const [first, ...rest] = fixture.keys;
      await settledBatch([0, 1, 2]);
      const others = rest.map(({ x, y }) => ({ x, y, weight: 1n }));
      await fixture.set.forceRotation!(others, 2n, 0n);
      await prepay(FEE);
      const batch = await sampleBatch(fixture, LENGTH, { number: 8n });
      await seal(fixture, batch);
      const message = await inbox.attestationMessage!(batch.id, 1n);
      await inbox.recordCertificate!(batch.id, 1n, votes(rest, [0, 1, 2], message));
      await fees.settle!([batch.id]);
      assert.equal(await due(first!), FEE / 3n);
      assert.equal(await due(rest[0]!), (2n * FEE) / 3n);
    });

    it("waits for the end of a pause", async () => {
      const batch = await certifiedBatch([0, 1, 2, 3]);
      await fees.pause!();
      await refused(fees.settle!([batch.id]), "EnforcedPause");
      await refused(prepay(1n), "EnforcedPause");
      await fees.unpause!();
      await fees.settle!([batch.id]);
    });
  });

  describe("naming a payout address", () => {
    const RECEIVER = "0x0000000000000000000000000000000000002222";
    let key: FixedKey;
    beforeEach(() => {
      key = fixture.keys[1]!;
    });
    const name = (by: FixedKey, payout: string, { r, s }: { r: bigint; s: bigint }) =>
      as(fees, fixture.stranger).setPayout!(by.x, by.y, payout, r, s) as Promise<unknown>;
    const message = async (changes: Partial<Parameters<typeof payoutMessage>[0]> = {}) =>
      payoutMessage({
        daChainId: 31_337n,
        fees: BigInt(await fees.getAddress()),
        validator: key.publicKey,
        receiver: BigInt(RECEIVER),
        counter: 0n,
        ...changes,
      });

    it("takes the validator's signature over the protocol's message, whoever brings it", async () => {
      assert.equal(await fees.payoutMessage!(key.publicKey, RECEIVER), await message());
      await name(key, RECEIVER, sign(key, await message()));
      assert.deepEqual((await fees.accountOf!(key.publicKey)).toArray(), [0n, 1n, RECEIVER]);
    });

    it("refuses the same signature again", async () => {
      const signature = sign(key, await message());
      await name(key, RECEIVER, signature);
      await refused(name(key, RECEIVER, signature), "MinaSchnorrWrongSignature");
      await name(key, RECEIVER, sign(key, await message({ counter: 1n })));
      await refused(name(key, RECEIVER, signature), "MinaSchnorrWrongSignature");
    });

    it("refuses a signature for another chain, contract, key, address or count", async () => {
      const wrong = [
        { daChainId: 1n },
        { fees: BigInt(await inbox.getAddress()) },
        { validator: fixture.keys[2]!.publicKey },
        { validator: { ...key.publicKey, isOdd: !key.publicKey.isOdd } },
        { receiver: 1n },
        { counter: 1n },
      ];
      for (const changes of wrong) {
        const signature = sign(key, await message(changes));
        await refused(name(key, RECEIVER, signature), "MinaSchnorrWrongSignature");
      }
    });

    it("refuses another validator's signature", async () => {
      const forged = sign(fixture.keys[2]!, await message());
      await refused(name(key, RECEIVER, forged), "MinaSchnorrWrongSignature");
    });

    it("refuses the negated key, whose account is another", async () => {
      const signature = sign(key, await message());
      const twin = { ...key, y: FIELD_MODULUS - key.y };
      await refused(name(twin, RECEIVER, signature), "MinaSchnorrWrongSignature");
    });

    it("refuses what is not canonical, the zero key, and the zero address", async () => {
      const { r, s } = sign(key, await message());
      await refused(name(key, RECEIVER, { r: r + FIELD_MODULUS, s }), "MinaSchnorrNonceNotCanonical");
      await refused(name(key, RECEIVER, { r, s: s + SCALAR_MODULUS }), "MinaSchnorrScalarNotCanonical");
      const high = { ...key, x: key.x + FIELD_MODULUS };
      await refused(name(high, RECEIVER, { r, s }), "PoseidonFieldNotCanonical");
      await refused(name({ ...key, x: 0n, y: 0n }, RECEIVER, { r, s }), "MinaSchnorrKeyIsZero");
      await refused(name(key, ZeroAddress, { r, s }), "DaFeesPayoutZero");
      const outside = { x: FIELD_MODULUS, isOdd: false };
      await refused(fees.payoutMessage!(outside, RECEIVER), "PoseidonFieldNotCanonical");
    });

    it("waits for the end of a pause", async () => {
      const signature = sign(key, await message());
      await fees.pause!();
      await refused(name(key, RECEIVER, signature), "EnforcedPause");
      await fees.unpause!();
      await name(key, RECEIVER, signature);
    });
  });

  describe("claiming", () => {
    const RECEIVER = "0x0000000000000000000000000000000000003333";
    const paid = () => fixture.ethers.provider.getBalance(RECEIVER);

    it("pays what is due to the address that the validator named, whoever calls, once", async () => {
      await settledBatch([0, 1, 3]);
      const key = fixture.keys[1]!;
      await setPayout(key, RECEIVER);
      await as(fees, fixture.stranger).claim!(key.publicKey);
      assert.equal(await paid(), FEE / 3n);
      assert.equal(await held(), (2n * FEE) / 3n);
      await refused(fees.claim!(key.publicKey), "DaFeesNothingDue", [[key.publicKey.x, key.publicKey.isOdd]]);
    });

    it("refuses a validator without an address", async () => {
      await settledBatch([0, 1, 3]);
      const { publicKey } = fixture.keys[1]!;
      await refused(fees.claim!(publicKey), "DaFeesPayoutUnknown", [[publicKey.x, publicKey.isOdd]]);
    });

    it("goes on during a pause, and so does a rollup's way to its balance", async () => {
      await settledBatch([0, 1, 3]);
      await prepay(10n);
      const key = fixture.keys[0]!;
      await setPayout(key, RECEIVER);
      await fees.pause!();
      await fees.claim!(key.publicKey);
      await fees.withdraw!(fixture.rollup, 10n, RECEIVER);
      assert.equal(await paid(), FEE / 3n + 10n);
    });

    it("loses nothing when the receiver refuses, and pays another that is named after", async () => {
      await settledBatch([0, 1, 3]);
      const key = fixture.keys[0]!;
      const refusing = await (await deploy(fixture.ethers, "RefusingReceiver")).getAddress();
      await setPayout(key, refusing);
      await refused(fees.claim!(key.publicKey), "DaFeesPaymentFailed", [refusing]);
      assert.equal(await due(key), FEE / 3n);
      await setPayout(key, RECEIVER);
      await fees.claim!(key.publicKey);
      assert.equal(await paid(), FEE / 3n);
    });

    it("pays once to a receiver that calls back", async () => {
      await settledBatch([0, 1, 3]);
      const key = fixture.keys[0]!;
      const greedy = await deploy(fixture.ethers, "GreedyReceiver", await fees.getAddress());
      await greedy.register!(await inbox.getAddress(), key.publicKey);
      await setPayout(key, await greedy.getAddress());
      await fees.claim!(key.publicKey);
      assert.deepEqual([await greedy.payments!(), await greedy.successes!()], [1n, 0n]);
      assert.equal(await held(), (2n * FEE) / 3n);
    });

    it("does not copy what a receiver answers", async () => {
      await settledBatch([0, 1, 3]);
      const key = fixture.keys[0]!;
      await setPayout(key, await (await deploy(fixture.ethers, "VerboseReceiver")).getAddress());
      const { gasUsed } = await (await fees.claim!(key.publicKey)).wait();
      // A million bytes cost the receiver two million gas; copied, they would cost the payer as much again.
      assert.ok(gasUsed < 3_000_000n, `${gasUsed} gas`);
    });
  });

  it("keeps its state through an upgrade, which the owner alone can make", async () => {
    await settledBatch([0, 1, 3]);
    await prepay(5n);
    const next = await (await deploy(fixture.ethers, "DaFees")).getAddress();
    await refused(as(fees, fixture.stranger).upgradeToAndCall!(next, "0x"), "OwnableUnauthorizedAccount");
    await fees.upgradeToAndCall!(next, "0x");
    assert.equal(await due(fixture.keys[0]!), FEE / 3n);
    assert.equal(await balance(), 5n);
  });

  it("is initialised once, by the inbox that made it", async () => {
    const { address } = fixture.owner;
    const again = fees.initialize!(address, address, address, { price: 0n, lateWindow: 60n });
    await refused(again, "InvalidInitialization");
  });

  it("tells of every change", async () => {
    await settledBatch([0, 1, 3]);
    const late = await certifiedBatch([0, 1, 2], 8n);
    await fees.addLateVotes!(late.id, votes(fixture.keys, [3], late.message));
    await setPayout(fixture.keys[0]!, fixture.stranger.address);
    await fees.claim!(fixture.keys[0]!.publicKey);
    const unsigned = await sampleBatch(fixture, LENGTH, { number: 9n });
    await prepay(FEE);
    await seal(fixture, unsigned);
    await fees.requestReturn!(unsigned.id);
    await later(WEEK);
    await fees.returnFee!(unsigned.id);
    await fees.withdraw!(fixture.rollup, 1n, fixture.owner.address);
    await fees.setPrice!(1n);
    const logs = await fixture.ethers.provider.getLogs({ address: await fees.getAddress(), fromBlock: 0 });
    const names = logs.map((log) => fees.interface.parseLog(log)?.name);
    assert.deepEqual(names.slice(names.indexOf("TermsChanged")), [
      ...["TermsChanged", "Initialized"],
      ...["Prepaid", "FeeReserved", "FeeEarned", "FeeShared", "FeeShared", "FeeShared", "FeeSettled"],
      ...["Prepaid", "FeeReserved", "FeeEarned", "LateSignersAdded"],
      ...["PayoutChanged", "Claimed"],
      ...["Prepaid", "FeeReserved", "ReturnRequested", "FeeReturned", "Withdrawn", "TermsChanged"],
    ]);
  });
});
