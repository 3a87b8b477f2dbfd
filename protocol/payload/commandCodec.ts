import { type ByteReader, type ByteWriter, flagsByte } from "../bytes.ts";
import { checkCallDepths } from "../command/commandFromJson.ts";
import {
  type AccountUpdate,
  type FeePayer,
  type Interval,
  isMemo,
  type MayUseToken,
  MEMO_BYTES,
  type ZkappCommand,
} from "../command/ZkappCommand.ts";
import { MAX_UPDATES } from "../limits.ts";
import { isOnCurve, type PublicKey } from "../publicKey.ts";
import { MAX_UINT32 } from "../quantities.ts";
import type { Signature } from "../signature.ts";

const tokenUses: readonly MayUseToken[] = ["no", "parentsOwnToken", "inheritFromParent"];

/** x, then the parity in a byte of its own. */
export function writeKey(out: ByteWriter, key: PublicKey): void {
  out.field(key.x);
  out.u8(key.isOdd ? 1 : 0);
}

export function readKey(input: ByteReader): PublicKey {
  const x = input.field();
  const [isOdd] = input.flags(1);
  const key = { x, isOdd: isOdd! };
  if (!isOnCurve(key)) throw input.malformed("key off the curve");
  return key;
}

function writeSignature(out: ByteWriter, { r, s }: Signature): void {
  out.field(r);
  out.field(s);
}

function readSignature(input: ByteReader): Signature {
  return { r: input.field(), s: input.scalar() };
}

export function writeCommand(out: ByteWriter, command: ZkappCommand): void {
  writeFeePayer(out, command.feePayer);
  out.raw(command.memo);
  out.u8(command.updates.length);
  for (const update of command.updates) writeUpdate(out, update);
}

/** @throws {PayloadError} `PAYLOAD_MALFORMED`; {CommandError} `COMMAND_CALL_DEPTH` */
export function readCommand(input: ByteReader): ZkappCommand {
  const feePayer = readFeePayer(input);
  const memo = input.raw(MEMO_BYTES);
  if (!isMemo(memo)) throw input.malformed("memo");
  const count = input.count(input.u8(), MAX_UPDATES, "account updates");
  const updates = Array.from({ length: count }, () => readUpdate(input));
  checkCallDepths(updates);
  return { feePayer, updates, memo };
}

function writeFeePayer(out: ByteWriter, payer: FeePayer): void {
  out.u8(flagsByte(payer.validUntil !== null));
  writeKey(out, payer.publicKey);
  out.u64(payer.fee);
  out.u32(payer.nonce);
  if (payer.validUntil !== null) out.u32(payer.validUntil);
  writeSignature(out, payer.signature);
}

function readFeePayer(input: ByteReader): FeePayer {
  const [bounded] = input.flags(1);
  return {
    publicKey: readKey(input),
    fee: input.u64(),
    nonce: input.u32(),
    validUntil: bounded ? readValidUntil(input) : null,
    signature: readSignature(input),
  };
}

/** The last slot of all hashes as no bound, which has its own encoding. */
function readValidUntil(input: ByteReader): bigint {
  const slot = input.u32();
  if (slot === MAX_UINT32) throw input.malformed("bound that is none");
  return slot;
}

function writeUpdate(out: ByteWriter, update: AccountUpdate): void {
  const { nonce, validWhile, authorization, balanceChange } = update;
  const negative = balanceChange < 0n;
  out.u8(flagsByte(update.incrementNonce, update.useFullCommitment, update.implicitAccountCreationFee));
  out.u8(flagsByte(negative, nonce !== null, validWhile !== null, authorization !== null));
  out.u8(tokenUses.indexOf(update.mayUseToken));
  out.u8(update.callDepth);
  writeKey(out, update.publicKey);
  out.u64(negative ? -balanceChange : balanceChange);
  if (nonce) writeInterval(out, nonce);
  if (validWhile) writeInterval(out, validWhile);
  if (authorization) writeSignature(out, authorization);
}

function readUpdate(input: ByteReader): AccountUpdate {
  const [incrementNonce, useFullCommitment, implicitAccountCreationFee] = input.flags(3) as [
    boolean,
    boolean,
    boolean,
  ];
  const [negative, hasNonce, hasValidWhile, isSigned] = input.flags(4);
  const mayUseToken = tokenUses[input.u8()];
  if (!mayUseToken) throw input.malformed("unknown token use");
  const callDepth = input.u8();
  const publicKey = readKey(input);
  const size = input.u64();
  if (negative && size === 0n) throw input.malformed("minus zero");
  return {
    publicKey,
    callDepth,
    balanceChange: negative ? -size : size,
    incrementNonce,
    useFullCommitment,
    implicitAccountCreationFee,
    mayUseToken,
    nonce: hasNonce ? readInterval(input) : null,
    validWhile: hasValidWhile ? readInterval(input) : null,
    authorization: isSigned ? readSignature(input) : null,
  };
}

function writeInterval(out: ByteWriter, { lower, upper }: Interval): void {
  out.u32(lower);
  out.u32(upper);
}

function readInterval(input: ByteReader): Interval {
  return { lower: input.u32(), upper: input.u32() };
}
