import { fieldToHex } from "../../gossip/index.ts";
import {
  type PublicKey,
  possessionMessage,
  type Rotation,
  rotationMessage,
  type Signature,
  termsOf,
  validatorSetHash,
} from "../../protocol/index.ts";
import { RemoteError, requestJson, systemClock } from "../../service/index.ts";
import type { Approvals } from "./Approvals.ts";
import { checkAccepted, checkInForce, slotOf } from "./checkProposal.ts";
import type { BothSides } from "./readBothSides.ts";
import { withVote } from "./rotationFiles.ts";
import { ValidatorError } from "./ValidatorError.ts";

/** A question to our own signer that makes it read its whole disk, and how often it is put. */
const STATE_TIMEOUT_MS = 660_000;
const STATE_ATTEMPTS = 5;
/** Before a signer that too many ask is asked again. */
const STATE_PAUSE_MS = 10_000;

/** A validator's Mina key, as far as rotations need it. */
export interface RotationKey {
  readonly publicKey: PublicKey;
  readonly sign: (fields: readonly bigint[]) => Signature;
}

export interface ApproveOptions {
  /** Slots from now within which a proposal must end. */
  readonly horizon: bigint;
  /** Whether an approval of another next set for this epoch may be replaced. */
  readonly replace: boolean;
  /** Our own signer, which knows the states before Mina's. */
  readonly signerUrl?: string;
}

/**
 * A member of the current set consents. What it signs can be used by anybody until the proposal's end, and on the DA chain
 * as long as its set is in force there: so it is noted before, and a second next set for the epoch is refused.
 * @throws {ValidatorError} any code of its checks
 */
export async function approveRotation(
  rotation: Rotation,
  key: RotationKey,
  sides: BothSides,
  { horizon, replace, signerUrl }: ApproveOptions,
  approvals: Approvals,
): Promise<Rotation> {
  const slot = slotOf(rotation.current, key.publicKey, "current");
  checkInForce(rotation, sides);
  const latest = sides.slot + horizon;
  if (rotation.until > latest) throw new ValidatorError("VALIDATOR_UNTIL", { until: rotation.until, latest });
  await checkAccepted(rotation.state, sides, signerUrl);
  await approvals.note(rotation.next.epoch, validatorSetHash(rotation.next), replace);
  const signature = key.sign([rotationMessage(termsOf(rotation))]);
  return { ...rotation, approvals: withVote(rotation.approvals, { slot, signature }) };
}

/**
 * A member of the next set shows that it holds the state: its own signer reads all of it from disk again.
 * @throws {ValidatorError} `VALIDATOR_NO_MEMBER`, `VALIDATOR_STATE_NOT_HELD`; {RemoteError}
 */
export async function possessRotation(
  rotation: Rotation,
  key: RotationKey,
  signerUrl: string,
): Promise<Rotation> {
  const slot = slotOf(rotation.next, key.publicKey, "next");
  const state = fieldToHex(rotation.state);
  await requireHeld(state, signerUrl);
  const signature = key.sign([possessionMessage(termsOf(rotation))]);
  return { ...rotation, possessions: withVote(rotation.possessions, { slot, signature }) };
}

/** Asks again when the answer takes longer than a question may: the signer reads on meanwhile, once for all who ask. */
async function requireHeld(state: string, signerUrl: string): Promise<void> {
  const url = new URL(`/v1/states/${state}`, signerUrl).href;
  for (let attempt = 1; ; attempt++) {
    try {
      const answer = (await requestJson({ url, timeoutMs: STATE_TIMEOUT_MS })) as { state?: unknown };
      if (answer.state === state) return;
      throw new ValidatorError("VALIDATOR_STATE_NOT_HELD", { state });
    } catch (cause) {
      if (!(cause instanceof RemoteError)) throw cause;
      const { status } = cause.data as { status?: number };
      if (status === 404) throw new ValidatorError("VALIDATOR_STATE_NOT_HELD", { state }, { cause });
      if (attempt === STATE_ATTEMPTS) throw cause;
      if (status === 503) await systemClock.sleep(STATE_PAUSE_MS);
    }
  }
}
