import {
  type QuorumBranch,
  type QuorumInput,
  QuorumProgram,
  quorumSlots,
  quorumWitness,
} from "../quorum/index.ts";
import { compiledKey } from "./compiledKey.ts";
import type { ProvingProgram } from "./programs.ts";

const verify = (branch: QuorumBranch) => async (input: QuorumInput) => {
  const { message, rule, slots } = quorumWitness(input, quorumSlots[branch]);
  const { proof } = await QuorumProgram[branch](message, rule, slots);
  return proof.toJSON();
};

export const quorumBranches: ProvingProgram = {
  compile: async (cache) => compiledKey(await QuorumProgram.compile({ cache })),
  branches: { verify16: verify("verify16"), verify64: verify("verify64") },
};
