import { Field } from "o1js";
import {
  type FeesInput,
  feesWitness,
  LedgerProgram,
  LedgerStatement,
  type SignedInput,
  STEPS_PER_PROOF,
  signedWitness,
} from "../ledger/index.ts";
import { compiledKey } from "./compiledKey.ts";
import type { MergeInput } from "./Prover.ts";
import type { ProvingProgram } from "./programs.ts";

const Proof = LedgerProgram.Proof;

export const ledgerBranches: ProvingProgram = {
  compile: async (cache) => compiledKey(await LedgerProgram.compile({ cache })),
  branches: {
    async signed(input: SignedInput) {
      const { statement, opening, steps } = signedWitness(input, STEPS_PER_PROOF);
      return (await LedgerProgram.signed(statement, opening, steps)).proof.toJSON();
    },
    async fees(input: FeesInput) {
      const { statement, opening, payout } = feesWitness(input);
      return (await LedgerProgram.fees(statement, opening, payout)).proof.toJSON();
    },
    async merge({ first, second }: MergeInput) {
      const [a, b] = [await Proof.fromJSON(first), await Proof.fromJSON(second)];
      const statement = new LedgerStatement({
        from: Field(first.publicInput[0]!),
        to: Field(second.publicInput[1]!),
      });
      return (await LedgerProgram.merge(statement, a, b)).proof.toJSON();
    },
  },
};
