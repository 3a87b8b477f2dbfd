import { AccountUpdate, Mina, PublicKey, UInt32, UInt64 } from "o1js";
import { base58Versions, landingWindow, MEMO_BYTES, toBase58 } from "../../protocol/index.ts";
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
  const transaction = await build(input.feePayer, upper, () => contract.commit(wrapper, quorum, witness));
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
  return JSON.stringify({
    feePayer: {
      body: {
        publicKey: feePayer.publicKey,
        fee: feePayer.fee.toString(),
        validUntil: null,
        nonce: feePayer.nonce.toString(),
      },
      authorization: "",
    },
    accountUpdates: updates.map((update) => AccountUpdate.toJSON(update)),
    memo: memoOf(feePayer.memo ?? ""),
  });
}

/** Without a sender, o1js leaves the fee payer empty instead of asking the network for its account. */
async function build(feePayer: FeePayer, validUntil: bigint, updates: () => Promise<void>) {
  const transaction = await Mina.transaction(updates);
  const { body } = transaction.transaction.feePayer;
  body.publicKey = PublicKey.fromBase58(feePayer.publicKey);
  body.fee = UInt64.from(feePayer.fee);
  body.nonce = UInt32.from(feePayer.nonce);
  body.validUntil = UInt32.from(validUntil);
  transaction.transaction.memo = feePayer.memo ?? "";
  return transaction;
}

/** Mina's memo: a type byte, the text's length, the text padded with zeros to 32 bytes. */
function memoOf(text: string): string {
  const bytes = new Uint8Array(MEMO_BYTES);
  const encoded = new TextEncoder().encode(text);
  bytes.set([1, encoded.length]);
  bytes.set(encoded, 2);
  return toBase58(base58Versions.memo, bytes);
}
