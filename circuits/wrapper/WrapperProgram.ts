import { ZkProgram } from "o1js";
import { IndexProof } from "../indexed/index.ts";
import { pinnedKey } from "../keys/index.ts";
import { LedgerProof } from "../ledger/index.ts";
import { JoinWitness, joinBatch } from "./joinBatch.ts";
import { WrapperStatement } from "./WrapperStatement.ts";

/**
 * "This step of the rollup follows the rules." Takes the proofs of a batch's two halves by their pinned verification
 * keys, which are constants of the circuit, so that it compiles without the programs that made them.
 */
export const WrapperProgram = ZkProgram({
  name: "zeko-wrapper",
  publicInput: WrapperStatement,
  methods: {
    /** One ledger range and one index range → one step. */
    join: {
      privateInputs: [LedgerProof, IndexProof, JoinWitness],
      async method(
        statement: WrapperStatement,
        ledger: LedgerProof,
        index: IndexProof,
        witness: JoinWitness,
      ) {
        ledger.verify(pinnedKey("ledger"));
        index.verify(pinnedKey("index"));
        joinBatch(statement, ledger.publicInput, index.publicInput, witness);
      },
    },
  },
});
