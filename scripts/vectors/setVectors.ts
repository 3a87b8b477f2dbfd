import {
  checkedValidatorSet,
  codeOf,
  comparePublicKeys,
  defaultThreshold,
  MAX_UINT32,
  type ValidatorSet,
  validatorSetHash,
} from "../../protocol/index.ts";
import { sampleKey } from "./samples.ts";

/** The first `size` sample keys in order, each with weight 1. */
export function sampleSet(size: number, epoch = 0n): ValidatorSet {
  const members = Array.from({ length: size }, (_, i) => ({
    publicKey: sampleKey(`validator ${i}`).publicKey,
    weight: 1n,
  }));
  members.sort((a, b) => comparePublicKeys(a.publicKey, b.publicKey));
  return { epoch, threshold: defaultThreshold(BigInt(size)), members };
}

export function setVectors() {
  const four = sampleSet(4);
  const [first, second, ...rest] = four.members;
  const withMembers = (members: ValidatorSet["members"]) => ({ ...four, members });
  const cases: [string, ValidatorSet][] = [
    ["one validator", sampleSet(1)],
    ["four validators", four],
    ["four validators, epoch 7", sampleSet(4, 7n)],
    [
      "weights",
      { ...four, threshold: 6n, members: four.members.map((m, i) => ({ ...m, weight: BigInt(i + 1) })) },
    ],
    ["sixteen validators", sampleSet(16)],
    ["sixty-four validators", sampleSet(64)],
    ["sixty-five validators", sampleSet(65)],
    ["nobody", { ...four, members: [] }],
    ["listed twice", withMembers([first!, first!, ...rest])],
    ["out of order", withMembers([second!, first!, ...rest])],
    ["weight zero", withMembers([{ ...first!, weight: 0n }, second!, ...rest])],
    ["weight of 33 bits", withMembers([{ ...first!, weight: MAX_UINT32 + 1n }, second!, ...rest])],
    ["half is no majority", { ...four, threshold: 2n }],
    ["threshold out of reach", { ...four, threshold: 5n }],
    ["off the curve", withMembers([{ publicKey: offCurve(), weight: 1n }, second!, ...rest])],
    ["zero key", withMembers([{ publicKey: { x: 0n, isOdd: false }, weight: 1n }, second!, ...rest])],
  ];
  return { validatorSet: cases.map(([name, input]) => ({ name, input, ...outcome(input) })) };
}

function outcome(set: ValidatorSet) {
  try {
    return { output: validatorSetHash(checkedValidatorSet(set)) };
  } catch (error) {
    return { error: codeOf(error) };
  }
}

/** x = 2 is on no point: 13 is not a square. */
function offCurve() {
  return { x: 2n, isOdd: false };
}
