import type { DaReader } from "../../da/index.ts";
import { type CheckedSet, fieldToHex } from "../../gossip/index.ts";
import type { L1Client } from "../../l1/index.ts";
import { type Genesis, validatorSetHash } from "../../protocol/index.ts";
import { type BothSides, readBothSides, readHistory } from "../validator/readBothSides.ts";
import { VerifyError } from "./VerifyError.ts";

/** Where sets of later epochs than the first are read; what is not given is not looked at. */
export interface SetSources {
  readonly da?: Pick<DaReader, "currentEpoch" | "validatorSet">;
  readonly l1?: Pick<L1Client, "account" | "head">;
}

/** The set of an epoch, and on whose word. */
export interface FoundSet extends CheckedSet {
  /** Mina proves two sets, the one in force and the one before it; of older ones only the DA chain tells. */
  readonly word: "genesis file" | "DA chain" | "DA chain and Mina";
  /** What the set is on Mina now: `in force`, `in its grace until slot 7`, `over`, `not in force yet`. */
  readonly onMina?: string;
}

/**
 * The validator set of an epoch: the first one from the genesis file, the others from the DA chain's list, as our node has it.
 * With a Mina node, that list must make field 6 of the outer account: so a DA node is found out that lies about the set in
 * force or the one before it.
 * @throws {VerifyError} `VERIFY_SET_UNKNOWN`, `VERIFY_EPOCH_UNKNOWN`, `VERIFY_MINA_DIFFERS`; and as `readBothSides`
 */
export async function findSet(epoch: bigint, genesis: Genesis, { da, l1 }: SetSources): Promise<FoundSet> {
  const set = genesis.validators;
  const first = [{ set, hash: validatorSetHash(set) }];
  const word = epoch === set.epoch ? "genesis file" : "DA chain";
  if (!da) {
    if (epoch !== set.epoch) throw new VerifyError("VERIFY_SET_UNKNOWN", { epoch });
    return { ...listed(epoch, first), word };
  }
  if (!l1) return { ...listed(epoch, (await readHistory({ genesis, da })).sets), word };
  const sides = await readBothSides({ genesis, da, l1 });
  if (!sides.field) throw new VerifyError("VERIFY_MINA_DIFFERS", { field: fieldToHex(sides.fieldHash) });
  const found = listed(epoch, sides.history.sets);
  const { proved, onMina } = standingOf(found, sides);
  return { ...found, word: proved && epoch !== set.epoch ? "DA chain and Mina" : word, onMina };
}

function listed(epoch: bigint, sets: readonly CheckedSet[]): CheckedSet {
  const found = sets.find(({ set }) => set.epoch === epoch);
  if (!found) throw new VerifyError("VERIFY_EPOCH_UNKNOWN", { epoch, newest: sets.at(-1)!.set.epoch });
  return { set: found.set, hash: found.hash };
}

/** Field 6 names two sets by their hashes; who knows it knows that these two are Mina's. */
function standingOf({ set, hash }: CheckedSet, { field, slot, history }: BothSides) {
  const { current, previous, graceEnd } = field!;
  if (hash === current) return { proved: true, onMina: "in force" };
  if (hash === previous)
    return { proved: true, onMina: slot <= graceEnd ? `in its grace until slot ${graceEnd}` : "over" };
  const inForce = history.sets.find((known) => known.hash === current)!;
  return { proved: false, onMina: set.epoch > inForce.set.epoch ? "not in force yet" : "over" };
}
