import { z } from "zod";
import type { Attestation } from "./certificate.ts";
import { RotationError } from "./errors/RotationError.ts";
import { field, fromBytes32, toBytes32 } from "./field.ts";
import { publicKeyFromBase58, publicKeyToBase58 } from "./publicKey.ts";
import { MAX_UINT32 } from "./quantities.ts";
import { type Rotation, rotationKinds } from "./rotation.ts";
import { checkedSignature } from "./signature.ts";
import type { ValidatorSet } from "./validatorSet.ts";

const hex = (value: bigint) => `0x${Buffer.from(toBytes32(value)).toString("hex")}`;

const setToJson = ({ epoch, threshold, members }: ValidatorSet) => ({
  epoch: epoch.toString(),
  threshold: threshold.toString(),
  members: members.map(({ publicKey, weight }) => ({
    publicKey: publicKeyToBase58(publicKey),
    weight: weight.toString(),
  })),
});
const votesToJson = (votes: readonly Attestation[]) =>
  votes.map(({ slot, signature: { r, s } }) => ({ slot, r: hex(r), s: hex(s) }));

/** The file that operators hand around: proposal and signatures so far. */
export function rotationToJson(rotation: Rotation) {
  const { domain, kind, state, until, current, next, approvals, possessions } = rotation;
  return {
    version: 1 as const,
    domain: hex(domain),
    kind,
    state: hex(state),
    until: until.toString(),
    current: setToJson(current),
    next: setToJson(next),
    approvals: votesToJson(approvals),
    possessions: votesToJson(possessions),
  };
}

export type RotationJson = ReturnType<typeof rotationToJson>;

const word = z
  .string()
  .regex(/^0x[0-9a-f]{64}$/)
  .transform((text) => fromBytes32(new Uint8Array(Buffer.from(text.slice(2), "hex"))));
const decimal = (maximum: bigint) =>
  z
    .string()
    .regex(/^(0|[1-9][0-9]{0,19})$/)
    .transform(BigInt)
    .refine((value) => value <= maximum);
const set = z
  .object({
    epoch: decimal(MAX_UINT32),
    threshold: decimal((1n << 64n) - 1n),
    members: z
      .array(
        z
          .object({ publicKey: z.string().transform(publicKeyFromBase58), weight: decimal(MAX_UINT32) })
          .strict(),
      )
      .max(64),
  })
  .strict();
const votes = z.array(z.object({ slot: z.number().int().min(0).max(63), r: word, s: word }).strict()).max(64);
const schema = z
  .object({
    version: z.literal(1),
    domain: word,
    kind: z.enum(rotationKinds),
    state: word,
    until: decimal(MAX_UINT32),
    current: set,
    next: set,
    approvals: votes,
    possessions: votes,
  })
  .strict();

/**
 * Its form only: `rotationStanding` says what it is worth.
 * @throws {RotationError} `ROTATION_MALFORMED`
 */
export function rotationFromJson(json: unknown): Rotation {
  try {
    const { version: _, approvals, possessions, ...rest } = schema.parse(json);
    field(rest.domain);
    field(rest.state);
    return { ...rest, approvals: votesFrom(approvals), possessions: votesFrom(possessions) };
  } catch (cause) {
    throw new RotationError("ROTATION_MALFORMED", { what: "not in the documented form" }, { cause });
  }
}

function votesFrom(votes: readonly { slot: number; r: bigint; s: bigint }[]): Attestation[] {
  return votes.map(({ slot, r, s }) => ({ slot, signature: checkedSignature({ r, s }) }));
}
