import { type ActionMark, type ActionPages, emptyActionState, L1Error } from "../../l1/index.ts";
import type { GasLock } from "../../protocol/index.ts";
import { SignerError } from "../SignerError.ts";
import type { GasMark, GasStanding, GasStore } from "./GasStore.ts";
import { locksIn } from "./readGasLocks.ts";

export interface CountLocksModules {
  readonly pages: ActionPages;
  readonly store: Pick<GasStore, "total" | "save">;
  /** Base58, for errors. */
  readonly account: string;
}

/** Marks kept of one way; then every second one goes. */
const MAX_MARKS = 256;

/**
 * Goes one page on towards the first final state ahead, and writes down how far it came: so there may be any number of locks.
 *
 * Where one page leads there, its locks are counted. Where it takes more, the way is walked once without counting, as nothing is
 * true before the end: then the ends of its pages are final states too, and each is counted up to on its own.
 * @param balance nanomina in the account
 * @throws {L1Error}; {GasError} `GAS_ACTION`; {SignerError} `SIGNER_GAS_UNBACKED`. Nothing is counted then.
 */
export async function countPage(
  standing: GasStanding,
  balance: bigint,
  modules: CountLocksModules,
): Promise<GasStanding> {
  const target = standing.ahead[0]!;
  const from = standing.walked.at(-1) ?? originOf(standing);
  if (from.height >= target.height) throw incomplete(modules.account, target, from);
  const { blocks, next } = await modules.pages.read(from, target.height);
  const locks = locksIn(blocks);
  const sum = locks.reduce((total, { amount }) => total + amount, from.sum);
  if (next.actions !== target.actions) {
    if (next.height >= target.height) throw incomplete(modules.account, target, next);
    return await saved({ ...standing, walked: withMark(standing.walked, { ...next, sum }) }, modules);
  }
  // Locked MINA never leaves the account: a sum above its balance means that the account is not what we think it is.
  if (sum > balance) throw new SignerError("SIGNER_GAS_UNBACKED", { sum, balance });
  if (standing.walked.length > 0)
    return await saved({ ...standing, ahead: [...standing.walked, ...standing.ahead], walked: [] }, modules);
  const counted = { final: target.actions, height: target.height - 1, sum, ahead: standing.ahead.slice(1) };
  return await saved({ ...standing, ...counted }, modules, await totalsWith(locks, modules.store));
}

/** What was not true was of the archive's making: begins again at the last counted lock. */
export async function forgetWay(standing: GasStanding, store: Pick<GasStore, "save">): Promise<void> {
  if (standing.ahead.length + standing.walked.length > 0)
    await store.save({ ...standing, ahead: [], walked: [] });
}

function originOf({ final, height, sum }: GasStanding): GasMark {
  return { actions: final ?? emptyActionState, height: height + 1, sum };
}

/** A page without locks moves the last mark; too many marks lose every second one. */
function withMark(walked: readonly GasMark[], mark: GasMark): readonly GasMark[] {
  const kept = walked.at(-1)?.actions === mark.actions ? walked.slice(0, -1) : walked;
  const marks = [...kept, mark];
  return marks.length <= MAX_MARKS ? marks : marks.filter((_, i) => (marks.length - 1 - i) % 2 === 0);
}

async function saved(
  next: GasStanding,
  { store }: CountLocksModules,
  totals?: ReadonlyMap<bigint, readonly bigint[]>,
): Promise<GasStanding> {
  await store.save(next, totals);
  return next;
}

/** Each recipient's total after each of its locks. */
async function totalsWith(
  locks: readonly GasLock[],
  store: Pick<GasStore, "total">,
): Promise<Map<bigint, bigint[]>> {
  const totals = new Map<bigint, bigint[]>();
  for (const { recipient, amount } of locks) {
    const fresh = totals.get(recipient) ?? [];
    fresh.push((fresh.at(-1) ?? (await store.total(recipient))) + amount);
    totals.set(recipient, fresh);
  }
  return totals;
}

function incomplete(publicKey: string, want: ActionMark, got: ActionMark): L1Error {
  return new L1Error("L1_ACTIONS_INCOMPLETE", {
    publicKey,
    want: want.actions.toString(),
    got: got.actions.toString(),
  });
}
