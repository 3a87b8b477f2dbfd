import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { commandToJson, NONCE_BASE, publicKeyToBase58, type ZkappCommand } from "../../protocol/index.ts";
import { RemoteError, requestJson } from "../../service/index.ts";
import { signed, type Transfer, transfer, update } from "../ledger/support/commands.ts";
import { TestRollup } from "./support/TestRollup.ts";
import { alice, bob, carol, feeRecipient, MINA } from "./support/testDeployment.ts";
import { accepted, closeBatch, get, query, send } from "./support/userCalls.ts";

const FEE = MINA;
const pay = (changes: Partial<Transfer>) =>
  transfer({ from: alice, to: bob.publicKey, amount: 1n, nonce: NONCE_BASE, fee: FEE, ...changes });

type Json = ReturnType<typeof commandToJson>;
/** A good transfer's JSON with one thing changed behind its signatures' back. */
function spoilt(change: (json: Json) => void): Json {
  const json = structuredClone(commandToJson(pay({})));
  change(json);
  return json;
}

describe("the sequencer's door", async () => {
  const rollup = new TestRollup();
  const { url } = await rollup.start({ "sequencer.pool-per-sender": 3, "sequencer.pool-transactions": 5 });
  const refused = async (command: ZkappCommand | object, code: string) =>
    assert.deepEqual(await send(url, command), { code });
  const status = () => get<{ pending: number; block: { height: string } }>(url, "/v1/status");

  const cases: readonly [name: string, command: () => ZkappCommand | object, code: string][] = [
    ["a fee below the floor", () => pay({ fee: 999_999n }), "MEMPOOL_FEE_TOO_LOW"],
    ["a nonce that is used up", () => pay({ nonce: NONCE_BASE - 1n }), "MEMPOOL_NONCE_STALE"],
    ["a nonce too far ahead", () => pay({ nonce: NONCE_BASE + 4n }), "MEMPOOL_NONCE_TOO_FAR"],
    ["more than the sender has", () => pay({ amount: 1_000n * MINA }), "EXECUTION_BALANCE"],
    ["a fee that the sender does not have", () => pay({ fee: 1_001n * MINA }), "EXECUTION_BALANCE"],
    [
      "a waiting transaction whose fee the sender does not have",
      () => pay({ fee: 1_001n * MINA, nonce: NONCE_BASE + 1n }),
      "EXECUTION_BALANCE",
    ],
    ["a sender without account", () => pay({ from: carol }), "EXECUTION_FEE_PAYER_UNKNOWN"],
    ["a new account that nobody pays for", () => pay({ to: carol.publicKey }), "EXECUTION_EXCESS"],
    [
      "a slot that has passed",
      () => signed({ feePayer: { key: alice, fee: FEE, nonce: NONCE_BASE, validUntil: 99n } }),
      "MEMPOOL_EXPIRED",
    ],
    [
      "a slot that has not come",
      () =>
        signed({
          feePayer: { key: alice, fee: FEE, nonce: NONCE_BASE },
          updates: [update(bob.publicKey, { validWhile: { lower: 10_000n, upper: 20_000n } })],
        }),
      "EXECUTION_SLOT",
    ],
    [
      "what is taken out and goes nowhere",
      () =>
        signed({
          feePayer: { key: alice, fee: FEE, nonce: NONCE_BASE },
          updates: [update(alice.publicKey, { balanceChange: -5n, useFullCommitment: true, signed: true })],
        }),
      "EXECUTION_EXCESS",
    ],
    [
      "another's money without a signature",
      () =>
        signed({
          feePayer: { key: alice, fee: FEE, nonce: NONCE_BASE },
          updates: [
            update(bob.publicKey, { balanceChange: -5n }),
            update(alice.publicKey, { balanceChange: 5n }),
          ],
        }),
      "EXECUTION_NOT_PERMITTED",
    ],
    [
      "a signature over another command",
      () =>
        spoilt((json) => {
          json.feePayer.authorization = commandToJson(pay({ amount: 2n })).feePayer.authorization;
        }),
      "EXECUTION_SIGNATURE_INVALID",
    ],
    [
      "a waiting transaction with a bad signature",
      () => {
        const json = structuredClone(commandToJson(pay({ nonce: NONCE_BASE + 1n })));
        json.feePayer.authorization = commandToJson(pay({ amount: 2n })).feePayer.authorization;
        return json;
      },
      "EXECUTION_SIGNATURE_INVALID",
    ],
    [
      "a state change",
      () =>
        spoilt((json) => {
          Object.assign(json.accountUpdates[0]!.body.update, { appState: ["1", ...Array(7).fill(null)] });
        }),
      "COMMAND_UNSUPPORTED",
    ],
    [
      "a new delegate",
      () =>
        spoilt((json) => {
          Object.assign(json.accountUpdates[0]!.body.update, { delegate: publicKeyToBase58(bob.publicKey) });
        }),
      "COMMAND_UNSUPPORTED",
    ],
    [
      "an action",
      () =>
        spoilt((json) => {
          Object.assign(json.accountUpdates[0]!.body, { actions: [["1"]] });
        }),
      "COMMAND_UNSUPPORTED",
    ],
    [
      "a token of its own",
      () =>
        spoilt((json) => {
          json.accountUpdates[0]!.body.tokenId = "xBxjFpJkbWpbGua7Lf36S1NLhffFoEChyP3pz6SYKnx7dFCTwg";
        }),
      "COMMAND_UNSUPPORTED",
    ],
    [
      "a balance precondition",
      () =>
        spoilt((json) => {
          Object.assign(json.accountUpdates[0]!.body.preconditions.account, {
            balance: { lower: "1", upper: "2" },
          });
        }),
      "COMMAND_UNSUPPORTED",
    ],
    [
      "an unknown field",
      () =>
        spoilt((json) => {
          Object.assign(json.accountUpdates[0]!.body, { bonus: "1" });
        }),
      "GRAPHQL_INVALID",
    ],
    [
      "a number that is none",
      () =>
        spoilt((json) => {
          json.feePayer.body.fee = "-1";
        }),
      "GRAPHQL_INVALID",
    ],
    [
      "more updates than a command may have",
      () =>
        signed({
          feePayer: { key: alice, fee: FEE, nonce: NONCE_BASE },
          updates: Array.from({ length: 33 }, () => update(bob.publicKey)),
        }),
      "COMMAND_TOO_LARGE",
    ],
  ];
  for (const [name, command, code] of cases) it(`refuses ${name}: ${code}`, () => refused(command(), code));

  it("has taken nothing of all this", async () => {
    const { pending, block } = await status();
    assert.deepEqual({ pending, height: block.height }, { pending: 0, height: "0" });
  });

  it("takes a transaction once, and says so again to who asks again", async () => {
    const first = await accepted(url, pay({}));
    assert.equal(await accepted(url, pay({})), first);
    assert.equal((await status()).pending, 1);
  });

  it("replaces a transaction for a tenth more, not for less", async () => {
    await refused(pay({ amount: 2n, fee: FEE }), "MEMPOOL_REPLACEMENT_FEE");
    await accepted(url, pay({ amount: 2n, fee: (FEE * 12n) / 10n }));
    assert.equal((await status()).pending, 1);
  });

  it("lets later nonces wait for the one between, up to the sender's limit", async () => {
    await accepted(url, pay({ nonce: NONCE_BASE + 2n }));
    await accepted(url, pay({ nonce: NONCE_BASE + 1n }));
    await refused(pay({ nonce: NONCE_BASE + 3n }), "MEMPOOL_SENDER_FULL");
  });

  it("does not break one promise for another", async () => {
    // Bob can only pay the fee recipient because Alice's replaceable transaction paid him.
    await accepted(
      url,
      pay({ from: bob, to: feeRecipient.publicKey, amount: 999n * MINA + 4n, nonce: NONCE_BASE }),
    );
    await refused(pay({ fee: 2n * FEE, amount: 1n }), "MEMPOOL_REPLACEMENT_CONFLICT");
    await accepted(url, pay({ from: feeRecipient, nonce: NONCE_BASE }));
  });

  it("refuses one above the pool's limit", () =>
    refused(pay({ from: bob, nonce: NONCE_BASE + 1n, amount: 0n, fee: 1_000_000n }), "MEMPOOL_FULL"));

  it("does not take again what is in a block", async () => {
    await closeBatch(url);
    assert.equal((await status()).pending, 0);
    await refused(pay({ nonce: NONCE_BASE + 1n }), "MEMPOOL_DUPLICATE");
    await refused(pay({ amount: 77n, nonce: NONCE_BASE + 1n }), "MEMPOOL_NONCE_STALE");
  });
});

