import { z } from "zod";
import {
  checkedSuccessor,
  comparePublicKeys,
  defaultThreshold,
  domainHash,
  domainOf,
  type Genesis,
  publicKeyFromBase58,
  type Rotation,
  type RotationKind,
  totalWeight,
  type ValidatorSet,
} from "../../protocol/index.ts";
import type { BothSides } from "./readBothSides.ts";
import { ValidatorError } from "./ValidatorError.ts";

const schema = z
  .object({
    /** The default where it is not given: n − ⌊n/3⌋ of the weight. */
    threshold: z
      .string()
      .regex(/^[1-9][0-9]{0,18}$/)
      .transform(BigInt)
      .optional(),
    members: z
      .array(
        z
          .object({
            publicKey: z.string(),
            weight: z
              .string()
              .regex(/^[1-9][0-9]{0,9}$/)
              .default("1")
              .transform(BigInt),
          })
          .strict(),
      )
      .min(1)
      .max(64),
  })
  .strict();

/** Members as the operator lists them, in any order. @throws {ValidatorError} `VALIDATOR_FILE_UNREADABLE`; {FieldError} */
export function membersFrom(json: unknown, file: string): Omit<ValidatorSet, "epoch"> {
  const parsed = schema.safeParse(json);
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0]!;
    throw new ValidatorError("VALIDATOR_FILE_UNREADABLE", { file, reason: `${path.join(".")}: ${message}` });
  }
  const members = parsed.data.members
    .map(({ publicKey, weight }) => ({ publicKey: publicKeyFromBase58(publicKey), weight }))
    .sort((a, b) => comparePublicKeys(a.publicKey, b.publicKey));
  return { members, threshold: parsed.data.threshold ?? defaultThreshold(totalWeight({ members })) };
}

/**
 * A proposal from the set in force on both sides, on the state that Mina has now.
 * @param until undefined: as late as a window that begins now allows
 * @throws {ValidatorError} `VALIDATOR_NOT_IN_FORCE`; {ValidatorSetError}
 */
export function proposeRotation(
  genesis: Genesis,
  sides: BothSides,
  wanted: Omit<ValidatorSet, "epoch">,
  kind: RotationKind,
  until?: bigint,
): Rotation {
  const { epoch, threshold, members, hash } = sides.current;
  if (sides.field?.current !== hash)
    throw new ValidatorError("VALIDATOR_NOT_IN_FORCE", { side: "Mina", epoch });
  const current: ValidatorSet = { epoch, threshold, members };
  const { grace, maxLag } = sides.genesisOuter.governance.delays;
  return {
    domain: domainHash(domainOf(genesis)),
    kind,
    state: sides.state,
    until: until ?? sides.slot + grace + maxLag,
    current,
    next: checkedSuccessor(current, { ...wanted, epoch: epoch + 1n }),
    approvals: [],
    possessions: [],
  };
}
