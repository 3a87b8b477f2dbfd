import { MINA_TOKEN } from "../account.ts";
import { base58Versions, littleEndian, toBase58 } from "../base58.ts";
import { publicKeyToBase58 } from "../publicKey.ts";
import { signatureToBase58 } from "../signature.ts";
import { DUMMY_VERIFICATION_KEY_HASH, neutralBody } from "./neutralBody.ts";
import type { AccountUpdate, Interval, ZkappCommand } from "./ZkappCommand.ts";

/** base58check of MINA's own token id. */
export const MINA_TOKEN_BASE58 = toBase58(base58Versions.tokenId, littleEndian(MINA_TOKEN));

/** The command as o1js' `Types.ZkappCommand.fromJSON`, mina-signer and Mina's GraphQL read it. */
export function commandToJson(command: ZkappCommand) {
  const { feePayer } = command;
  return {
    feePayer: {
      body: {
        publicKey: publicKeyToBase58(feePayer.publicKey),
        fee: feePayer.fee.toString(),
        validUntil: feePayer.validUntil === null ? null : feePayer.validUntil.toString(),
        nonce: feePayer.nonce.toString(),
      },
      authorization: signatureToBase58(feePayer.signature),
    },
    accountUpdates: command.updates.map(updateToJson),
    memo: toBase58(base58Versions.memo, command.memo),
  };
}

export type ZkappCommandJson = ReturnType<typeof commandToJson>;

/** One account update, every unsupported field neutral. */
export function updateToJson(update: AccountUpdate) {
  const { preconditions } = neutralBody;
  const size = update.balanceChange < 0n ? -update.balanceChange : update.balanceChange;
  return {
    body: {
      ...neutralBody,
      publicKey: publicKeyToBase58(update.publicKey),
      tokenId: MINA_TOKEN_BASE58,
      balanceChange: { magnitude: size.toString(), sgn: update.balanceChange < 0n ? "Negative" : "Positive" },
      incrementNonce: update.incrementNonce,
      callDepth: update.callDepth,
      preconditions: {
        ...preconditions,
        account: { ...preconditions.account, nonce: intervalToJson(update.nonce) },
        validWhile: intervalToJson(update.validWhile),
      },
      useFullCommitment: update.useFullCommitment,
      implicitAccountCreationFee: update.implicitAccountCreationFee,
      mayUseToken: {
        parentsOwnToken: update.mayUseToken === "parentsOwnToken",
        inheritFromParent: update.mayUseToken === "inheritFromParent",
      },
      authorizationKind: {
        isSigned: update.authorization !== null,
        isProved: false,
        verificationKeyHash: DUMMY_VERIFICATION_KEY_HASH,
      },
    },
    authorization: {
      proof: null,
      signature: update.authorization === null ? null : signatureToBase58(update.authorization),
    },
  };
}

function intervalToJson(interval: Interval | null) {
  return interval && { lower: interval.lower.toString(), upper: interval.upper.toString() };
}
