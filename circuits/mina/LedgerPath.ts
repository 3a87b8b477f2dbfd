import { Bool, Field, Poseidon, Provable, Struct } from "o1js";
import { LEDGER_DEPTH } from "../../protocol/index.ts";
import { minaPrefixes } from "./minaPrefixes.ts";

/** A leaf's place in the account ledger. One path serves the leaf before and after, so both stand at one index. */
export class LedgerPath extends Struct({
  /** From the leaf up. */
  siblings: Provable.Array(Field, LEDGER_DEPTH),
  /** Bits of the index, lowest first: on where our side is the right one. */
  isRight: Provable.Array(Bool, LEDGER_DEPTH),
}) {
  static from(index: bigint, siblings: readonly bigint[]): LedgerPath {
    return new LedgerPath({
      siblings: siblings.map((sibling) => Field(sibling)),
      isRight: siblings.map((_, level) => Bool(((index >> BigInt(level)) & 1n) === 1n)),
    });
  }
}

type Path = { readonly siblings: readonly Field[]; readonly isRight: readonly Bool[] };

/** Root of the ledger with `leaf` at the place of `path`. */
export function ledgerRoot({ siblings, isRight }: Path, leaf: Field): Field {
  let node = leaf;
  for (let level = 0; level < LEDGER_DEPTH; level++) {
    const sibling = siblings[level]!;
    // One product moves the difference to the right side: 1.5 rows instead of two selections.
    const shift = isRight[level]!.toField().mul(sibling.sub(node)).seal();
    node = Poseidon.hashWithPrefix(minaPrefixes.merkle[level]!, [node.add(shift), sibling.sub(shift)]);
  }
  return node;
}

/** Index of the leaf at the end of `path`. */
export function ledgerIndex({ isRight }: Pick<Path, "isRight">): Field {
  return isRight.reduceRight((sum, bit) => sum.mul(2).add(bit.toField()), Field(0)).seal();
}
