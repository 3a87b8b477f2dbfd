import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import Client from "mina-signer";
import { AccountUpdate as O1jsUpdate, PublicKey, TokenId, Types } from "o1js";
import {
  accountUpdateHash,
  checkSignatures,
  commandDigest,
  feePayerHash,
  ownTokenId,
} from "../../ledger/index.ts";
import {
  type AccountUpdate,
  commandFromJson,
  commandToJson,
  type Interval,
  publicKeyToBase58,
  updateToJson,
} from "../../protocol/index.ts";
import { hasCode } from "../support/hasCode.ts";
import { memo, signed, testKey, update } from "./support/commands.ts";

const RUNS = 40;
const intervals: fc.Arbitrary<Interval | null> = fc.option(
  fc.record({ lower: fc.bigInt(0n, 0xffff_ffffn), upper: fc.bigInt(0n, 0xffff_ffffn) }),
);
const updates: fc.Arbitrary<AccountUpdate> = fc.record({
  publicKey: fc.nat(5).map((n) => testKey(n).publicKey),
  callDepth: fc.nat(3),
  balanceChange: fc.bigInt(1n - (1n << 64n), (1n << 64n) - 1n),
  incrementNonce: fc.boolean(),
  useFullCommitment: fc.boolean(),
  implicitAccountCreationFee: fc.boolean(),
  mayUseToken: fc.constantFrom("no" as const, "parentsOwnToken" as const, "inheritFromParent" as const),
  nonce: intervals,
  validWhile: intervals,
  authorization: fc.option(fc.constant({ r: 1n, s: 1n })),
});

/** A flat list in which no update is more than one level below its predecessor. */
function asForest(list: readonly AccountUpdate[]): AccountUpdate[] {
  let depth = -1;
  return list.map((item) => {
    depth = Math.min(item.callDepth, depth + 1);
    return { ...item, callDepth: depth };
  });
}

describe("account update hash", () => {
  it("equals o1js' AccountUpdate.hash()", () => {
    fc.assert(
      fc.property(updates, (item) => {
        const { body, authorization } = Types.AccountUpdate.fromJSON(
          updateToJson(item) as unknown as Parameters<typeof Types.AccountUpdate.fromJSON>[0],
        );
        assert.equal(accountUpdateHash(item), new O1jsUpdate(body, authorization).hash().toBigInt());
      }),
      { seed: 3, numRuns: RUNS },
    );
  });

  it("differs between fee payers in every field", () => {
    const base = { publicKey: testKey(0).publicKey, fee: 1n, nonce: 2n, validUntil: null };
    const others = [
      { ...base, publicKey: testKey(1).publicKey },
      { ...base, fee: 0n },
      { ...base, nonce: 3n },
      { ...base, validUntil: 5n },
    ];
    const hashes = [base, ...others].map(feePayerHash);
    assert.equal(new Set(hashes).size, hashes.length);
  });
});

describe("commitments of a command", () => {
  const client = new Client({ network: "testnet" });

  it("are those that mina-signer signs, for random call forests", () => {
    const { privateKey, publicKey } = testKey(0);
    const mine = { signature: { r: 0n, s: 0n }, publicKey };
    fc.assert(
      fc.property(
        fc.array(updates, { maxLength: 6 }),
        fc.record({
          fee: fc.bigInt(0n, 1n << 40n),
          nonce: fc.bigInt(0n, 9n),
          validUntil: fc.option(fc.bigInt(0n, 9n)),
        }),
        fc.string({ maxLength: 16, unit: "binary-ascii" }),
        (list, payer, text) => {
          // Signed updates of the one key, so that the signer signs both commitments.
          const forest = asForest(list).map((u) => (u.authorization ? { ...u, publicKey } : u));
          const json = commandToJson({ feePayer: { ...payer, ...mine }, updates: forest, memo: memo(text) });
          const { data } = client.signZkappCommand(
            {
              zkappCommand: { ...json, accountUpdates: json.accountUpdates } as never,
              feePayer: {
                ...json.feePayer.body,
                feePayer: publicKeyToBase58(publicKey),
                validUntil: payer.validUntil?.toString() ?? null,
                memo: text,
              } as never,
            },
            privateKey,
          );
          checkSignatures(commandFromJson(data.zkappCommand));
        },
      ),
      { seed: 4, numRuns: RUNS },
    );
  });

  it("say for each update what is under it and what follows", () => {
    const [a, b] = [testKey(0), testKey(1)];
    const { updates: digests, commitment } = commandDigest(
      signed({
        feePayer: { key: a, nonce: 0n },
        updates: [0, 1, 2, 1, 0].map((callDepth) => update(b.publicKey, { callDepth })),
      }),
    );
    const empty = digests.map(({ children, siblings }) => [children === 0n, siblings === 0n]);
    assert.deepEqual(empty, [
      [false, false],
      [false, false],
      [true, true],
      [true, true],
      [true, true],
    ]);
    assert.notEqual(commitment, 0n);
  });

  it("are zero for a command without updates", () => {
    assert.equal(commandDigest(signed({ feePayer: { key: testKey(0), nonce: 0n } })).commitment, 0n);
  });

  it("are refused for a forest with a gap", () => {
    const draft = {
      feePayer: { key: testKey(0), nonce: 0n },
      updates: [update(testKey(1).publicKey, { callDepth: 1 })],
    };
    assert.throws(() => signed(draft), hasCode("COMMAND_CALL_DEPTH"));
  });
});

describe("call frames", () => {
  it("name the token that an account owns as o1js does", () => {
    for (let i = 0; i < 6; i++) {
      const { publicKey } = testKey(i);
      const theirs = TokenId.derive(PublicKey.fromBase58(publicKeyToBase58(publicKey)));
      assert.equal(ownTokenId(publicKey), theirs.toBigInt());
    }
  });
});
