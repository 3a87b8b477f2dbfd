import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { AccountUpdate, Bool, Field, Int64, TokenId, UInt32 } from "o1js";
import { type TransferFields, transferUpdate } from "../../circuits/ledger/index.ts";
import {
  accountFrom,
  accountHashUnsafe,
  allowedWithoutProof,
  EMPTY_LEAF,
  EMPTY_RECEIPT_CHAIN,
  forestHash,
  fullCommitment,
  LedgerPath,
  ledgerIndex,
  ledgerRoot,
  NO_ZKAPP,
  newAccount,
  Permission,
  publicKeyFrom,
  transferUpdateHash,
  ZkappState,
  zkappFrom,
} from "../../circuits/mina/index.ts";
import {
  accountHash,
  commandDigest,
  defaultAccount,
  defaultZkapp,
  EMPTY_RECEIPT_CHAIN as LEDGER_EMPTY_RECEIPT_CHAIN,
  Ledger,
  ledgerHasher,
  ownTokenId,
  zkappHash,
} from "../../ledger/index.ts";
import { type Account, type AuthRequired, permissionNames } from "../../protocol/index.ts";
import { testKey } from "../ledger/support/commands.ts";
import { commandsOfEachKind } from "./support/transferBatch.ts";

const key = testKey(0);
const plain = defaultAccount(key.publicKey, 5n);

/** Every field away from its default. */
const unusual: Account = {
  publicKey: testKey(1).publicKey,
  tokenId: 99n,
  tokenSymbol: "Zé",
  balance: 2n ** 64n - 1n,
  nonce: 2n ** 32n - 1n,
  receiptChainHash: 3n,
  delegate: testKey(2).publicKey,
  votingFor: 4n,
  timing: {
    initialMinimumBalance: 2n ** 63n,
    cliffTime: 7n,
    cliffAmount: 8n,
    vestingPeriod: 9n,
    vestingIncrement: 10n,
  },
  permissions: {
    ...plain.permissions,
    ...Object.fromEntries(
      permissionNames.map((name, i) => [
        name,
        (["none", "either", "proof", "signature", "impossible"] as const)[i % 5],
      ]),
    ),
    setVerificationKeyTxnVersion: 4n,
  },
  zkapp: {
    ...defaultZkapp,
    appState: [1n, 2n, 3n, 4n, 5n, 6n, 7n, 8n],
    verificationKeyHash: 11n,
    zkappVersion: 12n,
    actionState: [21n, 22n, 23n, 24n, 25n],
    lastActionSlot: 13n,
    provedState: true,
    zkappUriHash: 14n,
  },
};

describe("a provable account", () => {
  for (const [name, account] of Object.entries({
    plain,
    unusual,
    undelegated: { ...plain, delegate: null },
  })) {
    it(`hashes like the ledger's: ${name}`, () =>
      assert.equal(accountHashUnsafe(accountFrom(account)).toBigInt(), accountHash(account)));
  }

  it("has the ledger's empty leaf, new account and zkApp digests", () => {
    assert.equal(EMPTY_LEAF.toBigInt(), ledgerHasher.emptyLeaf);
    assert.equal(EMPTY_RECEIPT_CHAIN.toBigInt(), LEDGER_EMPTY_RECEIPT_CHAIN);
    const fresh = newAccount(publicKeyFrom(key.publicKey), UInt32.from(5));
    assert.equal(accountHashUnsafe(fresh).toBigInt(), accountHash(plain));
    assert.equal(NO_ZKAPP.toBigInt(), zkappHash(defaultZkapp));
    assert.equal(ZkappState.none().digest().toBigInt(), zkappHash(defaultZkapp));
    assert.equal(zkappFrom(unusual.zkapp!).digest().toBigInt(), zkappHash(unusual.zkapp!));
  });
});

describe("a ledger path", () => {
  it("leads to the ledger's root from every index, and nowhere else", () => {
    const ledger = Ledger.empty();
    const accounts = [0, 1, 2].map((n) => defaultAccount(testKey(n).publicKey, 0n));
    for (const [i, account] of accounts.entries()) ledger.set(BigInt(i), account);
    for (const [i, account] of accounts.entries()) {
      const path = LedgerPath.from(BigInt(i), ledger.path(BigInt(i)));
      assert.equal(ledgerRoot(path, Field(accountHash(account))).toBigInt(), ledger.root());
      assert.notEqual(ledgerRoot(path, EMPTY_LEAF).toBigInt(), ledger.root());
      assert.equal(ledgerIndex(path).toBigInt(), BigInt(i));
    }
    const free = LedgerPath.from(3n, ledger.path(3n));
    assert.equal(ledgerRoot(free, EMPTY_LEAF).toBigInt(), ledger.root());
  });
});

describe("a permission, without a proof", () => {
  const table: Record<AuthRequired, [unsigned: boolean, signed: boolean]> = {
    none: [true, true],
    either: [false, true],
    proof: [false, false],
    signature: [false, true],
    impossible: [false, false],
  };
  for (const [auth, [unsigned, signed]] of Object.entries(table) as [AuthRequired, [boolean, boolean]][]) {
    it(`${auth}: ${unsigned ? "open" : signed ? "opened by a signature" : "closed"}`, () => {
      assert.equal(allowedWithoutProof(Permission.of(auth), Bool(false)).toBoolean(), unsigned);
      assert.equal(allowedWithoutProof(Permission.of(auth), Bool(true)).toBoolean(), signed);
    });
  }
});

