import { IndexProof } from "../indexed/index.ts";
import { LedgerProof } from "../ledger/index.ts";
import { joinWitness, WrapperProgram } from "../wrapper/index.ts";
import { compiledKey } from "./compiledKey.ts";
import type { JoinProofInput } from "./Prover.ts";
import type { ProvingProgram } from "./programs.ts";

export const wrapperBranches: ProvingProgram = {
  compile: async (cache) => compiledKey(await WrapperProgram.compile({ cache })),
  branches: {
    async join(input: JoinProofInput) {
      const [ledger, index] = [
        await LedgerProof.fromJSON(input.ledger),
        await IndexProof.fromJSON(input.index),
      ];
      const { statement, witness } = joinWitness(input);
      return (await WrapperProgram.join(statement, ledger, index, witness)).proof.toJSON();
    },
  },
};
