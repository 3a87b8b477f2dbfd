/**
 * Writes the numbers that the contracts need, from `protocol/`'s: `node scripts/generateContractConstants.ts`.
 *
 * Poseidon's constants are rescaled. With the state's elements multiplied by constants that follow the rounds, x⁷ still
 * commutes with the scaling, and the first column of the matrix becomes 1, 1, 1: six products a round instead of nine.
 * Every rescaled round constant k obeys k + 3(p − 1) < 2²⁵⁶, so that a row's sum needs no reduction.
 */
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { FIELD_MODULUS as P, power, saltedState, tags } from "../protocol/index.ts";
import { MDS, ROUND_CONSTANTS } from "../protocol/poseidonConstants.generated.ts";

const header = `// SPDX-License-Identifier: Apache-2.0
// Written by scripts/generateContractConstants.ts. Do not edit.
pragma solidity ^0.8.28;
`;

/** What the contracts hash, and Mina's own prefix of signatures. */
const used = {
  SIGNATURE: "CodaSignature*******",
  STATEMENT: tags.statement,
  DOMAIN: tags.domain,
  ATTEST: tags.attest,
  SET_START: tags.setStart,
  SET_SLOT: tags.setSlot,
  ROTATE: tags.rotate,
  MIRRORED: tags.mirrored,
  DATA_LEAF: tags.dataLeaf,
  DATA_NODE: tags.dataNode,
  GAS: tags.gas,
  GAS_DOMAIN: tags.gasDomain,
  PAYOUT: tags.payout,
};

const mul = (...factors: bigint[]) => factors.reduce((a, b) => (a * b) % P, 1n);
const inverse = (value: bigint) => power(value, P - 2n);
const word = (value: bigint) => value.toString(16).padStart(64, "0");
const constant = (name: string, value: bigint) => `uint256 constant ${name} = 0x${word(value)};`;

function poseidon() {
  const column = [0, 1, 2].map((i) => MDS[i]![0]!);
  const input = column.map((entry) => mul(column[0]!, inverse(entry))); // scaling of a state between permutations
  const matrix = MDS.map((row, i) =>
    [1, 2].map((j) => mul(row[j]!, inverse(column[i]!), power(mul(column[j]!, inverse(column[0]!)), 7n))),
  );
  const rounds: bigint[] = [];
  let lead = 1n; // scaling of the first element
  let scale = input;
  for (const constants of ROUND_CONSTANTS) {
    lead = power(lead, 7n);
    scale = column.map((entry) => mul(lead, inverse(entry)));
    for (const [i, c] of constants.entries()) rounds.push(mul(c, scale[i]!));
    lead = scale[0]!;
  }
  for (const c of rounds) if (c + 3n * (P - 1n) >= 1n << 256n) throw new Error("a row's sum could overflow");
  const output = input.map((wanted, i) => mul(wanted, inverse(scale[i]!)));
  if (output.some((factor) => factor !== output[0]))
    throw new Error("the last scaling is no multiple of the first");
  return { input, matrix, rounds, output };
}

function poseidonFile(): string {
  const { input, matrix, rounds, output } = poseidon();
  const salts = Object.values(used).flatMap((tag) =>
    saltedState(tag).map((value, i) => mul(value, input[i]!)),
  );
  return [
    header,
    "// Rescaled matrix: the first column is 1.",
    ...matrix.flatMap((row, i) => row.map((value, j) => constant(`MATRIX_${i}_${j + 1}`, value))),
    "// Scaling of the second element between permutations; the first one's is 1.",
    constant("SCALE_1", input[1]!),
    "// From the scaling after the last round back to that between permutations: one factor for all three.",
    constant("RESCALE", output[0]!),
    "// Where the state after absorbing a tag stands in the table, in bytes.",
    ...Object.keys(used).map((name, i) => `uint256 constant TAG_${name} = ${i * 96};`),
    "// Where the rounds start and end, in bytes.",
    `uint256 constant ROUNDS_START = ${salts.length * 32};`,
    `uint256 constant ROUNDS_END = ${(salts.length + rounds.length) * 32};`,
    "// States after each tag, then 55 rounds of three constants; all rescaled, 32 bytes each.",
    `bytes constant POSEIDON_TABLE = hex"${[...salts, ...rounds].map(word).join("")}";`,
    "",
  ].join("\n");
}

type Affine = readonly [x: bigint, y: bigint];
const GENERATOR: Affine = [1n, 0x1b74b5a30a12937c53dfa9f06378ee548f655bd4333d477119cf7a23caed2abbn];

/** Sum of two points of Pallas that are not each other's negatives. */
function add([x1, y1]: Affine, [x2, y2]: Affine): Affine {
  const slope = x1 === x2 ? mul(3n, x1, x1, inverse(2n * y1)) : mul(y2 - y1 + P, inverse(x2 - x1 + P));
  const x = (slope * slope - x1 - x2 + 2n * P) % P;
  return [x, (mul(slope, x1 - x + P) - y1 + P) % P];
}

function generatorFile(): string {
  const multiples = [GENERATOR];
  while (multiples.length < 128) multiples.push(add(multiples.at(-1)!, GENERATOR));
  return [
    header,
    "// G, 2·G, … 128·G: x and y, 32 bytes each.",
    `bytes constant GENERATOR_MULTIPLES = hex"${multiples.flat().map(word).join("")}";`,
    "",
  ].join("\n");
}

/** Path and text of every generated Solidity file. */
export function contractConstants(): Record<string, string> {
  return {
    "contracts/generated/PoseidonConstants.sol": poseidonFile(),
    "contracts/generated/PallasConstants.sol": generatorFile(),
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [path, text] of Object.entries(contractConstants()))
    writeFileSync(new URL(`../${path}`, import.meta.url), text);
}
