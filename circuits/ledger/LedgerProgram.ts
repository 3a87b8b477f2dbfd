import { SelfProof, ZkProgram } from "o1js";
import { FeePayout, feesRule } from "./feesRule.ts";
import { LedgerErrors } from "./LedgerErrors.ts";
import { LedgerStatement } from "./LedgerStatement.ts";
import { Opening } from "./openStatement.ts";
import { type SignedStep, signedSteps } from "./SignedStep.ts";
import { signedRule } from "./signedRule.ts";

/**
 * Account updates in one `signed` proof: nine transfers of three updates. About 2,200 rows each and 800 for the rest,
 * so 29 would fill the 2^16 rows of a circuit; two are left for what later rules may need.
 */
export const STEPS_PER_PROOF = 27;

/**
 * "Mina's rules lead from σ to σ'." Whoever uses a proof pins both ends; σ never enters the statement but as its hash.
 */
export const LedgerProgram = ZkProgram({
  name: "zeko-ledger",
  publicInput: LedgerStatement,
  methods: {
    /** σ → σ' by account updates that move MINA by signature; a command may start here and end in the next proof. */
    signed: {
      privateInputs: [Opening, signedSteps(STEPS_PER_PROOF)],
      async method(statement: LedgerStatement, opening: Opening, steps: SignedStep[]) {
        signedRule(statement, opening, steps);
      },
    },
    /** σ → σ' by paying the collected fees to one account: the last step of a batch. */
    fees: {
      privateInputs: [Opening, FeePayout],
      async method(statement: LedgerStatement, opening: Opening, payout: FeePayout) {
        feesRule(statement, opening, payout);
      },
    },
    /** σ → σ' → σ'': two ranges that meet are one range. */
    merge: {
      privateInputs: [SelfProof, SelfProof],
      async method(
        statement: LedgerStatement,
        first: SelfProof<LedgerStatement, void>,
        second: SelfProof<LedgerStatement, void>,
      ) {
        first.verify();
        second.verify();
        statement.from.assertEquals(first.publicInput.from, LedgerErrors.wrongSource);
        first.publicInput.to.assertEquals(second.publicInput.from, LedgerErrors.mergeMiddles);
        statement.to.assertEquals(second.publicInput.to, LedgerErrors.wrongTarget);
      },
    },
  },
});
