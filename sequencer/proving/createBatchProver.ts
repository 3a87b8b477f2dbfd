import { verify } from "o1js";
import {
  type AccountsInput,
  INSERTS_PER_PROOF,
  indexAfter,
  indexStart,
} from "../../circuits/indexed/index.ts";
import { readKey } from "../../circuits/keys/index.ts";
import {
  afterFees,
  type FeesInput,
  ledgerLeaves,
  type SignedInput,
  STEPS_PER_PROOF,
} from "../../circuits/ledger/index.ts";
import type { ProofJson } from "../../circuits/outer/index.ts";
import type { Prover } from "../../circuits/prover/index.ts";
import type { JoinInput } from "../../circuits/wrapper/index.ts";
import type { BatchTraces, ExecutedBatch } from "../../ledger/index.ts";
import {
  contextHash,
  type Domain,
  type LedgerConstants,
  type PublicKey,
  publicKeyToBase58,
} from "../../protocol/index.ts";
import type { BatchProver, CommitRequest, ProofPlan } from "../ports/BatchProver.ts";

export interface BatchProverOptions {
  readonly constants: LedgerConstants;
  readonly domain: Domain;
  readonly outerKey: PublicKey;
  /** Named in the commit until it is signed. */
  readonly feePayer: PublicKey;
}

type LedgerLeaf =
  | Readonly<{ branch: "signed"; input: SignedInput }>
  | Readonly<{ branch: "fees"; input: FeesInput }>;

/** {@link BatchProver} over the circuits. */
export function createBatchProver(options: BatchProverOptions, { prover }: { prover: Prover }): BatchProver {
  const prove = (job: Parameters<Prover["prove"]>[0]) => prover.prove(job);
  const merge = (program: "ledger" | "index", first: unknown, second: unknown) =>
    prove({ program, branch: "merge", input: { first: first as ProofJson, second: second as ProofJson } });
  return {
    plan: (batch) => planProofs(batch, options.constants),
    ledgerLeaf: (leaf) => prove({ program: "ledger", ...(leaf as LedgerLeaf) }),
    mergeLedger: (left, right) => merge("ledger", left, right),
    indexLeaf: (input) => prove({ program: "index", branch: "accounts", input: input as AccountsInput }),
    mergeIndex: (left, right) => merge("index", left, right),
    join: (input, ledger, index) =>
      prove({
        program: "wrapper",
        branch: "join",
        input: { ...(input as JoinInput), ledger: ledger as ProofJson, index: index as ProofJson },
      }),
    verifyQuorum,
    commit: (request) => proveCommit(request, options, prover),
    stop: () => prover.stop(),
  };
}

/** Splits a traced execution into what each proof is made from. */
export function planProofs(batch: ExecutedBatch, context: LedgerConstants): ProofPlan {
  const traces = tracesOf(batch);
  const source = batch.source.state;
  const { signed, fees } = ledgerLeaves({ context, source, traces }, STEPS_PER_PROOF);
  const index: AccountsInput[] = [];
  let from = indexStart(contextHash(context), source);
  // Also without insertions there is one proof: the join takes two.
  for (let first = 0; first === 0 || first < traces.inserts.length; first += INSERTS_PER_PROOF) {
    const leaf = { from, inserts: traces.inserts.slice(first, first + INSERTS_PER_PROOF) };
    index.push(leaf);
    from = indexAfter(leaf);
  }
  const { ledger } = batch.target;
  const join: JoinInput = {
    source,
    context,
    ledgerEnd: afterFees(fees),
    indexEnd: from,
    inner: { account: ledger.get(0n)!, path: ledger.path(0n) },
    blocks: BigInt(batch.blocks.length),
  };
  const leaves: LedgerLeaf[] = [
    ...signed.map((input): LedgerLeaf => ({ branch: "signed", input })),
    { branch: "fees", input: fees },
  ];
  return { ledger: leaves, index, join };
}

function tracesOf({ traces }: ExecutedBatch): BatchTraces {
  if (!traces) throw new RangeError("the batch was executed without traces");
  return traces;
}

/** Whether this is a proof of `QuorumProgram` over `message` by the set of this hash. False for anything malformed. */
export async function verifyQuorum(proof: unknown, message: bigint, setHash: bigint): Promise<boolean> {
  const json = proof as ProofJson;
  if (json.publicInput?.[0] !== message.toString() || json.publicOutput?.[0] !== setHash.toString())
    return false;
  try {
    return await verify(json, readKey("quorum").data);
  } catch {
    return false;
  }
}

function proveCommit(request: CommitRequest, options: BatchProverOptions, prover: Prover): Promise<string> {
  const { outer, target, header, dataRoot, wrapper, quorum } = request;
  return prover.transaction({
    program: "outer",
    branch: "commit",
    input: {
      outer,
      domain: options.domain,
      target,
      landBy: header.landBy,
      dataRoot,
      dataLength: header.dataLength,
      scheme: header.scheme,
      outerKey: publicKeyToBase58(options.outerKey),
      wrapper: wrapper as ProofJson,
      quorum: quorum as ProofJson,
      // The proof holds nothing of the payment: it is set where the commit is signed.
      feePayer: { publicKey: publicKeyToBase58(options.feePayer), fee: 0n, nonce: 0n },
    },
  });
}
