import {
  type BatchPlan,
  type CommitTransaction,
  type FeePayer,
  indexAfter,
  type ProofJob,
  type ProofJson,
  planBatch,
  type QuorumInput,
} from "../../../circuits/index.ts";
import { type ExecutedBatch, executeBatch, genesisSnapshot } from "../../../ledger/index.ts";
import {
  attestationMessage,
  comparePublicKeys,
  domainHash,
  domainOf,
  type Genesis,
  ledgerConstants,
  type OuterState,
  outerAtGenesis,
  publicKeyToBase58,
  type State,
  signFields,
  stateHash,
  statementHash,
  type ValidatorSet,
  validatorSetHash,
} from "../../../protocol/index.ts";
import { commandsOfEachKind, executeCommands } from "../../circuits/support/transferBatch.ts";
import { testKey } from "../../ledger/support/commands.ts";
import { testGenesis } from "../../ledger/support/genesis.ts";

export const outerKey = testKey(101);
export const sequencer = testKey(102);
const validators = [103, 104, 105, 106]
  .map(testKey)
  .sort((a, b) => comparePublicKeys(a.publicKey, b.publicKey));

/** Four validators, three of which make a quorum. */
export const genesis: Genesis = {
  ...testGenesis(),
  minaNetwork: "devnet",
  outerKey: outerKey.publicKey,
  sequencer: sequencer.publicKey,
  validators: {
    epoch: 0n,
    threshold: 3n,
    members: validators.map(({ publicKey }) => ({ publicKey, weight: 1n })),
  },
};
export const source = genesisSnapshot(genesis);
/** The set that has followed the first one, whose grace is not over. */
export const nextSet: ValidatorSet = { ...genesis.validators, epoch: 1n };
const atGenesis = outerAtGenesis(genesis, source.state);
export const outerStart: OuterState = {
  ...atGenesis,
  validators: {
    current: validatorSetHash(nextSet),
    previous: validatorSetHash(genesis.validators),
    graceEnd: 1_000_000n,
  },
};

/** Transfers of every kind, two new accounts; then a batch without a command. */
export const firstBatch = executeCommands(commandsOfEachKind, source);
export const emptyBatch = executeBatch(
  firstBatch.target,
  { blocks: [{ slot: 12n, timestampMs: 0n, commands: [] }], feeRecipient: firstBatch.feeRecipient },
  { traces: true },
);

/** A plan with one new account in each index proof, so that index ranges are merged too. */
export function planInSmallSteps(batch: ExecutedBatch): BatchPlan {
  const plan = planBatch(batch, ledgerConstants(genesis));
  const [only] = plan.index as Extract<ProofJob, { branch: "accounts" }>[];
  const { from, inserts } = only!.input;
  let at = from;
  const index = inserts.map((insert): ProofJob => {
    const input = { from: at, inserts: [insert] };
    at = indexAfter(input);
    return { program: "index", branch: "accounts", input };
  });
  return { ...plan, index };
}

const data = { dataRoot: 71n, dataLength: 72n, scheme: 1n };

/** What validators sign about the step of this batch, in this deployment and as this set. */
export function attested(
  batch: ExecutedBatch,
  deployment: Genesis = genesis,
  set: ValidatorSet = genesis.validators,
): QuorumInput {
  const statement = statementHash({
    source: stateHash(batch.source.state),
    target: stateHash(batch.target.state),
    landBy: batch.landBy,
    domain: domainHash(domainOf(deployment)),
  });
  const message = attestationMessage(validatorSetHash(set), { statement, ...data });
  return {
    message,
    set,
    attestations: [0, 1, 3].map((slot) => ({
      slot,
      signature: signFields(validators[slot]!.privateKey, [message]),
    })),
  };
}

export function commitOf(
  batch: ExecutedBatch,
  outer: OuterState,
  proofs: { wrapper: ProofJson; quorum: ProofJson },
  feePayer: FeePayer,
): CommitTransaction {
  const target: State = batch.target.state;
  return {
    outerKey: publicKeyToBase58(outerKey.publicKey),
    outer,
    domain: domainOf(genesis),
    target,
    landBy: batch.landBy,
    ...data,
    ...proofs,
    feePayer,
  };
}
