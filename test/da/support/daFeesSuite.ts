import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { BatchId, DaFees, Hex } from "../../../da/index.ts";
import { signFields } from "../../../protocol/index.ts";
import { type ClaimModules, claimFees, feeStandings } from "../../../scripts/validator/claimFees.ts";
import { hasCode } from "../../support/hasCode.ts";
import type { DaChain } from "./daClientSuite.ts";
import {
  attestations,
  connect,
  type Deployment,
  deployment,
  sampleBatch,
  validatorKeys,
} from "./deployment.ts";
import { ask, fundedKeys } from "./hardhatNode.ts";

const PRICE = 1_000n;
const LENGTH = 60;
/** Decodes to twice as much. */
const FEE = 2n * BigInt(LENGTH) * PRICE;
const receiver = (digit: string): Hex => `0x${digit.repeat(40)}`;

/** Paying for posting, and being paid for signing, on any chain: nothing here turns its clock. */
export function daFeesSuite(name: string, start: () => Promise<DaChain>): void {
  describe(`DaFees on ${name}`, () => {
    let chain: DaChain;
    let d: Deployment;
    let fees: DaFees;
    let number = 0n;
    before(async () => {
      chain = await start();
      d = await deployment(chain.url, { price: PRICE, lateWindowSeconds: 604_800 });
      fees = await d.client.fees();
    });
    after(async () => {
      d?.client.close();
      await chain?.close();
    });
    const open = () => d.client.openBatch(sampleBatch(d.rollup, LENGTH, ++number).request);
    /** A batch that these slots have certified. */
    async function certified(slots: readonly number[]): Promise<BatchId> {
      await fees.prepay(d.rollup, FEE);
      const batch = sampleBatch(d.rollup, LENGTH, ++number);
      const id = await d.client.openBatch(batch.request);
      await d.client.postChunks(id, batch.chunks);
      const signed = await attestations(d.client, id, slots);
      await d.client.recordCertificate({ batch: id, epoch: 0n, attestations: signed });
      return id;
    }
    const coinsOf = async (address: Hex) =>
      BigInt((await ask(chain.url, "eth_getBalance", [address, "latest"])) as string);
    const modules = (slot: number, attests = false): ClaimModules => ({
      da: d.client,
      fees,
      sign: (message) => signFields(validatorKeys[slot]!.privateKey, [message]),
      ...(attests ? { attestation: async (id) => (await attestations(d.client, id, [slot]))[0] } : {}),
    });
    const options = (slot: number, payout?: Hex) => ({
      validator: validatorKeys[slot]!.publicKey,
      from: 0,
      payout,
    });

    it("says what posting costs", async () => {
      assert.deepEqual(await fees.terms(), { price: PRICE, lateWindowSeconds: 604_800 });
    });

    it("refuses a batch that is not paid for, by the contract's name for it", async () => {
      await assert.rejects(open(), (error: { code?: string; data?: { error?: string } }) => {
        assert.deepEqual([error.code, error.data?.error], ["DA_REVERTED", "DaFeesBalanceTooLow"]);
        return true;
      });
    });

    it("takes a prepayment, sets a fee aside, and gives it back with the batch", async () => {
      await fees.prepay(d.rollup, FEE + 7n);
      const id = await open();
      assert.equal(await fees.balanceOf(d.rollup), 7n);
      assert.deepEqual(await fees.feeOf(id), { amount: FEE });
      await d.client.dropBatch(id);
      assert.equal(await fees.balanceOf(d.rollup), FEE + 7n);
      assert.equal(await fees.feeOf(id), undefined);
    });

    it("pays everybody who signed, where each wants it, once", async () => {
      await certified([0, 1, 2, 3]);
      const paid = await claimFees(options(0, receiver("1")), modules(0));
      assert.deepEqual([paid.settled.length, paid.paid, paid.payout], [1, FEE / 4n, receiver("1")]);
      assert.equal(await coinsOf(receiver("1")), FEE / 4n);
      const again = await claimFees(options(0, receiver("1")), modules(0));
      assert.deepEqual([again.settled, again.paid, again.transaction], [[], 0n, undefined]);
      const second = await claimFees(options(1, receiver("2")), modules(1));
      assert.equal(second.paid, FEE / 4n);
    });

    it("pays to the address named before, until another one is named", async () => {
      await certified([0, 1, 2, 3]);
      assert.equal((await claimFees(options(0), modules(0))).payout?.toLowerCase(), receiver("1"));
      assert.equal(await coinsOf(receiver("1")), FEE / 2n);
      await certified([0, 1, 2, 3]);
      const { counter } = await fees.accountOf(validatorKeys[0]!.publicKey);
      await claimFees(options(0, receiver("3")), modules(0));
      assert.equal((await fees.accountOf(validatorKeys[0]!.publicKey)).counter, counter + 1n);
      assert.equal(await coinsOf(receiver("3")), FEE / 4n);
    });

    it("pays the account that pays for the transactions where no address was ever named", async () => {
      const payer = await connect(chain.url, d.addresses, fundedKeys[2]);
      const own = await payer.fees();
      const result = await claimFees(options(2), { ...modules(2), fees: own });
      assert.equal(result.payout, own.account);
      payer.close();
    });

    it("lets a validator join that the certificate left out, with what its own signer signed", async () => {
      const id = await certified([0, 1, 2]);
      const before = await feeStandings(options(3), { da: d.client, fees });
      const standing = before.find(({ batch }) => batch === id)!;
      assert.deepEqual(
        [standing.counted, standing.ready, standing.share, standing.slot],
        [false, false, FEE / 4n, 3],
      );
      const unsigned = await claimFees(options(3, receiver("4")), modules(3));
      assert.deepEqual(unsigned.joined, []);
      const joined = await claimFees(options(3, receiver("4")), modules(3, true));
      assert.deepEqual(joined.joined, [id]);
      const after_ = await feeStandings(options(3), { da: d.client, fees });
      assert.deepEqual(
        after_.filter(({ batch }) => batch === id).map(({ counted, ready }) => [counted, ready]),
        [[true, true]],
      );
      const paid = await claimFees(options(3, receiver("4")), modules(3));
      assert.deepEqual(paid.settled, [id]);
    });

    it("does not settle before time, nor for a validator that has no part", async () => {
      const id = await certified([0, 1, 2]);
      for (const slot of [0, 3]) {
        const { settled } = await claimFees(options(slot, receiver("5")), modules(slot));
        assert.deepEqual(settled, []);
      }
      assert.ok((await fees.feeOf(id))?.earned);
      await assert.rejects(fees.settle([id]), hasCode("DA_REVERTED"));
    });

    it("shows nothing to who is no validator", async () => {
      const stranger = { ...options(0), validator: { x: 1n, isOdd: true } };
      assert.deepEqual(await feeStandings(stranger, { da: d.client, fees }), []);
    });
  });
}
