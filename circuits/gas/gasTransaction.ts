import { Field, PublicKey, UInt64 } from "o1js";
import { checkedGasLock, type GasLock } from "../../protocol/index.ts";
import { pinnedKey } from "../keys/index.ts";
import { commandToProve, type FeePayer, signedUpdate, unsignedCommand } from "../outer/index.ts";
import { DaGas } from "./DaGas.ts";
import { type DeployGasInput, deployGas } from "./deployGas.ts";

export interface GasLockTransaction extends GasLock {
  /** The account, base58. */
  readonly gasKey: string;
  /** Pays the fee and brings the amount. */
  readonly feePayer: FeePayer;
  /** Last slot in which it may be included; null: no bound. */
  readonly validUntil: bigint | null;
}

export interface DeployGasTransaction extends Pick<DeployGasInput, "gasKey"> {
  readonly feePayer: FeePayer;
}

/**
 * Builds and proves `lock`, paid by the fee payer. The fee payer's signatures are still missing: `signTransaction`.
 * Runs on the active instance of Mina, and asks it for nothing but the account's verification key.
 * @returns the zkApp command in Mina's JSON
 */
export async function gasLockTransaction(input: GasLockTransaction): Promise<string> {
  const { recipient, amount } = checkedGasLock(input);
  const contract = new DaGas(PublicKey.fromBase58(input.gasKey));
  const transaction = await commandToProve(input.feePayer, input.validUntil, async () => {
    const payer = signedUpdate(input.feePayer.publicKey);
    payer.balance.subInPlace(UInt64.from(amount));
    await contract.lock(Field(recipient), UInt64.from(amount));
  });
  await transaction.prove();
  return transaction.toJSON();
}

/**
 * Builds the deployment. Needs no prover: it is signed, by the fee payer and the account's key.
 * @returns the zkApp command in Mina's JSON, not yet signed
 */
export function deployGasTransaction({ gasKey, feePayer }: DeployGasTransaction): string {
  const verificationKey = pinnedKey("gas");
  return unsignedCommand(feePayer, deployGas({ gasKey, payer: feePayer.publicKey, verificationKey }));
}
