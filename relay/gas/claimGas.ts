import { DaError, type GasAccount, type GasCertificate, type GasVault } from "../../da/index.ts";
import { RelayError } from "../RelayError.ts";
import { collectGasTotal, type GasQuestion } from "./collectGasTotal.ts";

/** What became of a claim: the recipient's account in the vault before and after. */
export interface GasClaim {
  readonly before: GasAccount;
  readonly after: GasAccount;
}

export interface GasClaimRequest extends GasQuestion {
  /** Nanomina newly certified that make a transaction worth its price. */
  readonly least: bigint;
}

/**
 * Has the vault pay a recipient all that validators certify for it, with our own account's gas: a newcomer has none. Does
 * nothing where nothing is due; safe to be called by anybody, as often as they like, since only a new lock of MINA makes it send.
 * @throws {RelayError} `RELAY_GAS_NOT_YET`, `RELAY_GAS_TOO_LITTLE`; {DaError}
 */
export async function claimGas(request: GasClaimRequest, vault: GasVault): Promise<GasClaim> {
  const { recipient, least } = request;
  const { certificate, best, threshold } = await collectGasTotal(request);
  const before = await vault.accountOf(recipient);
  const fresh = certificate ? certificate.total - before.certified : 0n;
  const waits = before.certified - before.paid;
  if (certificate && fresh >= least) await claimOf(vault, certificate, threshold);
  else if (waits >= least) await releaseWhatIsDue(vault, recipient);
  else if (fresh > 0n) throw new RelayError("RELAY_GAS_TOO_LITTLE", { fresh, least });
  else if (best.total > before.certified)
    throw new RelayError("RELAY_GAS_NOT_YET", { total: best.total, signed: best.weight, threshold });
  else if (before.certified === 0n)
    throw new RelayError("RELAY_GAS_NOT_YET", { total: 0n, signed: 0n, threshold });
  return { before, after: await vault.accountOf(recipient) };
}

/** Only the current set certifies. A rotation since the validators were asked leaves nobody's signature: the next set is asked next. */
async function claimOf(vault: GasVault, certificate: GasCertificate, threshold: bigint): Promise<void> {
  try {
    await vault.claim(certificate);
  } catch (error) {
    if (refusalOf(error) !== "GasVaultEpochNotCurrent") throw error;
    throw new RelayError(
      "RELAY_GAS_NOT_YET",
      { total: certificate.total, signed: 0n, threshold },
      { cause: error },
    );
  }
}

/** Cap spent or vault empty: it goes on waiting, and costs nothing. */
async function releaseWhatIsDue(vault: GasVault, recipient: bigint): Promise<void> {
  try {
    await vault.release(recipient);
  } catch (error) {
    const name = refusalOf(error);
    if (name !== "GasVaultPeriodSpent" && name !== "GasVaultEmpty" && name !== "GasVaultNothingWaits")
      throw error;
  }
}

function refusalOf(error: unknown): string | undefined {
  return error instanceof DaError ? (error.data as { error?: string }).error : undefined;
}
