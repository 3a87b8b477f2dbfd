import { MINA_TOKEN } from "../account.ts";
import { base58Versions, fromBase58, fromLittleEndian } from "../base58.ts";
import { CommandError } from "../errors/CommandError.ts";
import { MAX_UPDATES } from "../limits.ts";
import { type PublicKey, publicKeyFromBase58 } from "../publicKey.ts";
import { MAX_UINT32 } from "../quantities.ts";
import { type Signature, signatureFromBase58 } from "../signature.ts";
import { ANY, DUMMY_VERIFICATION_KEY_HASH, neutralBody } from "./neutralBody.ts";
import {
  type AccountUpdate,
  type FeePayer,
  type Interval,
  isMemo,
  type MayUseToken,
  MEMO_BYTES,
  type ZkappCommand,
} from "./ZkappCommand.ts";

type Json = Readonly<Record<string, unknown>>;

/**
 * Reads a zkApp command as o1js, mina-signer and Mina's GraphQL write it.
 *
 * Accepts transfers and account creation in MINA: signatures or none, memo, `validUntil`, nonce precondition,
 * `validWhile`, call depth. Whatever else is set is refused, so nothing signed is silently dropped.
 * @throws {CommandError} `COMMAND_MALFORMED`, `COMMAND_UNSUPPORTED`, `COMMAND_TOO_LARGE`, `COMMAND_CALL_DEPTH`
 */
export function commandFromJson(json: unknown): ZkappCommand {
  const command = record(json, "command");
  const list = command.accountUpdates;
  if (!Array.isArray(list)) throw malformed("accountUpdates", "a list");
  if (list.length > MAX_UPDATES)
    throw new CommandError("COMMAND_TOO_LARGE", { updates: list.length, maximum: MAX_UPDATES });
  const updates = list.map((update, i) => updateFromJson(update, `accountUpdates[${i}]`));
  checkCallDepths(updates);
  return { feePayer: feePayerFromJson(command.feePayer), updates, memo: memoFromJson(command.memo) };
}

/** @throws {CommandError} `COMMAND_CALL_DEPTH` */
export function checkCallDepths(updates: readonly AccountUpdate[]): void {
  let previous = -1;
  for (const [index, { callDepth }] of updates.entries()) {
    if (callDepth > previous + 1) throw new CommandError("COMMAND_CALL_DEPTH", { index });
    previous = callDepth;
  }
}

function feePayerFromJson(json: unknown): FeePayer {
  const { body, authorization } = record(json, "feePayer");
  const fields = record(body, "feePayer.body");
  return {
    publicKey: key(fields.publicKey, "feePayer.body.publicKey"),
    fee: integer(fields.fee, 64, "feePayer.body.fee"),
    nonce: integer(fields.nonce, 32, "feePayer.body.nonce"),
    validUntil: validUntil(fields.validUntil),
    signature: signature(authorization, "feePayer.authorization"),
  };
}

/** The last slot of all is no bound, and hashes as none: one form of the two is kept. */
function validUntil(json: unknown): bigint | null {
  const slot = json == null ? MAX_UINT32 : integer(json, 32, "feePayer.body.validUntil");
  return slot === MAX_UINT32 ? null : slot;
}

function updateFromJson(json: unknown, path: string): AccountUpdate {
  const outer = record(json, path);
  const body = record(outer.body, `${path}.body`);
  requireNeutral(body, `${path}.body`);
  const preconditions = record(body.preconditions, `${path}.body.preconditions`);
  const account = record(preconditions.account, `${path}.body.preconditions.account`);
  return {
    publicKey: key(body.publicKey, `${path}.body.publicKey`),
    callDepth: Number(integer(body.callDepth, 16, `${path}.body.callDepth`)),
    balanceChange: signed(body.balanceChange, `${path}.body.balanceChange`),
    incrementNonce: boolean(body.incrementNonce, `${path}.body.incrementNonce`),
    useFullCommitment: boolean(body.useFullCommitment, `${path}.body.useFullCommitment`),
    implicitAccountCreationFee: boolean(
      body.implicitAccountCreationFee,
      `${path}.body.implicitAccountCreationFee`,
    ),
    mayUseToken: mayUseToken(body.mayUseToken, `${path}.body.mayUseToken`),
    nonce: interval(account.nonce, `${path}.body.preconditions.account.nonce`),
    validWhile: interval(preconditions.validWhile, `${path}.body.preconditions.validWhile`),
    authorization: authorization(body.authorizationKind, outer.authorization, path),
  };
}

/** Compares with the neutral body, leaf by leaf: unknown keys and set values are refused alike. */
function requireNeutral(body: Json, path: string): void {
  if (tokenId(body.tokenId, `${path}.tokenId`) !== MINA_TOKEN)
    throw new CommandError("COMMAND_UNSUPPORTED", { path: `${path}.tokenId` });
  compareNeutral(body, neutralBody, path);
}

