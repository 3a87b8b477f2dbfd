import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import {
  AccountUpdate,
  Field,
  initializeBindings,
  Mina,
  Permissions,
  Poseidon,
  PrivateKey,
  Provable,
  type ProvablePure,
  PublicKey,
  UInt64,
  VerificationKey,
} from "o1js";
import { DaGas, deployGas, GasErrors, gasPermissions, lockRule } from "../../circuits/gas/index.ts";
import { requireFullSignature } from "../../circuits/outer/index.ts";
import { emptyActionState, nextActionState } from "../../l1/index.ts";
import {
  type GasLock,
  gasAccountPermissions,
  gasLockFields,
  MAX_UINT64,
  MIN_GAS_LOCK,
  type PermissionName,
  permissionNames,
  tags,
} from "../../protocol/index.ts";
import { sampleKey } from "../../scripts/vectors/samples.ts";
import { loadVectors, numbers } from "../support/loadVectors.ts";

const gasKey = sampleKey("gas account");
const address = PublicKey.fromBase58(gasKey.base58);
const LARGEST_ADDRESS = (1n << 160n) - 1n;
const says = (text: string) => (error: unknown) => error instanceof Error && error.message.includes(text);

before(() => initializeBindings());

describe("rule of lock", () => {
  const asConstants = ({ recipient, amount }: GasLock) => lockRule(Field(recipient), new UInt64(amount));
  /** As constraints on witnesses, whatever they are. */
  const asConstraints = ({ recipient, amount }: GasLock) =>
    Provable.runAndCheck(() => {
      const witness = (value: bigint) =>
        Provable.witness(Field as unknown as ProvablePure<Field>, () => Field(value));
      lockRule(witness(recipient), UInt64.Unsafe.fromField(witness(amount)));
    });
  const good: GasLock = { recipient: 5n, amount: 5_000_000_000n };

  it("makes the action that the protocol describes", async () => {
    for (const lock of [
      good,
      { recipient: 1n, amount: MIN_GAS_LOCK },
      { recipient: LARGEST_ADDRESS, amount: MAX_UINT64 },
    ]) {
      assert.deepEqual(asConstants(lock).map(String), gasLockFields(lock).map(String));
      await asConstraints(lock);
    }
  });

  const refusals: [name: string, change: Partial<GasLock>, reason: string][] = [
    ["a recipient of 161 bits", { recipient: LARGEST_ADDRESS + 1n }, GasErrors.recipientTooLarge],
    ["the largest field element as recipient", { recipient: Field.ORDER - 1n }, GasErrors.recipientTooLarge],
    ["the zero address", { recipient: 0n }, GasErrors.noRecipient],
    ["less than the least amount", { amount: MIN_GAS_LOCK - 1n }, GasErrors.tooLittle],
    ["nothing", { amount: 0n }, GasErrors.tooLittle],
  ];
  for (const [name, change, reason] of refusals) {
    it(`refuses ${name}`, async () => {
      const lock = { ...good, ...change };
      assert.throws(() => asConstants(lock), says(reason));
      await assert.rejects(asConstraints(lock), says(reason));
    });
  }
});

describe("golden vectors of gas, circuit", () => {
  type Output = { fields: bigint[]; hash: bigint; state: bigint };
  for (const { name, input, output } of loadVectors<unknown, unknown>("gasLock")) {
    it(`the action of a lock: ${name}`, () => {
      const { recipient, amount } = numbers<GasLock>(input);
      const { fields, hash, state } = numbers<Output>(output);
      const action = lockRule(Field(recipient), new UInt64(amount));
      assert.deepEqual(
        action.map((field) => field.toBigInt()),
        fields,
      );
      const actions = AccountUpdate.Actions.pushEvent(AccountUpdate.Actions.empty(), action);
      assert.equal(actions.hash.toBigInt(), hash);
      const start = AccountUpdate.Actions.emptyActionState();
      assert.equal(AccountUpdate.Actions.updateSequenceState(start, actions.hash).toBigInt(), state);
    });
  }

  it("the message that validators sign", () => {
    type Input = { setHash: bigint; domain: bigint; recipient: bigint; total: bigint };
    for (const { input, output } of loadVectors("gasMessage")) {
      const { setHash, domain, recipient, total } = numbers<Input>(input);
      const fields = [setHash, domain, recipient, total].map((value) => Field(value));
      assert.equal(Poseidon.hashWithPrefix(tags.gas, fields).toBigInt(), BigInt(output!));
    }
  });
});

type Chain = Awaited<ReturnType<typeof Mina.LocalBlockchain>>;

/** DaGas on o1js' ledger, without proofs. */
class GasChain {
  readonly chain: Chain;
  readonly contract = new DaGas(address);

  constructor(chain: Chain) {
    this.chain = chain;
  }

  static async deployed(): Promise<GasChain> {
    const chain = await Mina.LocalBlockchain({ proofsEnabled: false });
    Mina.setActiveInstance(chain);
    const created = new GasChain(chain);
    await created.deploy();
    return created;
  }

  async deploy(): Promise<void> {
    const verificationKey = await VerificationKey.dummy();
    const payer = this.chain.testAccounts[0].toBase58();
    const updates = async () => {
      deployGas({ gasKey: gasKey.base58, payer, verificationKey });
    };
    await this.send(updates, [gasKey.privateKey, this.chain.testAccounts[0].key.toBase58()]);
  }

