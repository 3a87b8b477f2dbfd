import {
  type BatchFee,
  type BatchId,
  type DaClient,
  DaError,
  type DaFees,
  type DaValidatorSet,
  type Hex,
} from "../../da/index.ts";
import {
  type Attestation,
  type PublicKey,
  payoutMessage,
  type Signature,
  samePublicKey,
} from "../../protocol/index.ts";

/** A batch whose fee is not shared out, as one validator sees it. */
export interface FeeStanding {
  readonly batch: BatchId;
  readonly epoch: bigint;
  readonly slot: number;
  /** Whether the validator shares as it stands. */
  readonly counted: boolean;
  /** Its share as it stands, or would be were it counted, to within one unit; later signers make it smaller. */
  readonly share: bigint;
  /** Last second at which more validators can join. */
  readonly closesAt: number;
  /** Whether it can be settled now. */
  readonly ready: boolean;
}

export interface ClaimOptions {
  readonly validator: PublicKey;
  /** First block to look for certificates in. */
  readonly from: number;
  /** Where the money goes; undefined: where it went before, or to the account that pays for the transactions. */
  readonly payout: Hex | undefined;
}

/** A sealed batch whose fee nobody has earned: there is no certificate. */
export interface UncertifiedFee {
  readonly batch: BatchId;
  readonly amount: bigint;
  readonly sealedIn: number;
  /** Second from which on its poster gets the fee back; undefined while nobody has asked for it. */
  readonly returnsAt: number | undefined;
}

export interface ClaimModules {
  readonly da: Pick<DaClient, "head" | "validatorSet" | "addresses" | "events">;
  readonly fees: DaFees;
  /** The validator's Mina key at work. */
  readonly sign: (message: bigint) => Signature;
  /** The validator's own signature over a batch, from its signer, which checked the batch; undefined: it has none. */
  readonly attestation?: (batch: BatchId, epoch: bigint) => Promise<Attestation | undefined>;
}

export interface ClaimResult {
  readonly joined: readonly BatchId[];
  readonly settled: readonly BatchId[];
  readonly paid: bigint;
  readonly payout: Hex | undefined;
  readonly transaction: Hex | undefined;
}

/** Every earned fee that is not shared out and in whose epoch the validator is a member, the oldest first. */
export async function feeStandings(
  { validator, from }: Pick<ClaimOptions, "validator" | "from">,
  { da, fees }: Pick<ClaimModules, "da" | "fees">,
): Promise<FeeStanding[]> {
  const now = (await da.head()).timestamp;
  const sets = new Map<bigint, DaValidatorSet>();
  const standings: FeeStanding[] = [];
  for (let next = from, page = await fees.earned(next); page.next > next; page = await fees.earned(next)) {
    next = page.next;
    for (const batch of page.batches) {
      const fee = await fees.feeOf(batch);
      if (!fee?.earned) continue;
      const { epoch } = fee.earned;
      const set = sets.get(epoch) ?? (await da.validatorSet(epoch));
      sets.set(epoch, set);
      const slot = set.members.findIndex(({ publicKey }) => samePublicKey(publicKey, validator));
      if (slot >= 0) standings.push(standingOf(batch, slot, fee, set, now));
    }
  }
  return standings;
}

/**
 * Fees of sealed batches that no certificate has earned, the oldest first: who brings one in time earns it for all that signed.
 * @param from first block to look for sealed batches in
 */
export async function uncertifiedFees(
  from: number,
  { da, fees }: Pick<ClaimModules, "da" | "fees">,
): Promise<UncertifiedFee[]> {
  const found: UncertifiedFee[] = [];
  for (let next = from, page = await da.events(next); page.next > next; page = await da.events(next)) {
    next = page.next;
    for (const { kind, batch, block } of page.events) {
      const fee = kind === "BatchSealed" ? await fees.feeOf(batch) : undefined;
      if (fee && !fee.earned)
        found.push({ batch, amount: fee.amount, sealedIn: block, returnsAt: fee.returnsAt });
    }
  }
  return found;
}

function standingOf(
  batch: BatchId,
  slot: number,
  { amount, earned }: BatchFee,
  { members }: DaValidatorSet,
  now: number,
): FeeStanding {
  const { epoch, slots, closesAt } = earned!;
  const counted = slots.includes(slot);
  const sharing = counted ? slots : [...slots, slot];
  const weight = sharing.reduce((sum, other) => sum + members[other]!.weight, 0n);
  const share = (amount * members[slot]!.weight) / weight;
  const ready = now > closesAt || slots.length === members.length;
  return { batch, epoch, slot, counted, share, closesAt, ready };
}

/**
 * Gets a validator what it has earned: joins certificates that left it out while there is time, settles what is ready, names
 * the payout address where it is another, and claims. Safe to run again after any failure.
 * @throws {DaError}
 */
export async function claimFees(options: ClaimOptions, modules: ClaimModules): Promise<ClaimResult> {
  const { fees } = modules;
  const standings = await feeStandings(options, modules);
  const joined = await joinLate(standings, modules);
  const settled = await settle(standings, fees);
  const { due, payout: named } = await fees.accountOf(options.validator);
  if (due === 0n) return { joined, settled, paid: 0n, payout: named, transaction: undefined };
  const payout = options.payout ?? named ?? fees.account;
  if (payout.toLowerCase() !== named?.toLowerCase()) await namePayout(options.validator, payout, modules);
  const transaction = await fees.claim(options.validator);
  return { joined, settled, paid: due, payout, transaction };
}

/** What is due already can be claimed also while a pause keeps the rest from being settled. */
async function settle(standings: readonly FeeStanding[], fees: DaFees): Promise<BatchId[]> {
  const ready = standings.filter((standing) => standing.ready && standing.counted).map(({ batch }) => batch);
  try {
    await fees.settle(ready);
    return ready;
  } catch (error) {
    const { error: name } = (error instanceof DaError ? error.data : {}) as { error?: string };
    if (name === "EnforcedPause") return [];
    throw error;
  }
}

async function joinLate(standings: readonly FeeStanding[], modules: ClaimModules): Promise<BatchId[]> {
  const { fees, attestation } = modules;
  const joined: BatchId[] = [];
  for (const { batch, epoch, slot, counted, ready } of standings) {
    if (counted || ready) continue;
    const own = await attestation?.(batch, epoch);
    if (own?.slot !== slot) continue;
    await fees.addLateVotes(batch, [own]);
    joined.push(batch);
  }
  return joined;
}

async function namePayout(
  validator: PublicKey,
  payout: Hex,
  { da, fees, sign }: ClaimModules,
): Promise<void> {
  const { counter } = await fees.accountOf(validator);
  const message = payoutMessage({
    daChainId: da.addresses.chainId,
    fees: BigInt(fees.address),
    validator,
    receiver: BigInt(payout),
    counter,
  });
  await fees.setPayout(validator, payout, sign(message));
}