function compareNeutral(value: unknown, neutral: unknown, path: string): void {
  if (neutral === ANY) return;
  if (Array.isArray(neutral)) {
    const list = value ?? [];
    if (!Array.isArray(list)) throw malformed(path, "a list");
    if (list.length !== neutral.length) throw new CommandError("COMMAND_UNSUPPORTED", { path });
    for (const [i, item] of neutral.entries()) compareNeutral(list[i], item, `${path}[${i}]`);
  } else if (neutral !== null && typeof neutral === "object") {
    if (value == null) return; // GraphQL leaves out what is null
    const fields = record(value, path);
    for (const name of Object.keys(fields)) {
      if (!Object.hasOwn(neutral, name))
        throw new CommandError("COMMAND_UNSUPPORTED", { path: `${path}.${name}` });
      compareNeutral(fields[name], (neutral as Json)[name], `${path}.${name}`);
    }
  } else if (neutral === null ? value != null : String(value) !== neutral) {
    throw new CommandError("COMMAND_UNSUPPORTED", { path });
  }
}

function authorization(kind: unknown, given: unknown, path: string): Signature | null {
  const { isSigned, isProved, verificationKeyHash } = record(kind, `${path}.body.authorizationKind`);
  const { proof, signature: text } =
    given == null ? { proof: null, signature: null } : record(given, `${path}.authorization`);
  if (boolean(isProved, `${path}.body.authorizationKind.isProved`) || proof != null) {
    throw new CommandError("COMMAND_UNSUPPORTED", { path: `${path}.authorization.proof` });
  }
  // It is hashed into what users sign, so only the one value that clients write is taken.
  if (verificationKeyHash !== DUMMY_VERIFICATION_KEY_HASH)
    throw malformed(`${path}.body.authorizationKind.verificationKeyHash`, "Mina's dummy hash");
  const wantsSignature = boolean(isSigned, `${path}.body.authorizationKind.isSigned`);
  if (!wantsSignature && text != null)
    throw malformed(`${path}.authorization`, "what authorizationKind says");
  return wantsSignature ? signature(text, `${path}.authorization.signature`) : null;
}

function mayUseToken(json: unknown, path: string): MayUseToken {
  const fields = record(json, path);
  const own = boolean(fields.parentsOwnToken, `${path}.parentsOwnToken`);
  const inherit = boolean(fields.inheritFromParent, `${path}.inheritFromParent`);
  if (own && inherit) throw malformed(path, "one of three cases");
  return own ? "parentsOwnToken" : inherit ? "inheritFromParent" : "no";
}

function signed(json: unknown, path: string): bigint {
  const { magnitude, sgn } = record(json, path);
  const size = integer(magnitude, 64, `${path}.magnitude`);
  if (sgn !== "Positive" && sgn !== "Negative") throw malformed(`${path}.sgn`, "Positive or Negative");
  // Minus zero hashes differently from zero, and no client makes it.
  if (sgn === "Negative" && size === 0n) throw malformed(path, "a signed amount other than minus zero");
  return sgn === "Negative" ? -size : size;
}

function interval(json: unknown, path: string): Interval | null {
  if (json == null) return null;
  const { lower, upper } = record(json, path);
  return { lower: integer(lower, 32, `${path}.lower`), upper: integer(upper, 32, `${path}.upper`) };
}

function memoFromJson(json: unknown): Uint8Array {
  const memo = typeof json === "string" ? fromBase58(base58Versions.memo, MEMO_BYTES, json) : undefined;
  if (!memo || !isMemo(memo)) throw malformed("memo", "a base58check memo");
  return memo;
}

function tokenId(json: unknown, path: string): bigint {
  const bytes = typeof json === "string" ? fromBase58(base58Versions.tokenId, 32, json) : undefined;
  if (!bytes) throw malformed(path, "a base58check token id");
  return fromLittleEndian(bytes);
}

function key(json: unknown, path: string): PublicKey {
  if (typeof json !== "string") throw malformed(path, "a public key");
  try {
    return publicKeyFromBase58(json);
  } catch (cause) {
    throw new CommandError("COMMAND_MALFORMED", { path, expected: "a public key on the curve" }, { cause });
  }
}

function signature(json: unknown, path: string): Signature {
  if (typeof json !== "string") throw malformed(path, "a signature");
  try {
    return signatureFromBase58(json);
  } catch (cause) {
    throw new CommandError("COMMAND_MALFORMED", { path, expected: "a signature" }, { cause });
  }
}

/** Decimal strings, as GraphQL's big numbers come; small ones may come as JSON numbers. */
function integer(json: unknown, bits: number, path: string): bigint {
  const text = typeof json === "number" && Number.isSafeInteger(json) ? String(json) : json;
  if (typeof text !== "string" || !/^(0|[1-9][0-9]{0,19})$/.test(text))
    throw malformed(path, "a decimal number");
  const value = BigInt(text);
  if (value >> BigInt(bits) !== 0n) throw malformed(path, `a number of ${bits} bits`);
  return value;
}

function boolean(json: unknown, path: string): boolean {
  if (typeof json !== "boolean") throw malformed(path, "true or false");
  return json;
}

function record(json: unknown, path: string): Json {
  if (json === null || typeof json !== "object" || Array.isArray(json)) throw malformed(path, "an object");
  return json as Json;
}

function malformed(path: string, expected: string): CommandError {
  return new CommandError("COMMAND_MALFORMED", { path, expected });
}
