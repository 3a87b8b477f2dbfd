import { keccak_256 } from "@noble/hashes/sha3.js";
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

/**
 * An address as people write it. In both cases of letters it must have the checksum of EIP-55: what is locked for a mistyped
 * address is lost.
 * @param text `0x` and 40 hex digits
 * @throws {GasError} `GAS_RECIPIENT`
 */
export function gasRecipient(text: string): bigint {
  const isAddress = /^0x[0-9a-fA-F]{40}$/.test(text) && BigInt(text) !== 0n;
  const digits = text.slice(2);
  const oneCase = digits === digits.toLowerCase() || digits === digits.toUpperCase();
  if (!isAddress || !(oneCase || digits === checksummed(digits)))
    throw new GasError("GAS_RECIPIENT", { recipient: text.slice(0, 64) });
  return BigInt(text);
}

/** EIP-55: a letter is a capital where the hash of the address in small letters has a nibble of 8 and more. */
function checksummed(digits: string): string {
  const small = digits.toLowerCase();
  const hash = Buffer.from(keccak_256(Buffer.from(small, "ascii"))).toString("hex");
  return [...small]
    .map((digit, i) => (Number.parseInt(hash[i]!, 16) >= 8 ? digit.toUpperCase() : digit))
    .join("");
}
