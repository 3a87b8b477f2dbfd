import type { Attestation } from "../protocol/index.ts";
import type { Hex } from "./DaTypes.ts";

/** One recipient's account in the vault. */
export interface GasAccount {
  /** Nanomina that a quorum has certified as locked for it, since the beginning. */
  readonly certified: bigint;
  /** Nanomina that it has been given gas for. */
  readonly paid: bigint;
  /** Units of the DA chain's coin that it did not take when they were sent. */
  readonly held: bigint;
}

export interface GasTotals {
  readonly certified: bigint;
  readonly paid: bigint;
  readonly held: bigint;
  /** Units of the DA chain's coin that the vault has. */
  readonly stock: bigint;
}

/** What one period may pay and has paid, in nanomina. */
export interface GasLimits {
  readonly cap: bigint;
  readonly periodSeconds: bigint;
  /** Second at which the period that runs is over. */
  readonly periodEnd: bigint;
  readonly spent: bigint;
}

/** A quorum's word for a recipient's total. */
export interface GasCertificate {
  /** 160 bits. */
  readonly recipient: bigint;
  /** Nanomina. */
  readonly total: bigint;
  readonly epoch: bigint;
  /** By strictly rising slot. */
  readonly attestations: readonly Attestation[];
}

/** Reads the vault. Every method may fail with a `DaError`. */
export interface GasVaultReader {
  readonly address: Hex;
  /** `gasDomainHash`, as the contract computed it. */
  domain(): Promise<bigint>;
  accountOf(recipient: bigint): Promise<GasAccount>;
  totals(): Promise<GasTotals>;
  limits(): Promise<GasLimits>;
}

/** Calls the vault with one account, which needs no right to do so. */
export interface GasVault extends GasVaultReader {
  /** Who pays for the transactions. */
  readonly account: Hex;
  /** Shows a certificate. Does nothing when this total, or a larger one, is certified already. */
  claim(certificate: GasCertificate): Promise<void>;
  /** Has more of what is certified paid. @throws {DaError} `DA_REVERTED` when nothing waits, the cap is spent or the vault is empty */
  release(recipient: bigint): Promise<void>;
}

/** Whoever can write to the DA chain can call a vault on it. */
export interface GasVaultSource {
  gasVault(address: Hex): GasVault;
}
