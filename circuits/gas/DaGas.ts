import { AccountUpdate, declareMethods, Field, type Provable, SmartContract, UInt64 } from "o1js";
import { GasErrors } from "./GasErrors.ts";
import { lockRule } from "./lockRule.ts";

/**
 * The account on Mina in which MINA is locked for gas of the DA chain: a one-way door.
 *
 * Invariant: the account's balance is the sum of the amounts in its actions. MINA comes in by `lock` alone, which records it,
 * and nothing takes any out: `deployGas` sets permissions so.
 */
export class DaGas extends SmartContract {
  /** The inherited one leaves permissions open for a while. */
  override async deploy(): Promise<void> {
    throw new Error(GasErrors.deployUnused);
  }

  /**
   * Takes `amount` into the account and records for whom. Where it comes from is not this proof's matter: the transaction
   * balances only if other updates bring it, a wallet's or a contract's.
   * @param recipient address on the DA chain, 160 bits, not 0
   * @param amount nanomina, at least `MIN_GAS_LOCK`
   */
  async lock(recipient: Field, amount: UInt64): Promise<void> {
    const action = lockRule(recipient, amount);
    this.balance.addInPlace(amount);
    const { body } = this.self;
    body.actions = AccountUpdate.Actions.pushEvent(body.actions, action);
  }
}

// o1js takes provable classes here; its types ask for the objects behind them.
const lockArguments = [Field, UInt64] as unknown as Provable<unknown>[];
declareMethods(DaGas, { lock: lockArguments });
