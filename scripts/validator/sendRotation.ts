import { type ProofJson, type Prover, quorumBranch, signTransaction } from "../../circuits/index.ts";
import type { DaClient } from "../../da/index.ts";
import type { L1Client, MinaCommandJson } from "../../l1/index.ts";
import {
  type Attestation,
  type OuterState,
  possessionMessage,
  publicKeyOf,
  publicKeyToBase58,
  type Rotation,
  rotationMessage,
  rotationStanding,
  rotationWindow,
  termsOf,
  validatorEpochsHash,
  validatorSetHash,
} from "../../protocol/index.ts";
import { type Clock, faultOf, type Logger, type Secret } from "../../service/index.ts";
import { checkDeployment, checkInForce } from "./checkProposal.ts";
import { Depth } from "./Depth.ts";
import type { Progress } from "./Progress.ts";
import { type BothSides, type BothSidesModules, readBothSides } from "./readBothSides.ts";
import { isRotationCommand, type RotationCommand, rotationCommand } from "./rotationCommand.ts";
import { fieldAfter } from "./statusOf.ts";
import { ValidatorError } from "./ValidatorError.ts";

export interface SendRotationOptions {
  /** Mina blocks on top of the one that took the rotation, before the DA chain mirrors it. */
  readonly depth: number;
  /** Nanomina. */
  readonly fee: bigint;
  readonly pollMs: number;
}

export interface SendRotationModules extends BothSidesModules {
  readonly l1: Pick<L1Client, "account" | "blocks" | "head" | "send" | "status">;
  readonly da: Pick<DaClient, "currentEpoch" | "validatorSet" | "rotateValidators">;
  readonly prover: Pick<Prover, "prove" | "transaction">;
  /** Pays on L1. */
  readonly feePayer: Secret;
  /** Votes of the next set, by rising slot, that Mina holds the rotation for good: as many as there are yet. */
  readonly confirmations: (rotation: Rotation) => Promise<readonly Attestation[]>;
  /** What is done already, for a run after a crash. */
  readonly progress: Progress;
  /** Tells a sequencer that Mina has taken it, so that it goes on settling before the mirror. */
  readonly announce?: (rotation: Rotation) => Promise<void>;
  readonly clock: Clock;
  readonly log: Logger;
  readonly signal: AbortSignal;
}

/**
 * Takes a complete rotation to Mina, waits until it is deep enough, and has the DA chain mirror it. May be run again at any
 * time, by anybody who has the file: each step looks first whether it is done.
 * @throws {ValidatorError}; {ProverError}; {L1Error}; {DaError}
 */
export async function sendRotation(
  rotation: Rotation,
  options: SendRotationOptions,
  modules: SendRotationModules,
): Promise<void> {
  checkDeployment(rotation, modules.genesis);
  const { approved, threshold, missing } = rotationStanding(rotation);
  if (approved < threshold || missing.length > 0)
    throw new ValidatorError("VALIDATOR_INCOMPLETE", { approved, threshold, missing });
  const isMirrored = async () => {
    const sides = await readBothSides(modules);
    return sides.current.hash === validatorSetHash(rotation.next) && isOnMina(sides, rotation);
  };
  const held = new Depth();
  while (!modules.signal.aborted && !(await isMirrored())) {
    await land(rotation, options, modules);
    if (modules.signal.aborted) return;
    await modules.announce?.(rotation).catch((error: unknown) => {
      modules.log.warn("sequencer not told of the rotation", faultOf(error));
    });
    const done = (await isDeep(rotation, held, options, modules)) && (await mirror(rotation, modules));
    if (!done) await modules.clock.sleep(options.pollMs, modules.signal);
  }
}

function isOnMina(sides: BothSides, rotation: Rotation): boolean {
  return sides.fieldHash === validatorEpochsHash(fieldAfter(sides, rotation));
}

