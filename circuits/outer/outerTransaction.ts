import { PublicKey } from "o1js";
import { landingWindow } from "../../protocol/index.ts";
import { pinnedKey } from "../keys/index.ts";
import { QuorumProof } from "../quorum/index.ts";
import { WrapperProof } from "../wrapper/index.ts";
import { type CommitInput, commitWitness } from "./commitWitness.ts";
import { type DeployInput, deployOuter } from "./deployOuter.ts";
import { OuterContract } from "./OuterContract.ts";
import { type RotationInput, rotationWitness } from "./rotationWitness.ts";
import { commandToProve, type FeePayer, unsignedCommand } from "./unsignedCommand.ts";

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

export interface RotationTransaction extends RotationInput {
  /** Base58. */
  readonly outerKey: string;
  /** Quorum proofs: of the current set over the change, of the whole next set over its possession. */
  readonly change: ProofJson;
  readonly possession: ProofJson;
  readonly feePayer: FeePayer;
}

export interface DeployTransaction extends Omit<DeployInput, "payer" | "verificationKey"> {
  readonly feePayer: FeePayer;
}

/**
 * Builds and proves `commit`. Every signature is still missing: the fee payer's, and the sequencer authority's unless
 * the rollup is open to everybody; `signTransaction` adds them.
 * Runs on the active instance of Mina, and asks it for nothing but the outer account's verification key.
 * The fee payer's `validUntil` is the end of the landing window, so that a commit that missed it costs nothing.
 * @returns the zkApp command in Mina's JSON
 */
export async function commitTransaction(input: CommitTransaction): Promise<string> {
  const wrapper = await WrapperProof.fromJSON(input.wrapper);
  const quorum = await QuorumProof.fromJSON(input.quorum);
  const contract = new OuterContract(PublicKey.fromBase58(input.outerKey));
  const witness = commitWitness(input);
  const { upper } = landingWindow(input.outer, input.target, input.landBy);
  const transaction = await commandToProve(input.feePayer, upper, () =>
    contract.commit(wrapper, quorum, witness),
  );
  await transaction.prove();
  return transaction.toJSON();
}

/**
 * Builds and proves `rotateValidators`. The fee payer's signature is still missing. As {@link commitTransaction}, it ends
 * with its window.
 * @returns the zkApp command in Mina's JSON
 */
export async function rotationTransaction(input: RotationTransaction): Promise<string> {
  const change = await QuorumProof.fromJSON(input.change);
  const possession = await QuorumProof.fromJSON(input.possession);
  const contract = new OuterContract(PublicKey.fromBase58(input.outerKey));
  const witness = rotationWitness(input);
  const transaction = await commandToProve(input.feePayer, input.until, () =>
    contract.rotateValidators(change, possession, witness),
  );
  await transaction.prove();
  return transaction.toJSON();
}

/**
 * Builds the deployment. Needs no prover: it is signed, by the fee payer and the outer account's key.
 * @returns the zkApp command in Mina's JSON, not yet signed
 */
export function deployTransaction(input: DeployTransaction): string {
  const { outerKey, allocated, state, feePayer } = input;
  const updates = deployOuter({
    outerKey,
    payer: feePayer.publicKey,
    allocated,
    state,
    verificationKey: pinnedKey("outer"),
  });
  return unsignedCommand(feePayer, updates);
}
