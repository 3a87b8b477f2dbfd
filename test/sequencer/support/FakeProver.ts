import type { AccountUpdateTrace, ExecutedBatch } from "../../../ledger/index.ts";
import type { BatchProver, CommitRequest, ProofPlan } from "../../../sequencer/index.ts";

/** A proof that says which states it leads from and to, so that a wrong order shows. */
interface Range {
  readonly from: bigint;
  readonly to: bigint;
}
type Join = Range & { readonly number: bigint };

const UPDATES_PER_LEAF = 4;

/** Proves nothing, but insists that ranges meet, and counts. */
export class FakeProver {
  /** Every proof made, in order. */
  readonly made: string[] = [];
  /** Awaited before each proof: where a test holds the prover up. */
  gate: (name: string) => Promise<void> = async () => {};
  readonly #commit: (request: CommitRequest) => string;

  /** @param commit makes the transaction, whatever the L1 of the test takes for one */
  constructor(commit: (request: CommitRequest) => string) {
    this.#commit = commit;
  }

  prover(): BatchProver {
    const make = async <T>(name: string, proof: T): Promise<T> => {
      await this.gate(name);
      this.made.push(name);
      return proof;
    };
    const leaf = (kind: string) => (input: unknown) => {
      const { from, to } = input as Range;
      return make(`${kind} ${from}`, { from, to });
    };
    const merge = (kind: string) => (left: unknown, right: unknown) => {
      const [a, b] = [left as Range, right as Range];
      if (a.to !== b.from) throw new Error(`${kind}: ranges do not meet`);
      return make(`${kind} ${a.from} ${b.to}`, { from: a.from, to: b.to });
    };
    return {
      plan: planProofs,
      ledgerLeaf: leaf("ledger"),
      mergeLedger: merge("mergeLedger"),
      indexLeaf: leaf("index"),
      mergeIndex: merge("mergeIndex"),
      join: (input, ledger) => {
        const { from, to, number } = input as Join;
        const range = ledger as Range;
        if (range.from !== from || range.to !== to) throw new Error("join: not the whole batch");
        return make(`join ${number} ${from}`, { from, to });
      },
      verifyQuorum: async (proof, message, setHash) => {
        const said = proof as { message?: string; setHash?: string };
        return said.message === message.toString() && said.setHash === setHash.toString();
      },
      commit: (request) => {
        if (!request.wrapper || !request.quorum) throw new Error("commit: a proof is missing");
        return make(`commit ${request.target.batch} ${request.target.ledgerRoot}`, this.#commit(request));
      },
      stop: async () => {},
    };
  }
}

/** The fake's inputs. Runs where the execution is: traces are too much to send around. */
export function planProofs(batch: ExecutedBatch): ProofPlan {
  const { updates, fees, inserts } = batch.traces!;
  const leaves: Range[] = [];
  for (let i = 0; i < updates.length; i += UPDATES_PER_LEAF)
    leaves.push(rangeOf(updates.slice(i, i + UPDATES_PER_LEAF)));
  leaves.push({ from: fees.ledgerRootBefore, to: fees.ledgerRootAfter });
  const { source, target } = batch;
  const index = inserts.map(({ rootBefore, rootAfter }) => ({ from: rootBefore, to: rootAfter }));
  const { accountsRoot } = source.state;
  return {
    ledger: leaves,
    index: index.length > 0 ? index : [{ from: accountsRoot, to: accountsRoot }],
    join: { from: source.state.ledgerRoot, to: target.state.ledgerRoot, number: target.state.batch },
  };
}

function rangeOf(updates: readonly AccountUpdateTrace[]): Range {
  return { from: updates[0]!.ledgerRootBefore, to: updates.at(-1)!.ledgerRootAfter };
}
