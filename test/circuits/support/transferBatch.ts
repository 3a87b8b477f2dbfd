import type { LedgerBatch } from "../../../circuits/ledger/index.ts";
import { type ExecutedBatch, executeBatch, type Snapshot } from "../../../ledger/index.ts";
import {
  INNER_KEY,
  type LedgerConstants,
  NANOMINA,
  NONCE_BASE,
  type ZkappCommand,
} from "../../../protocol/index.ts";
import { signed, testKey, transfer, update } from "../../ledger/support/commands.ts";
import { testSnapshot } from "../../ledger/support/genesis.ts";

/** The context of `testGenesis`. */
export const testContext: LedgerConstants = {
  domain: 11n,
  nonceBase: NONCE_BASE,
  creationFee: NANOMINA,
  innerKey: INNER_KEY,
  innerVerificationKeyHash: 77n,
};

const [alice, bob, carol, dave, erin] = [0, 1, 2, 50, 51].map(testKey) as [
  ReturnType<typeof testKey>,
  ReturnType<typeof testKey>,
  ReturnType<typeof testKey>,
  ReturnType<typeof testKey>,
  ReturnType<typeof testKey>,
];

/**
 * One command of each kind: a transfer, one that funds a new account, a forest three levels deep whose updates call,
 * are called and create an account that pays for itself, and a fee payer alone.
 */
export const commandsOfEachKind: readonly ZkappCommand[] = [
  transfer({ from: alice, to: bob.publicKey, amount: 5n, nonce: NONCE_BASE, fee: 1000n, memo: "hello" }),
  transfer({
    from: alice,
    to: dave.publicKey,
    amount: 5n * NANOMINA,
    nonce: NONCE_BASE + 1n,
    fee: 7n,
    creationFee: NANOMINA,
  }),
  signed({
    feePayer: { key: bob, nonce: NONCE_BASE, validUntil: 50n },
    updates: [
      update(carol.publicKey, {
        balanceChange: -3n * NANOMINA,
        incrementNonce: true,
        nonce: { lower: NONCE_BASE, upper: NONCE_BASE },
        signed: true,
      }),
      update(alice.publicKey, { balanceChange: NANOMINA, callDepth: 1, mayUseToken: "parentsOwnToken" }),
      update(dave.publicKey, {
        callDepth: 2,
        mayUseToken: "inheritFromParent",
        useFullCommitment: true,
        signed: true,
      }),
      update(erin.publicKey, {
        balanceChange: 2n * NANOMINA,
        callDepth: 1,
        implicitAccountCreationFee: true,
        validWhile: { lower: 1n, upper: 20n },
      }),
      update(bob.publicKey),
    ],
  }),
  signed({ feePayer: { key: bob, nonce: NONCE_BASE + 1n, fee: 12n } }),
];

/** Blocks at slots 4 and 9 with these commands, and an empty one at slot 10; carol gets the fees. */
export function executeCommands(commands: readonly ZkappCommand[], source: Snapshot = testSnapshot()) {
  const half = Math.ceil(commands.length / 2);
  const blocks = [
    { slot: 4n, timestampMs: 0n, commands: commands.slice(0, half) },
    { slot: 9n, timestampMs: 0n, commands: commands.slice(half) },
    { slot: 10n, timestampMs: 0n, commands: [] },
  ];
  return executeBatch(source, { blocks, feeRecipient: carol.publicKey }, { traces: true });
}

export function ledgerBatch(batch: ExecutedBatch, context: LedgerConstants = testContext): LedgerBatch {
  return { context, source: batch.source.state, traces: batch.traces! };
}
