import { Mina, PublicKey, UInt32, UInt64 } from "o1js";
import { landingWindow } from "../../protocol/index.ts";
import { pinnedKey } from "../keys/index.ts";
import { QuorumProof } from "../quorum/index.ts";
import { WrapperProof } from "../wrapper/index.ts";
import { type CommitInput, commitWitness } from "./commitWitness.ts";
import { type DeployInput, deployOuter } from "./deployOuter.ts";
import { OuterContract } from "./OuterContract.ts";

/** Who pays for a transaction on L1. */
export interface FeePayer {
  /** Base58. */
  readonly publicKey: string;
  /** Nanomina. */
  readonly fee: bigint;
  readonly nonce: bigint;
  /** At most 32 bytes of text. */
  readonly memo?: string;
}

/** A proof as o1js writes it. */
export interface ProofJson {
  readonly publicInput: string[];
  readonly publicOutput: string[];
  readonly maxProofsVerified: 0 | 1 | 2;
  /** Base64. */
  readonly proof: string;
}

export interface CommitTransaction extends CommitInput {
  /** Base58. */
  readonly outerKey: string;
  readonly wrapper: ProofJson;
  readonly quorum: ProofJson;
  readonly feePayer: FeePayer;
}

export interface DeployTransaction extends Omit<DeployInput, "payer" | "verificationKey"> {
  readonly feePayer: FeePayer;
}

/**
 * Builds and proves `commit`. Every signature is still missing: the fee payer's, and the sequencer authority's unless
 * the rollup is open to everybody; `signTransaction` adds them.
 * The fee payer's `validUntil` is the end of the landing window, so that a commit that missed it costs nothing.
 * @returns the zkApp command in Mina's JSON
 */
export async function commitTransaction(input: CommitTransaction): Promise<string> {
  const wrapper = await WrapperProof.fromJSON(input.wrapper);
  const quorum = await QuorumProof.fromJSON(input.quorum);
  const contract = new OuterContract(PublicKey.fromBase58(input.outerKey));
  const witness = commitWitness(input);
  const { upper } = landingWindow(input.outer, input.target, input.landBy);
  const transaction = await build(input.feePayer, upper, () => contract.commit(wrapper, quorum, witness));
  await transaction.prove();
  return transaction.toJSON();
}

/**
 * Builds the deployment. Needs no prover: it is signed, by the fee payer and the outer account's key.
 * @returns the zkApp command in Mina's JSON, not yet signed
 */
export async function deployTransaction(input: DeployTransaction): Promise<string> {
  const { outerKey, allocated, state, feePayer } = input;
  const verificationKey = pinnedKey("outer");
  const transaction = await build(feePayer, null, async () =>
    deployOuter({ outerKey, payer: feePayer.publicKey, allocated, state, verificationKey }),
  );
  return transaction.toJSON();
}

/** Without a sender, o1js leaves the fee payer empty instead of asking the network for its account. */
async function build(feePayer: FeePayer, validUntil: bigint | null, updates: () => Promise<void>) {
  const transaction = await Mina.transaction(updates);
  const { body } = transaction.transaction.feePayer;
  body.publicKey = PublicKey.fromBase58(feePayer.publicKey);
  body.fee = UInt64.from(feePayer.fee);
  body.nonce = UInt32.from(feePayer.nonce);
  if (validUntil !== null) body.validUntil = UInt32.from(validUntil);
  transaction.transaction.memo = feePayer.memo ?? "";
  return transaction;
}
