import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { type JsonProof, verify } from "o1js";
import {
  ChildProver,
  defaultCacheDirectory,
  LedgerErrors,
  ledgerHash,
  ledgerLeaves,
  proverOptions,
  readKey,
  STEPS_PER_PROOF,
} from "../../circuits/index.ts";
import { NONCE_BASE } from "../../protocol/index.ts";
import { executeCommands, ledgerBatch } from "../circuits/support/transferBatch.ts";
import { testKey, transfer } from "../ledger/support/commands.ts";

/** Transfers of three updates, the third of which creates an account: more than one proof holds. */
const COMMANDS = 10;
const commands = Array.from({ length: COMMANDS }, (_, i) =>
  transfer({
    from: testKey(0),
    to: testKey(i === 2 ? 60 : 1).publicKey,
    amount: 5n,
    nonce: NONCE_BASE + BigInt(i),
    fee: 1000n,
    ...(i === 2 && { creationFee: 1_000_000_000n }),
  }),
);

describe("LedgerProgram, proved", () => {
  const prover = new ChildProver(proverOptions(defaultCacheDirectory(process.env)));
  after(() => prover.stop());
  const { signed, fees } = ledgerLeaves(ledgerBatch(executeCommands(commands)), STEPS_PER_PROOF);
  const [first, second] = signed as [(typeof signed)[0], (typeof signed)[0]];
  const key = () => readKey("ledger").data;
  let full: JsonProof;

  it("proves a full leaf that ends in the middle of a command, and nothing but its statement", async () => {
    assert.equal(signed.length, 2);
    assert.equal(first.updates.length, STEPS_PER_PROOF);
    assert.notEqual(second.from.local.frame.calls, 0n);
    full = await prover.prove({ program: "ledger", branch: "signed", input: first });
    assert.ok(await verify(full, key()));
    assert.deepEqual(
      full.publicInput,
      [first.from, second.from].map((state) => ledgerHash(state).toString()),
    );
    const elsewhere = { ...full, publicInput: [full.publicInput[0]!, full.publicInput[0]!] };
    assert.equal(await verify(elsewhere, key()), false);
  });

  it("does not join ranges that do not meet", async () => {
    const payout = await prover.prove({ program: "ledger", branch: "fees", input: fees });
    assert.ok(await verify(payout, key()));
    await assert.rejects(
      prover.prove({ program: "ledger", branch: "merge", input: { first: full, second: payout } }),
      hasReason(LedgerErrors.mergeMiddles),
    );
  });

  it("refuses a witness that breaks a rule, and says which", async () => {
    const [update, ...rest] = first.updates;
    const before = { ...update!.before!, balance: update!.before!.balance + 1n };
    const input = { ...first, updates: [{ ...update!, before }, ...rest] };
    await assert.rejects(
      prover.prove({ program: "ledger", branch: "signed", input }),
      hasReason(LedgerErrors.accountNotInLedger),
    );
  });
});

function hasReason(text: string) {
  return (error: unknown) => JSON.stringify(error, Object.getOwnPropertyNames(error)).includes(text);
}
