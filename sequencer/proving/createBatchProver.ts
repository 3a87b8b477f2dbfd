import {
  type JoinInput,
  type ProofJob,
  type ProofJson,
  type Prover,
  planBatch,
} from "../../circuits/index.ts";
import {
  type Domain,
  type LedgerConstants,
  type PublicKey,
  publicKeyToBase58,
} from "../../protocol/index.ts";
import type { BatchProver, CommitRequest, StoredProof } from "../ports/BatchProver.ts";
import { QuorumVerifier } from "./QuorumVerifier.ts";

export interface BatchProverOptions {
  readonly constants: LedgerConstants;
  readonly domain: Domain;
  readonly outerKey: PublicKey;
  /** Named in the commit until it is signed. */
  readonly feePayer: PublicKey;
}

/** {@link BatchProver} over the circuits. Leaves are whole jobs, a merge names its program itself. */
export function createBatchProver(options: BatchProverOptions, { prover }: { prover: Prover }): BatchProver {
  const verifier = new QuorumVerifier();
  const leaf = (job: unknown) => prover.prove(job as ProofJob);
  const merge = (program: "ledger" | "index") => (left: StoredProof, right: StoredProof) =>
    prover.prove({
      program,
      branch: "merge",
      input: { first: left as ProofJson, second: right as ProofJson },
    });
  return {
    plan: (batch) => planBatch(batch, options.constants),
    ledgerLeaf: leaf,
    mergeLedger: merge("ledger"),
    indexLeaf: leaf,
    mergeIndex: merge("index"),
    join: (join, ledger, index) => {
      const input = { ...(join as JoinInput), ledger: ledger as ProofJson, index: index as ProofJson };
      return prover.prove({ program: "wrapper", branch: "join", input });
    },
    verifyQuorum: (proof, message, setHash) => verifier.check(proof, message, setHash),
    commit: (request) => proveCommit(request, options, prover),
    async stop() {
      await prover.stop();
      await verifier.stop();
    },
  };
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
