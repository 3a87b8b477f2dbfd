import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  accountHash,
  defaultAccount,
  defaultZkapp,
  emptyAccount,
  emptyHashes,
  ledgerHasher,
  tokenSymbolField,
  zkappHash,
} from "../../ledger/index.ts";
import { type Account, littleEndian, publicKeyFromBase58 } from "../../protocol/index.ts";

/** As openmina prints field elements: 32 bytes, little-endian. */
const hex = (value: bigint) => Buffer.from(littleEndian(value)).toString("hex");
const key = publicKeyFromBase58("B62qnzbXmRNo9q32n4SNu2mpB8e7FYYLH8NmaX6oFCBYjjQ8SbD7uzV");
const account: Account = { ...defaultAccount(key, 0n), balance: 10_101n };

describe("account hash", () => {
  // Vectors: openmina/openmina, ledger tests.
  it("equals a node's for an account that delegates to itself", () => {
    assert.equal(
      hex(accountHash(account)),
      "7018596b7a10344908c7582482b1401a3cbdd40212beb428baf629b84ceb7f0b",
    );
  });

  it("equals a node's for an account with a token symbol and no delegate", () => {
    const other: Account = { ...account, tokenSymbol: "seb", nonce: 62_772n, delegate: null };
    assert.equal(hex(accountHash(other)), "8cb53d374b844227d4c63b2dcf198312f8fcb4b60392fee5b165243508d16e32");
  });

  it("equals a node's for empty trees of depth 0, 5, 10 and 11, and goes on to depth 35", () => {
    const empty = emptyHashes(ledgerHasher);
    assert.equal(empty[0], accountHash(emptyAccount));
    assert.deepEqual(
      [0, 5, 10, 11].map((height) => hex(empty[height]!)),
      [
        "f3ee39f42a7b2cac196c8eb1c9fe00f853678c920c0c9ce3724c0b7fe911c731",
        "d305ebed68f3d4ff16cfc9c6857c274bfbd4a5e83db6fb26e009f75711005524",
        "bfae9c6290bcc9cf282889c6b880e4eac236d4e50b22395639731e1465939915",
        "def7de4e2f2f13aa638f5671eccf9367ab9d39ae49ed683fca0169b33b31c416",
      ],
    );
    assert.equal(empty.length, 36);
    assert.equal(empty[35], 9887554856125580964779631040332173407423767728670706306682329668507709051293n);
  });

  it("hashes a missing zkApp as the default one", () => {
    assert.equal(accountHash(account), accountHash({ ...account, zkapp: defaultZkapp }));
  });

  it("depends on every field", () => {
    const { permissions } = account;
    const timing = {
      initialMinimumBalance: 0n,
      cliffTime: 0n,
      cliffAmount: 0n,
      vestingPeriod: 1n,
      vestingIncrement: 0n,
    };
    const others: Account[] = [
      { ...account, publicKey: { ...key, x: key.x + 1n } },
      { ...account, publicKey: { ...key, isOdd: !key.isOdd } },
      { ...account, tokenId: 2n },
      { ...account, tokenSymbol: "a" },
      { ...account, balance: 1n },
      { ...account, nonce: 1n },
      { ...account, receiptChainHash: 1n },
      { ...account, delegate: { ...key, isOdd: !key.isOdd } },
      { ...account, votingFor: 1n },
      { ...account, timing },
      ...Object.keys(timing).map((name) => ({ ...account, timing: { ...timing, [name]: 7n } })),
      ...Object.keys(permissions).map((name) => ({
        ...account,
        permissions: {
          ...permissions,
          [name]: name === "setVerificationKeyTxnVersion" ? 4n : ("impossible" as const),
        },
      })),
      ...(["none", "either", "proof"] as const).map((send) => ({
        ...account,
        permissions: { ...permissions, send },
      })),
    ];
    const hashes = [account, ...others].map(accountHash);
    assert.equal(new Set(hashes).size, hashes.length);
  });

  it("depends on every field of the zkApp part", () => {
    const fields = (values: readonly bigint[], i: number) => values.map((v, k) => (k === i ? v + 1n : v));
    const others = [
      ...defaultZkapp.appState.map((_, i) => ({
        ...defaultZkapp,
        appState: fields(defaultZkapp.appState, i),
      })),
      ...defaultZkapp.actionState.map((_, i) => ({
        ...defaultZkapp,
        actionState: fields(defaultZkapp.actionState, i),
      })),
      { ...defaultZkapp, verificationKeyHash: 1n },
      { ...defaultZkapp, zkappVersion: 1n },
      { ...defaultZkapp, lastActionSlot: 1n },
      { ...defaultZkapp, provedState: true },
      { ...defaultZkapp, zkappUriHash: 1n },
    ];
    const hashes = [defaultZkapp, ...others].map(zkappHash);
    assert.equal(new Set(hashes).size, hashes.length);
  });

  it("reads a token symbol as little-endian UTF-8", () => {
    assert.equal(tokenSymbolField("ab"), 0x6261n);
    assert.equal(tokenSymbolField("é"), 0xa9c3n);
    assert.equal(tokenSymbolField(""), 0n);
  });
});