describe("the sequencer's HTTP", async () => {
  const { url } = await new TestRollup().start();
  const refusal = async (path: string, json?: unknown) => {
    try {
      await requestJson({ url: `${url}${path}`, ...(json !== undefined && { json }) });
      return "accepted";
    } catch (error) {
      assert.ok(error instanceof RemoteError);
      return error.data;
    }
  };
  const cases: readonly [path: string, json: unknown, status: number, code: string][] = [
    ["/v1/batches/1", undefined, 404, "SEQUENCER_BATCH_UNKNOWN"],
    ["/v1/batches/one", undefined, 400, "SEQUENCER_REQUEST_MALFORMED"],
    ["/v1/batches/1/certificate", undefined, 404, "SEQUENCER_BATCH_UNKNOWN"],
    ["/v1/batches?after=-1", undefined, 400, "SEQUENCER_REQUEST_MALFORMED"],
    ["/v1/blocks/7", undefined, 404, "SEQUENCER_BLOCK_UNKNOWN"],
    ["/v1/blocks/0x7", undefined, 400, "SEQUENCER_REQUEST_MALFORMED"],
    ["/v1/transactions/nonsense", undefined, 400, "SEQUENCER_REQUEST_MALFORMED"],
    ["/v1/batch", { force: true }, 400, "SEQUENCER_REQUEST_MALFORMED"],
    ["/v1/batch", [1], 400, "SEQUENCER_REQUEST_MALFORMED"],
    ["/v1/batch", undefined, 405, "HTTP_METHOD_NOT_ALLOWED"],
    ["/v1/nothing", undefined, 404, "HTTP_NOT_FOUND"],
  ];
  for (const [path, json, status, code] of cases)
    it(`answers ${path}${json === undefined ? "" : ` with ${JSON.stringify(json)}`}: ${code}`, async () => {
      assert.deepEqual(await refusal(path, json), {
        url: `${url}${path.split("?")[0]}`,
        status,
        remoteCode: code,
      });
    });

  it("lets no web page close a batch", async () => {
    const headers = { "content-type": "application/json", origin: "http://evil.example" };
    const answer = await fetch(`${url}/v1/batch`, { method: "POST", headers, body: "{}" });
    assert.equal(answer.status, 400);
    const { error } = (await answer.json()) as { error: { code: string } };
    assert.equal(error.code, "SEQUENCER_REQUEST_MALFORMED");
  });

  it("refuses a body above a mebibyte before it reads it", async () => {
    const answer = await refusal("/graphql", { query: "x".repeat(1_100_000) });
    assert.equal((answer as unknown as { status: number }).status, 413);
  });

  it("answers questions of any depth, or a code", async () => {
    const answer = await query<{ errors: { extensions: { code: string } }[] }>(url, "{ nonsense }");
    assert.equal(answer.errors[0]!.extensions.code, "GRAPHQL_INVALID");
  });
});
