import { Field } from "o1js";
import {
  type AccountsInput,
  accountsWitness,
  INSERTS_PER_PROOF,
  IndexProgram,
  IndexStatement,
} from "../indexed/index.ts";
import { compiledKey } from "./compiledKey.ts";
import type { MergeInput } from "./Prover.ts";
import type { ProvingProgram } from "./programs.ts";

const Proof = IndexProgram.Proof;

export const indexBranches: ProvingProgram = {
  compile: async (cache) => compiledKey(await IndexProgram.compile({ cache })),
  branches: {
    async accounts(input: AccountsInput) {
      const { statement, from, inserts } = accountsWitness(input, INSERTS_PER_PROOF);
      return (await IndexProgram.accounts(statement, from, inserts)).proof.toJSON();
    },
    async merge({ first, second }: MergeInput) {
      const [a, b] = [await Proof.fromJSON(first), await Proof.fromJSON(second)];
      const statement = new IndexStatement({
        from: Field(first.publicInput[0]!),
        to: Field(second.publicInput[1]!),
      });
      return (await IndexProgram.merge(statement, a, b)).proof.toJSON();
    },
  },
};