describe("a command's hashes", () => {
  it("are those of o1js and of the ledger", () => {
    assert.equal(TokenId.derive(publicKeyFrom(key.publicKey)).toBigInt(), ownTokenId(key.publicKey));
    for (const command of commandsOfEachKind) {
      const digest = commandDigest(command);
      const full = fullCommitment(Field(digest.memoHash), Field(digest.feePayer), Field(digest.commitment));
      assert.equal(full.toBigInt(), digest.fullCommitment);
      const [first] = digest.updates;
      if (!first) continue;
      const forest = forestHash(Field(first.hash), Field(first.children), Field(first.siblings));
      assert.equal(forest.toBigInt(), digest.commitment);
    }
  });
});

describe("an account update's hash", () => {
  const publicKey = publicKeyFrom(key.publicKey);
  const ours = (fields: TransferFields, isFeePayer = false) =>
    transferUpdateHash(transferUpdate(key.publicKey, fields), Bool(isFeePayer)).toBigInt();
  const theirs = (change: (update: AccountUpdate) => void) => {
    const update = AccountUpdate.default(publicKey);
    change(update);
    return update.hash().toBigInt();
  };

  it("is o1js' hash with nothing set", () =>
    assert.equal(
      ours({}),
      theirs(() => {}),
    ));

  it("is o1js' hash with everything set that it supports", () => {
    const fields: TransferFields = {
      amount: 12n,
      isNegative: true,
      incrementNonce: true,
      useFullCommitment: true,
      implicitAccountCreationFee: true,
      inheritFromParent: true,
      nonce: { lower: 3n, upper: 4n },
      slot: { lower: 5n, upper: 6n },
      isSigned: true,
    };
    const hash = theirs(({ body }) => {
      body.balanceChange = Int64.from(-12);
      body.incrementNonce = Bool(true);
      body.useFullCommitment = Bool(true);
      body.implicitAccountCreationFee = Bool(true);
      body.mayUseToken = AccountUpdate.MayUseToken.InheritFromParent;
      body.preconditions.account.nonce = interval(3, 4);
      body.preconditions.validWhile = interval(5, 6);
      body.authorizationKind.isSigned = Bool(true);
    });
    assert.equal(ours(fields), hash);
  });

  it("tells a fee payer's bound on the slot from an update's", () => {
    const slot = { lower: 0n, upper: 6n };
    const hash = theirs(({ body }) => {
      body.preconditions.network.globalSlotSinceGenesis = interval(0, 6);
    });
    assert.equal(ours({ slot }, true), hash);
    assert.notEqual(ours({ slot }), hash);
  });

  type Body = AccountUpdate["body"];
  const unsupported: Record<string, (body: Body) => void> = {
    tokenId: (body) => {
      body.tokenId = Field(2);
    },
    callData: (body) => {
      body.callData = Field(1);
    },
    events: (body) => {
      body.events = AccountUpdate.Events.pushEvent(body.events, [Field(1)]);
    },
    actions: (body) => {
      body.actions = AccountUpdate.Actions.pushEvent(body.actions, [Field(1)]);
    },
    isProved: (body) => {
      body.authorizationKind.isProved = Bool(true);
    },
    "authorizationKind.verificationKeyHash": (body) => {
      body.authorizationKind.verificationKeyHash = Field(1);
    },
    "update.appState": (body) => {
      body.update.appState[7]!.isSome = Bool(true);
    },
    "update.delegate": (body) => {
      body.update.delegate.isSome = Bool(true);
    },
    "update.verificationKey": (body) => {
      body.update.verificationKey.isSome = Bool(true);
    },
    "update.permissions": (body) => {
      body.update.permissions.isSome = Bool(true);
    },
    "update.permissions, hidden": (body) => {
      body.update.permissions.value.send.constant = body.update.permissions.value.send.constant.not();
    },
    "update.zkappUri": (body) => {
      body.update.zkappUri.isSome = Bool(true);
    },
    "update.tokenSymbol": (body) => {
      body.update.tokenSymbol.isSome = Bool(true);
    },
    "update.timing": (body) => {
      body.update.timing.isSome = Bool(true);
    },
    "update.votingFor": (body) => {
      body.update.votingFor.isSome = Bool(true);
    },
    "preconditions.account.balance": (body) => {
      body.preconditions.account.balance.isSome = Bool(true);
    },
    "preconditions.account.receiptChainHash": (body) => {
      body.preconditions.account.receiptChainHash.isSome = Bool(true);
    },
    "preconditions.account.delegate": (body) => {
      body.preconditions.account.delegate.isSome = Bool(true);
    },
    "preconditions.account.state": (body) => {
      body.preconditions.account.state[0]!.isSome = Bool(true);
    },
    "preconditions.account.actionState": (body) => {
      body.preconditions.account.actionState.isSome = Bool(true);
    },
    "preconditions.account.provedState": (body) => {
      body.preconditions.account.provedState.isSome = Bool(true);
    },
    "preconditions.account.isNew": (body) => {
      body.preconditions.account.isNew.isSome = Bool(true);
    },
    "preconditions.network.blockchainLength": (body) => {
      body.preconditions.network.blockchainLength.isSome = Bool(true);
    },
    "preconditions.network.totalCurrency": (body) => {
      body.preconditions.network.totalCurrency.isSome = Bool(true);
    },
    "preconditions.network.stakingEpochData": (body) => {
      body.preconditions.network.stakingEpochData.seed.isSome = Bool(true);
    },
    "preconditions.network.nextEpochData": (body) => {
      body.preconditions.network.nextEpochData.epochLength.isSome = Bool(true);
    },
  };
  for (const [field, change] of Object.entries(unsupported)) {
    it(`is out of reach for an update that sets ${field}`, () =>
      assert.notEqual(
        ours({}),
        theirs(({ body }) => change(body)),
      ));
  }
});

function interval(lower: number, upper: number) {
  return { isSome: Bool(true), value: { lower: UInt32.from(lower), upper: UInt32.from(upper) } };
}
