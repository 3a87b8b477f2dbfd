import { DEFAULT_TOKEN, type MinaCommandJson } from "../../l1/index.ts";
import { ValidatorError } from "./ValidatorError.ts";

export interface RotationCommand {
  /** Base58 keys of the outer account and of who pays. */
  readonly outerKey: string;
  readonly feePayer: string;
  /** Nanomina. */
  readonly fee: bigint;
  readonly nonce: bigint;
  /** Last slot at which it may be included. */
  readonly until: bigint;
}

/**
 * What may be signed of a proved rotation: exactly one account update, of the outer account and authorised by a proof, so
 * that nothing but the outer contract's rules decides what it does, and a fee payer of our own making. Whoever proved it, or
 * left it in a file, decides nothing else: a signature over a whole command authorises every update of the key in it.
 * @param json a zkApp command in Mina's JSON @returns the command to sign, its fee payer filled in
 * @throws {ValidatorError} `VALIDATOR_COMMAND`
 */
export function rotationCommand(json: string, wanted: RotationCommand): MinaCommandJson {
  const { accountUpdates, memo, feePayer } = parsed(json);
  const refuse = (reason: string) => new ValidatorError("VALIDATOR_COMMAND", { reason });
  const [update] = accountUpdates;
  if (!update || accountUpdates.length !== 1) throw refuse("it does not have one account update");
  const { publicKey, tokenId, authorizationKind } = update.body;
  if (publicKey !== wanted.outerKey || tokenId !== DEFAULT_TOKEN || publicKey === wanted.feePayer)
    throw refuse("its account update is not of the outer account");
  const { proof, signature } = update.authorization;
  const isProved = authorizationKind.isProved === true && authorizationKind.isSigned === false;
  if (!isProved || typeof proof !== "string" || proof === "" || signature)
    throw refuse("its account update is not authorised by a proof alone");
  if (feePayer.body.validUntil !== wanted.until.toString()) throw refuse("it does not end with the rotation");
  const body = {
    publicKey: wanted.feePayer,
    fee: wanted.fee.toString(),
    validUntil: wanted.until.toString(),
    nonce: wanted.nonce.toString(),
  };
  return { feePayer: { body, authorization: "" }, accountUpdates: [update], memo };
}

/** Far enough for the checks above to read; whatever else is wrong makes an invalid transaction. */
function parsed(json: string): MinaCommandJson {
  try {
    const command = JSON.parse(json) as Partial<MinaCommandJson> | null;
    const { feePayer, accountUpdates, memo } = command ?? {};
    const isWhole =
      Array.isArray(accountUpdates) &&
      accountUpdates.every((update) => update?.body?.authorizationKind && update.authorization) &&
      typeof memo === "string" &&
      feePayer?.body;
    if (isWhole) return { feePayer, accountUpdates, memo };
  } catch {} // no JSON
  throw new ValidatorError("VALIDATOR_COMMAND", { reason: "it is no zkApp command" });
}

/** Whether {@link rotationCommand} would sign it. */
export function isRotationCommand(json: string, wanted: RotationCommand): boolean {
  try {
    return rotationCommand(json, wanted) !== undefined;
  } catch (error) {
    if (error instanceof ValidatorError) return false;
    throw error;
  }
}
