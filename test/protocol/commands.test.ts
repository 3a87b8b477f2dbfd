import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { AccountUpdate, Mina, PrivateKey, Types, UInt32 } from "o1js";
import { commandFromJson, commandToJson, MAX_UPDATES } from "../../protocol/index.ts";
import { sampleCommand } from "../../scripts/vectors/batchVectors.ts";
import { hasCode } from "../support/hasCode.ts";

type Json = Record<string, unknown>;
const local = await Mina.LocalBlockchain({ proofsEnabled: false });
Mina.setActiveInstance(local);
const [payer] = local.testAccounts;
const receiver = PrivateKey.fromBigInt(99n).toPublicKey();

/** What stock o1js makes of a transfer to a new account. */
async function transferJson(): Promise<Json> {
  const tx = await Mina.transaction({ sender: payer, fee: 1e8, memo: "hello" }, async () => {
    AccountUpdate.fundNewAccount(payer);
    AccountUpdate.createSigned(payer).send({ to: receiver, amount: 5e9 });
  });
  return JSON.parse(tx.sign([payer.key]).toJSON());
}
const transfer = await transferJson();

/** A copy of the transfer with the value at a path set. */
function withValue(path: string, value: unknown): Json {
  const copy = structuredClone(transfer);
  const names = path.split(".");
  const last = names.pop()!;
  const parent = names.reduce((at, name) => at[name] as Json, copy);
  parent[last] = value;
  return copy;
}

describe("commands from JSON", () => {
  it("reads what o1js makes of send and fundNewAccount, and writes the same JSON", () => {
    const command = commandFromJson(transfer);
    assert.equal(command.updates.length, 3);
    assert.deepEqual(JSON.parse(JSON.stringify(commandToJson(command))), transfer);
  });
  it("reads a validUntil, a nonce precondition and a call tree", async () => {
    const other = PrivateKey.fromBigInt(7n);
    const tx = await Mina.transaction({ sender: payer, fee: 1e8 }, async () => {
      const update = AccountUpdate.create(other.toPublicKey());
      update.account.nonce.requireBetween(UInt32.from(3), UInt32.from(3));
      update.send({ to: receiver, amount: 1 });
    });
    tx.transaction.feePayer.body.validUntil = UInt32.from(1000);
    tx.transaction.feePayer.lazyAuthorization = { kind: "lazy-signature" };
    const json = JSON.parse(tx.sign([payer.key]).toJSON());
    const command = commandFromJson(json);
    assert.equal(command.feePayer.validUntil, 1000n);
    assert.deepEqual(command.updates[0]!.nonce, { lower: 3n, upper: 3n });
    assert.deepEqual(
      command.updates.map((u) => u.callDepth),
      [0, 1],
    );
    assert.deepEqual(JSON.parse(JSON.stringify(commandToJson(command))), json);
  });
  it("writes JSON that o1js reads to the same command", () => {
    const json = JSON.parse(JSON.stringify(commandToJson(sampleCommand("round"))));
    const back = Types.ZkappCommand.toJSON(Types.ZkappCommand.fromJSON(json));
    assert.deepEqual(JSON.parse(JSON.stringify(back)), json);
  });

  const first = "accountUpdates.0.body";
  const unsupported: [string, unknown][] = [
    [`${first}.update.appState`, ["1", null, null, null, null, null, null, null]],
    [`${first}.update.delegate`, receiver.toBase58()],
    [`${first}.update.verificationKey`, { data: "", hash: "1" }],
    [`${first}.update.permissions`, { send: "None" }],
    [`${first}.update.zkappUri`, "https://example.org"],
    [`${first}.update.tokenSymbol`, "ABC"],
    [`${first}.update.timing`, { cliffTime: "1" }],
    [`${first}.update.votingFor`, "1"],
    [`${first}.update.somethingNew`, 1],
    [`${first}.events`, [["1"]]],
    [`${first}.actions`, [["1"]]],
    [`${first}.callData`, "1"],
    [`${first}.preconditions.network.blockchainLength`, { lower: "0", upper: "1" }],
    [`${first}.preconditions.network.stakingEpochData.seed`, "1"],
    [`${first}.preconditions.account.balance`, { lower: "0", upper: "1" }],
    [`${first}.preconditions.account.state`, ["1", null, null, null, null, null, null, null]],
    [`${first}.preconditions.account.isNew`, true],
    [`${first}.preconditions.account.provedState`, true],
    [`${first}.tokenId`, "xxuXrE9Zn6C1tyLAnoJAjwrjaMzH1JbKnQ5cUS2wVfJ2PBKJGu"],
    [`${first}.authorizationKind.isProved`, true],
    ["accountUpdates.0.authorization.proof", "AAAA"],
  ];
  for (const [path, value] of unsupported) {
    it(`refuses ${path} that is set`, () => {
      assert.throws(
        () => commandFromJson(withValue(path, value)),
        (error) => {
          const { code } = error as { code: string };
          return code === "COMMAND_UNSUPPORTED" || (path.endsWith("tokenId") && code === "COMMAND_MALFORMED");
        },
      );
    });
  }
  const malformed: [string, unknown][] = [
    ["feePayer", null],
    ["feePayer.body.fee", "-1"],
    ["feePayer.body.fee", "18446744073709551616"],
    ["feePayer.body.fee", "01"],
    ["feePayer.body.fee", 1.5],
    ["feePayer.body.nonce", "4294967296"],
    ["feePayer.body.publicKey", "B62"],
    ["feePayer.authorization", "7m"],
    ["memo", "hello"],
    ["accountUpdates", {}],
    [`${first}.balanceChange`, { magnitude: "0", sgn: "Negative" }],
    [`${first}.balanceChange.sgn`, "Sideways"],
    [`${first}.mayUseToken`, { parentsOwnToken: true, inheritFromParent: true }],
    [`${first}.incrementNonce`, "true"],
    [`${first}.authorizationKind.verificationKeyHash`, "0"],
    ["accountUpdates.2.authorization.signature", transfer.feePayer],
  ];
  for (const [path, value] of malformed) {
    it(`refuses ${path} = ${JSON.stringify(value).slice(0, 40)}`, () => {
      assert.throws(() => commandFromJson(withValue(path, value)), hasCode("COMMAND_MALFORMED"));
    });
  }
  it("refuses JSON that is no command at all", () => {
    for (const json of [null, undefined, 1, "x", [], {}])
      assert.throws(() => commandFromJson(json), hasCode("COMMAND_MALFORMED"));
  });
  it("takes as many account updates as the limit says, and not one more", () => {
    const update = (transfer.accountUpdates as unknown[])[0];
    const many = (count: number) =>
      withValue(
        "accountUpdates",
        Array.from({ length: count }, () => update),
      );
    assert.equal(commandFromJson(many(MAX_UPDATES)).updates.length, MAX_UPDATES);
    assert.throws(() => commandFromJson(many(MAX_UPDATES + 1)), hasCode("COMMAND_TOO_LARGE"));
  });
  it("takes the last slot of all for no bound, as Mina hashes it", () => {
    const unbounded = commandFromJson(withValue("feePayer.body.validUntil", "4294967295"));
    assert.equal(unbounded.feePayer.validUntil, null);
  });
  it("refuses a call depth that skips a level", () => {
    assert.throws(() => commandFromJson(withValue(`${first}.callDepth`, 1)), hasCode("COMMAND_CALL_DEPTH"));
  });
});
