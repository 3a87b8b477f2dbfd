import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { genesisSnapshot } from "../../ledger/index.ts";
import { outerAtGenesis, type State, validatorEpochsHash } from "../../protocol/index.ts";
import { BatchPipeline } from "../../sequencer/batches/BatchPipeline.ts";
import type { BatchRecord } from "../../sequencer/batches/BatchRecord.ts";
import { ValidatorHistory } from "../../sequencer/settlement/ValidatorHistory.ts";
import { silentLogger, systemClock } from "../../service/index.ts";
import { alice, testGenesis } from "./support/testDeployment.ts";

const genesis = testGenesis();
const source = genesisSnapshot(genesis).state;

function batch(number: bigint, target: State): BatchRecord {
  return {
    number,
    step: "quorumProved",
    source,
    target,
    landBy: 2n ** 32n - 1n,
    feeRecipient: alice.publicKey,
    firstBlock: number,
    nextBlock: number + 1n,
    transactions: 0,
    newAccounts: 0,
    leaves: { ledger: 1, index: 1 },
    closedAtMs: 0,
    proofSeconds: {},
    reachedMs: {},
    certificate: { epoch: "0" } as never,
  };
}

/** Validators that never change. */
const outer = outerAtGenesis(genesis, source);
const validators = new ValidatorHistory({ genesis, outer }, {} as never);
const field = validatorEpochsHash(outer.validators);

describe("a batch that L1 can no longer take", { timeout: 60_000 }, () => {
  it("is given up while it waits for a quorum that never comes", async () => {
    const expired = Promise.withResolvers<bigint>();
    const atWindowsEnd = { slot: 2n ** 32n - 1n, height: 1n, hash: "" };
    const pipeline = new BatchPipeline(
      { pollMs: 10, domain: 0n } as never,
      {
        store: {
          batches: async () => [
            { ...batch(1n, { ...source, batch: 1n }), step: "sealed", posting: { id: "0x" } as never },
          ],
        },
        relay: { certificate: async () => undefined },
        da: { certificateOf: async () => undefined },
        follower: { view: { accepted: 0n, head: atWindowsEnd, nonce: 0n, validators: field } },
        validators,
        outerBefore: () => outer,
        onExpired: async ({ number }: BatchRecord) => expired.resolve(number),
        clock: systemClock,
        log: silentLogger,
      } as never,
    );
    await pipeline.start();
    assert.equal(await expired.promise, 1n);
    await pipeline.stop();
    assert.deepEqual(pipeline.batches, []);
  });

  it("takes with it one that was closed while the chain was being taken back", async () => {
    const expired = Promise.withResolvers<void>();
    const late = batch(2n, { ...source, batch: 2n });
    const pipeline: BatchPipeline = new BatchPipeline(
      { pollMs: 10 } as never,
      {
        store: { batches: async () => [] },
        follower: {
          view: {
            accepted: 0n,
            head: { slot: 2n ** 32n - 1n, height: 1n, hash: "" },
            nonce: 0n,
            validators: field,
          },
        },
        validators,
        outerBefore: () => outer,
        onExpired: async () => {
          pipeline.add(late);
          setImmediate(expired.resolve);
        },
        clock: systemClock,
        log: silentLogger,
      } as never,
    );
    pipeline.add(batch(1n, { ...source, batch: 1n }));
    await expired.promise;
    const left = pipeline.batches;
    await pipeline.stop();
    assert.deepEqual(left, []);
  });
});