  /** Sends any transaction, paid by the second test account. */
  async send(updates: () => Promise<void>, keys: readonly string[] = []): Promise<void> {
    const payer = this.chain.testAccounts[1];
    const transaction = await Mina.transaction(payer, updates);
    await transaction.prove();
    await transaction.sign([payer.key, ...keys.map((key) => PrivateKey.fromBase58(key))]).send();
  }

  /** Locks, with as much as `brought` from the third test account. */
  async lock(lock: GasLock, brought = lock.amount): Promise<void> {
    const sender = this.chain.testAccounts[2];
    const updates = async () => {
      const update = AccountUpdate.create(sender);
      requireFullSignature(update);
      update.balance.subInPlace(UInt64.from(brought));
      await this.contract.lock(Field(lock.recipient), UInt64.from(lock.amount));
    };
    await this.send(updates, [sender.key.toBase58()]);
  }

  get account() {
    return this.chain.getAccount(address);
  }

  get actionState(): bigint {
    return this.account.zkapp!.actionState[0]!.toBigInt();
  }
}

describe("deployment of DaGas", () => {
  it("sets every permission at once, on an empty account", async () => {
    const gas = await GasChain.deployed();
    assert.equal(gas.account.balance.toBigInt(), 0n);
    for (const [name, permission] of Object.entries(gasPermissions()))
      assert.deepEqual(
        JSON.stringify(Object(gas.account.permissions)[name]),
        JSON.stringify(permission),
        name,
      );
    assert.equal(gas.actionState, emptyActionState);
  });

  it("sets the permissions that validators ask for", () => {
    const auths = (name: PermissionName) => {
      const permission = gasPermissions()[name];
      return "auth" in permission ? permission.auth : permission;
    };
    for (const name of permissionNames) {
      const wanted = gasAccountPermissions[name] === "proof" ? Permissions.proof() : Permissions.impossible();
      assert.deepEqual(JSON.stringify(auths(name)), JSON.stringify(wanted), name);
    }
  });

  it("refuses a second initialisation, with the account's signature too", async () => {
    const gas = await GasChain.deployed();
    await assert.rejects(gas.deploy(), says("Cannot update field 'verificationKey'"));
  });

  it("refuses the inherited deploy", async () => {
    const gas = await GasChain.deployed();
    await assert.rejects(gas.contract.deploy(), says(GasErrors.deployUnused));
  });
});

describe("lock on Mina's ledger", () => {
  it("takes MINA in and records for whom, in order", async () => {
    const gas = await GasChain.deployed();
    const locks: GasLock[] = [
      { recipient: 7n, amount: 5_000_000_000n },
      { recipient: LARGEST_ADDRESS, amount: MIN_GAS_LOCK },
      { recipient: 7n, amount: 1_000_000_000n },
    ];
    for (const lock of locks) await gas.lock(lock);
    assert.equal(
      gas.account.balance.toBigInt(),
      locks.reduce((sum, { amount }) => sum + amount, 0n),
    );
    const folded = locks.reduce(
      (state, lock) => nextActionState(state, [gasLockFields(lock)]),
      emptyActionState,
    );
    assert.equal(gas.actionState, folded);
  });

  it("records nothing that nobody brings", async () => {
    const gas = await GasChain.deployed();
    const lock = { recipient: 7n, amount: 5_000_000_000n };
    for (const brought of [0n, lock.amount - 1n, lock.amount + 1n])
      await assert.rejects(gas.lock(lock, brought), says("Invalid_fee_excess"));
    assert.equal(gas.actionState, emptyActionState);
    assert.equal(gas.account.balance.toBigInt(), 0n);
  });

  it("takes no MINA without a record", async () => {
    const gas = await GasChain.deployed();
    const sender = gas.chain.testAccounts[2];
    const transfer = async () => {
      AccountUpdate.createSigned(sender).send({ to: address, amount: MIN_GAS_LOCK });
    };
    await assert.rejects(gas.send(transfer, [sender.key.toBase58()]), says("Update_not_permitted"));
  });

  it("gives nothing back and changes nothing by the account's signature", async () => {
    const gas = await GasChain.deployed();
    await gas.lock({ recipient: 7n, amount: 5_000_000_000n });
    const state = gas.actionState;
    const attempts: [reason: string, (update: AccountUpdate) => void][] = [
      ["Update_not_permitted_balance", (u) => u.send({ to: gas.chain.testAccounts[2], amount: 1 })],
      [
        "Update_not_permitted_action_state",
        (u) => {
          u.body.actions = AccountUpdate.Actions.pushEvent(u.body.actions, [Field(7), Field(MAX_UINT64)]);
        },
      ],
      ["Cannot update field 'appState'", (u) => AccountUpdate.setValue(u.body.update.appState[0]!, Field(1))],
      ["Cannot update field 'permissions'", (u) => u.account.permissions.set(Permissions.allImpossible())],
      ["Update_not_permitted_access", () => {}],
    ];
    for (const [reason, attempt] of attempts) {
      const sent = gas.send(async () => {
        const update = AccountUpdate.create(address);
        requireFullSignature(update);
        attempt(update);
      }, [gasKey.privateKey]);
      await assert.rejects(sent, says(reason));
    }
    assert.equal(gas.actionState, state);
    assert.equal(gas.account.balance.toBigInt(), 5_000_000_000n);
  });
});
