import { readFileSync } from "node:fs";
import { Field, VerificationKey } from "o1js";
import { ProofKeyError } from "./ProofKeyError.ts";

/** Every program, each after those whose keys it pins. */
export const programNames = ["ledger", "index", "wrapper", "quorum", "outer", "gas"] as const;
export type ProgramName = (typeof programNames)[number];

/** A verification key as it stands in circuits/keys/<program>.json. */
export interface KeyFile {
  readonly program: ProgramName;
  /** Field element, decimal. What circuits pin and L1 compares. */
  readonly hash: string;
  /** Base64, as o1js serialises it. */
  readonly data: string;
}

export function keyPath(program: ProgramName): URL {
  return new URL(`./${program}.json`, import.meta.url);
}

/** @throws {ProofKeyError} `PROOF_KEY_NOT_PINNED` when `zeko keys compile --write` has not been run for this program. */
export function readKey(program: ProgramName): KeyFile {
  try {
    return JSON.parse(readFileSync(keyPath(program), "utf8")) as KeyFile;
  } catch (cause) {
    throw new ProofKeyError("PROOF_KEY_NOT_PINNED", { program }, { cause });
  }
}

/**
 * The pinned key of a program, with its hash as a constant. A circuit that verifies a proof with it proves that the
 * proof is that program's: o1js hashes the key that it verifies with inside the circuit and compares.
 */
export function pinnedKey(program: ProgramName): VerificationKey {
  const { data, hash } = readKey(program);
  return new VerificationKey({ data, hash: Field(hash) });
}
