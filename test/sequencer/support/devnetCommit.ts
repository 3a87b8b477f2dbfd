import { readFileSync } from "node:fs";
import { readKey } from "../../../circuits/index.ts";
import {
  base58Versions,
  DUMMY_VERIFICATION_KEY_HASH,
  landingWindow,
  MEMO_BYTES,
  MINA_TOKEN_BASE58,
  neutralBody,
  outerAfterCommit,
  outerFields,
  type PublicKey,
  publicKeyToBase58,
  toBase58,
} from "../../../protocol/index.ts";
import type { CommitRequest } from "../../../sequencer/index.ts";
import { outerKey, sequencerKey } from "./testDeployment.ts";

/** Some proof of a transaction: a devnet that checks none only wants its form. */
const proof = /"proof":"([A-Za-z0-9+/=]{1000,})"/.exec(
  readFileSync(new URL("../../l1/fixtures/provedCommands.json", import.meta.url), "utf8"),
)![1]!;
const DUMMY_SIGNATURE =
  "7mWxjLYgbJUkZNcGouvhVj5tJ8yu9hoexb9ntvPK8t5LHqzmrL6QJjjKtf5SgmxB4QWkDw7qoMMbbNGtHVpsbJHPyTy2EzRQ";

/** What the outer contract's `commit` does to L1, without its proof: for a devnet that checks none. */
export function devnetCommit({ outer, target, header }: CommitRequest): string {
  const { lower, upper } = landingWindow(outer, target, header.landBy);
  const before = outerFields(outer).map(String);
  const after = outerFields(outerAfterCommit(outer, target, header.landBy)).map(String);
  const rule = body(outerKey.publicKey, { isSigned: false, isProved: true });
  const { preconditions } = neutralBody;
  const commit = {
    ...rule,
    update: { ...neutralBody.update, appState: after },
    preconditions: {
      ...preconditions,
      account: { ...preconditions.account, nonce: null, state: before },
      validWhile: { lower: String(lower), upper: String(upper) },
    },
  };
  const memo = Uint8Array.from([1, 0, ...new Uint8Array(MEMO_BYTES - 2)]);
  const payer = {
    publicKey: publicKeyToBase58(sequencerKey.publicKey),
    fee: "0",
    validUntil: null,
    nonce: "0",
  };
  return JSON.stringify({
    feePayer: { body: payer, authorization: DUMMY_SIGNATURE },
    accountUpdates: [
      { body: commit, authorization: { proof, signature: null } },
      {
        body: body(sequencerKey.publicKey, { isSigned: true, isProved: false }),
        authorization: { proof: null, signature: DUMMY_SIGNATURE },
      },
    ],
    memo: toBase58(base58Versions.memo, memo),
  });
}

function body(publicKey: PublicKey, kind: { isSigned: boolean; isProved: boolean }) {
  const { preconditions } = neutralBody;
  return {
    ...neutralBody,
    publicKey: publicKeyToBase58(publicKey),
    tokenId: MINA_TOKEN_BASE58,
    balanceChange: { magnitude: "0", sgn: "Positive" },
    incrementNonce: false,
    callDepth: 0,
    preconditions: {
      ...preconditions,
      account: { ...preconditions.account, nonce: null },
      validWhile: null,
    },
    useFullCommitment: true,
    implicitAccountCreationFee: false,
    mayUseToken: { parentsOwnToken: false, inheritFromParent: false },
    authorizationKind: {
      ...kind,
      verificationKeyHash: kind.isProved ? readKey("outer").hash : DUMMY_VERIFICATION_KEY_HASH,
    },
  };
}
