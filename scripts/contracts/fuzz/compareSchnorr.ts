import hre from "hardhat";
import { Field, PublicKey, Scalar, Signature } from "o1js";
import { mod, FIELD_MODULUS as P, SCALAR_MODULUS as Q, verifyFields } from "../../../protocol/index.ts";
import { type SchnorrCase, schnorrCases } from "./schnorrCases.ts";

/** What three implementations say of the same cases. */
export interface Comparison {
  readonly cases: number;
  readonly accepted: number;
  /** Cases by kind, and how many of them the contract accepted. */
  readonly kinds: Readonly<Record<string, Readonly<{ cases: number; accepted: number }>>>;
  /** Refusals by the contract's error. */
  readonly errors: Readonly<Record<string, number>>;
  /** Cases in which o1js takes what contract and mina-signer refuse: R at infinity, and r = 0. Only the key's owner can make one. */
  readonly stricter: number;
  readonly disagreements: readonly Disagreement[];
}

export interface Disagreement extends SchnorrCase {
  readonly contract: string;
  readonly minaSigner: boolean;
  readonly o1js: boolean;
}

/** Cases in one call: some nine million gas. */
const PER_CALL = 64;
const CALL_GAS = 60_000_000n;
/** The only error with which the contract may refuse what o1js takes. */
const STRICTER = "MinaSchnorrNonceAtInfinity";

/**
 * Judges cases by the contract, mina-signer and o1js.
 *
 * They agree when the contract accepts exactly what is canonical (every number below its modulus, the key a point of the
 * curve) and what both libraries accept. Neither library takes coordinates above the modulus, or a y: what has a second
 * encoding is for the contract alone to refuse.
 */
export async function compareSchnorr(seed: string, count: number): Promise<Comparison> {
  const { ethers } = await hre.network.create();
  const contract = await ethers.deployContract("SchnorrBatch");
  const tally = new Tally();
  const source = schnorrCases(seed);
  for (let left = count; left > 0; left -= PER_CALL) {
    const cases = Array.from({ length: Math.min(left, PER_CALL) }, () => source.next().value as SchnorrCase);
    const verdicts: string[] = await contract.judge!(cases, { gasLimit: CALL_GAS });
    for (const [i, verdict] of verdicts.entries()) {
      const accepts = verdict === "0x00000000";
      tally.add(cases[i]!, accepts ? "accepted" : (contract.interface.getError(verdict)?.name ?? verdict));
    }
  }
  return tally.result();
}

class Tally {
  #cases = 0;
  #accepted = 0;
  #stricter = 0;
  readonly #kinds: Record<string, { cases: number; accepted: number }> = {};
  readonly #errors: Record<string, number> = {};
  readonly #disagreements: Disagreement[] = [];

  add(input: SchnorrCase, contract: string): void {
    const accepts = contract === "accepted";
    this.#cases++;
    if (accepts) this.#accepted++;
    else this.#errors[contract] = (this.#errors[contract] ?? 0) + 1;
    this.#kinds[input.kind] ??= { cases: 0, accepted: 0 };
    const kind = this.#kinds[input.kind]!;
    kind.cases++;
    if (accepts) kind.accepted++;
    const judged = { contract, ...librariesOn(input) };
    if (judged.minaSigner === accepts && judged.o1js === accepts) return;
    if (contract === STRICTER && !judged.minaSigner) this.#stricter++;
    else this.#disagreements.push({ ...input, ...judged });
  }

  result(): Comparison {
    return {
      cases: this.#cases,
      accepted: this.#accepted,
      kinds: this.#kinds,
      errors: this.#errors,
      stricter: this.#stricter,
      disagreements: this.#disagreements,
    };
  }
}

function librariesOn(input: SchnorrCase): { minaSigner: boolean; o1js: boolean } {
  if (!isCanonical(input)) return { minaSigner: false, o1js: false };
  return { minaSigner: minaSignerAccepts(input), o1js: o1jsAccepts(input) };
}

/** What the libraries cannot be asked, or would silently reduce. */
function isCanonical({ message, x, y, r, s }: SchnorrCase): boolean {
  const reduced = [message, x, y, r].every((value) => value < P) && s < Q;
  return reduced && mod(y * y - x * x * x) === 5n;
}

function minaSignerAccepts({ message, x, y, r, s }: SchnorrCase): boolean {
  return verifyFields({ x, isOdd: (y & 1n) === 1n }, [message], { r, s });
}

function o1jsAccepts({ message, x, y, r, s }: SchnorrCase): boolean {
  try {
    const key = PublicKey.fromObject({ x: Field(x), isOdd: (y & 1n) === 1n } as never);
    return Signature.fromObject({ r: Field(r), s: Scalar.from(s) })
      .verify(key, [Field(message)])
      .toBoolean();
  } catch {
    return false;
  }
}