/** Sends the rotation to Mina unless it holds it, and waits for the block. */
async function land(
  rotation: Rotation,
  options: SendRotationOptions,
  modules: SendRotationModules,
): Promise<void> {
  const { log, clock, signal } = modules;
  for (let sent: string | undefined; !signal.aborted; await clock.sleep(options.pollMs, signal)) {
    const sides = await readBothSides(modules);
    if (isOnMina(sides, rotation)) return;
    const status = sent === undefined ? undefined : await modules.l1.status(sent);
    if (status?.kind === "failed")
      throw new ValidatorError("VALIDATOR_FAILED_ON_L1", { hash: sent!, failures: status.failures });
    if (status?.kind === "pending" || status?.kind === "included") continue;
    // Mirrored already, but Mina's block was taken back: the current set there is still the old one.
    if (sides.current.hash !== validatorSetHash(rotation.next)) checkInForce(rotation, sides);
    const { lower } = rotationWindow(sides.genesisOuter, rotation.until);
    if (sides.slot < lower) {
      log.info("the rotation's window has not begun", { slot: sides.slot, lower });
      continue;
    }
    const outer: OuterState = { ...sides.genesisOuter, validators: sides.field! };
    sent = await modules.l1.send(await signedCommand(rotation, outer, options, modules));
    log.info("rotation sent to Mina", { hash: sent, until: rotation.until });
  }
}

/** The transaction, proved once for one content of the outer account, signed for the nonce of now. */
async function signedCommand(
  rotation: Rotation,
  outer: OuterState,
  { fee }: SendRotationOptions,
  modules: SendRotationModules,
): Promise<MinaCommandJson> {
  const { l1, genesis, feePayer } = modules;
  const secret = feePayer.reveal();
  const publicKey = publicKeyOf(secret);
  const payer = await l1.account(publicKey);
  const nonce = BigInt(payer?.inferredNonce ?? 0);
  const outerKey = publicKeyToBase58(genesis.outerKey);
  const wanted = { outerKey, feePayer: publicKey, fee, nonce, until: rotation.until };
  const open = JSON.stringify(await provedCommand(rotation, outer, wanted, modules));
  const network = genesis.minaNetwork.includes("mainnet") ? "mainnet" : "devnet";
  return JSON.parse(signTransaction(open, { feePayer: secret }, network)) as MinaCommandJson;
}

async function provedCommand(
  rotation: Rotation,
  outer: OuterState,
  wanted: RotationCommand,
  { prover, progress }: SendRotationModules,
): Promise<MinaCommandJson> {
  const { current, next, state, until, kind, approvals, possessions } = rotation;
  const terms = termsOf(rotation);
  const quorum = (name: string, set: typeof current, message: bigint, attestations: typeof approvals) =>
    progress.once<ProofJson>(name, () =>
      prover.prove({ program: "quorum", branch: quorumBranch(set), input: { message, set, attestations } }),
    );
  const change = await quorum("change", current, rotationMessage(terms), approvals);
  const possession = await quorum("possession", next, possessionMessage(terms), possessions);
  const { outerKey, fee, nonce } = wanted;
  const feePayer = { publicKey: wanted.feePayer, fee, nonce };
  const input = { outer, outerKey, state, until, kind, change, possession, feePayer };
  const name = `command.${validatorEpochsHash(outer.validators).toString(16)}`;
  const prove = () => prover.transaction({ program: "outer", branch: "rotateValidators", input });
  const isGood = (kept: unknown) => typeof kept === "string" && isRotationCommand(kept, wanted);
  return rotationCommand(await progress.once(name, prove, isGood), wanted);
}

/** Whether the block in which we first saw the rotation has enough others on top of it, and is still in the best chain. */
async function isDeep(
  rotation: Rotation,
  held: Depth,
  { depth }: SendRotationOptions,
  modules: SendRotationModules,
): Promise<boolean> {
  const chain = await modules.l1.blocks(depth + 1);
  const sides = await readBothSides(modules);
  // A block came between the two answers: the next look does better.
  if (chain.at(-1)!.stateHash !== sides.stateHash || !isOnMina(sides, rotation)) return false;
  const blocks = held.observe(chain);
  modules.log.info("rotation on Mina", { blocks, wanted: depth });
  return blocks >= depth;
}

async function mirror(rotation: Rotation, { da, log, confirmations }: SendRotationModules): Promise<boolean> {
  const { members, threshold, epoch } = rotation.next;
  const votes = await confirmations(rotation);
  const weight = votes.reduce((sum, { slot }) => sum + members[slot]!.weight, 0n);
  if (weight < threshold) {
    log.info("rotation not confirmed by enough validators yet", { weight, threshold });
    return false;
  }
  await da.rotateValidators(rotation, votes);
  log.info("rotation mirrored on the DA chain", { epoch });
  return true;
}
