import { GasError } from "../errors/GasError.ts";
import { MIN_GAS_LOCK } from "../limits.ts";
import { MAX_UINT64 } from "../quantities.ts";

/** MINA locked on L1 for gas of the DA chain. For good: nothing ever comes back. */
export interface GasLock {
  /** Address on the DA chain, 160 bits, not 0. */
  readonly recipient: bigint;
  /** Nanomina, {@link MIN_GAS_LOCK} to 2⁶⁴ − 1. */
  readonly amount: bigint;
}

/** @throws {GasError} `GAS_RECIPIENT`, `GAS_AMOUNT` */
export function checkedGasLock(lock: GasLock): GasLock {
  const { recipient, amount } = lock;
  if (recipient <= 0n || recipient >> 160n !== 0n)
    throw new GasError("GAS_RECIPIENT", { recipient: `0x${recipient.toString(16)}` });
  if (amount < MIN_GAS_LOCK || amount > MAX_UINT64)
    throw new GasError("GAS_AMOUNT", { amount, least: MIN_GAS_LOCK, most: MAX_UINT64 });
  return lock;
}

/** The one action that a lock pushes. Twin: circuits/gas/lockRule.ts */
export function gasLockFields({ recipient, amount }: GasLock): bigint[] {
  return [recipient, amount];
}

/** @throws {GasError} `GAS_ACTION` for anything that the contract's proof does not let through */
export function gasLockFromFields(fields: readonly bigint[]): GasLock {
  const [recipient, amount] = fields;
  if (fields.length !== 2) throw new GasError("GAS_ACTION", { reason: `${fields.length} fields` });
  try {
    return checkedGasLock({ recipient: recipient!, amount: amount! });
  } catch (cause) {
    throw new GasError("GAS_ACTION", { reason: (cause as GasError).message }, { cause });
  }
}

/** @param text `0x` and 40 hex digits, in any case @throws {GasError} `GAS_RECIPIENT` */
export function gasRecipient(text: string): bigint {
  const isAddress = /^0x[0-9a-fA-F]{40}$/.test(text) && BigInt(text) !== 0n;
  if (!isAddress) throw new GasError("GAS_RECIPIENT", { recipient: text.slice(0, 64) });
  return BigInt(text);
}
