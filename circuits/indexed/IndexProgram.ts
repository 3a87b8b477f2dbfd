import { Provable, SelfProof, ZkProgram } from "o1js";
import { IndexErrors } from "./IndexErrors.ts";
import { IndexState, IndexStatement } from "./IndexState.ts";
import { AccountInsert, insertAccount } from "./insertAccount.ts";

/** New accounts in one proof: as many as 2^15 rows hold. A batch with more merges several. */
export const INSERTS_PER_PROOF = 13;

/**
 * "The indexed maps were led from τ to τ'": account ids entered, in the order in which the ledger created them.
 * Both ends of a range are pinned by whoever uses the proof; τ never enters the statement but as its hash.
 */
export const IndexProgram = ZkProgram({
  name: "zeko-index",
  publicInput: IndexStatement,
  methods: {
    /** Enters up to `INSERTS_PER_PROOF` account ids. */
    accounts: {
      privateInputs: [IndexState, Provable.Array(AccountInsert, INSERTS_PER_PROOF)],
      async method(statement: IndexStatement, from: IndexState, inserts: AccountInsert[]) {
        statement.from.assertEquals(from.hash(), IndexErrors.wrongSource);
        const to = inserts.reduce(insertAccount, from);
        statement.to.assertEquals(to.hash(), IndexErrors.wrongTarget);
      },
    },
    /** Two ranges that meet are one range. */
    merge: {
      privateInputs: [SelfProof, SelfProof],
      async method(
        statement: IndexStatement,
        first: SelfProof<IndexStatement, void>,
        second: SelfProof<IndexStatement, void>,
      ) {
        first.verify();
        second.verify();
        statement.from.assertEquals(first.publicInput.from, IndexErrors.wrongSource);
        first.publicInput.to.assertEquals(second.publicInput.from, IndexErrors.gap);
        statement.to.assertEquals(second.publicInput.to, IndexErrors.wrongTarget);
      },
    },
  },
});
