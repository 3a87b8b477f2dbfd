import { DevnetError } from "../errors/DevnetError.ts";
import type { MinaCommandJson } from "../graphql/MinaGraphqlBackend.ts";

type Update = MinaCommandJson["accountUpdates"][number];

/** Nanomina: what Mina's block producers ask for at the least. */
export const MINIMUM_FEE = 1_000_000n;
const STATE_FIELDS = 8;
const TRANSACTION_VERSION = 3;
/** Proving cost of a command (MinaProtocol/mina, mina_compile_config.ml). */
const COST = { proof: 10.26, signedPair: 10.08, signedSingle: 9.14, limit: 69.45 } as const;
/** Field elements of all events, and of all actions, of a command (same place). */
const MAX_ELEMENTS = 100;

/**
 * What a Mina node checks before it looks at any account: shape, cost, fee.
 *
 * @throws {DevnetError} `DEVNET_COMMAND_MALFORMED`, `DEVNET_COMMAND_TOO_COSTLY`, `DEVNET_FEE_TOO_LOW`
 */
export function checkCommand({ feePayer, accountUpdates }: MinaCommandJson): void {
  const fee = BigInt(feePayer.body.fee);
  if (fee < MINIMUM_FEE) throw new DevnetError("DEVNET_FEE_TOO_LOW", { fee, minimum: MINIMUM_FEE });
  let depth = -1;
  for (const [i, update] of accountUpdates.entries()) {
    const fault = updateFault(update, depth);
    if (fault) throw new DevnetError("DEVNET_COMMAND_MALFORMED", { reason: `account update ${i} ${fault}` });
    depth = update.body.callDepth;
  }
  checkCost(accountUpdates);
}

/** @returns what is wrong with an update behind one of depth `previous`, or null. */
function updateFault({ body, authorization }: Update, previous: number): string | null {
  const { isSigned, isProved } = body.authorizationKind;
  const { parentsOwnToken, inheritFromParent } = body.mayUseToken;
  if (body.callDepth < 0 || body.callDepth > previous + 1) return "has a call depth without a parent";
  if (parentsOwnToken && inheritFromParent) return "uses its parent's token in two ways";
  if (body.callDepth === 0 && (parentsOwnToken || inheritFromParent))
    return "stands at the top and uses a parent's token";
  if (isSigned && isProved) return "announces both a signature and a proof";
  if (isSigned !== (authorization.signature !== null))
    return "announces a signature and has none, or the reverse";
  if (isProved !== (authorization.proof !== null)) return "announces a proof and has none, or the reverse";
  if (authorization.proof !== null && !isCanonicalBase64(authorization.proof))
    return "has a proof that is not base64";
  if (body.update.appState.length !== STATE_FIELDS) return `must name ${STATE_FIELDS} state fields to update`;
  if (body.preconditions.account.state.length !== STATE_FIELDS)
    return `must name ${STATE_FIELDS} state preconditions`;
  if (body.update.timing?.vestingPeriod === "0") return "sets a vesting period of zero";
  const version = body.update.permissions?.setVerificationKey.txnVersion;
  if (version !== undefined && Number(version) > TRANSACTION_VERSION)
    return "sets permissions of a later transaction version";
  return null;
}

/** Other spellings of the same bytes would give one command several faces. */
function isCanonicalBase64(text: string): boolean {
  return text.length > 0 && Buffer.from(text, "base64").toString("base64") === text;
}

function checkCost(updates: readonly Update[]): void {
  const tooCostly = (what: "proving cost" | "event elements" | "action elements", limit: number) =>
    new DevnetError("DEVNET_COMMAND_TOO_COSTLY", { what, limit });
  // The fee payer counts as signed; neighbours without proofs share a segment.
  const proved = [false, ...updates.map(({ body }) => body.authorizationKind.isProved)];
  let cost = 0;
  for (let i = 0; i < proved.length; i++) {
    if (proved[i]) cost += COST.proof;
    else if (proved[i + 1] === false) {
      cost += COST.signedPair;
      i += 1;
    } else cost += COST.signedSingle;
  }
  if (cost >= COST.limit) throw tooCostly("proving cost", COST.limit);
  const elements = (key: "events" | "actions") =>
    updates.reduce((sum, { body }) => sum + body[key].reduce((n, { length }) => n + length, 0), 0);
  if (elements("events") > MAX_ELEMENTS) throw tooCostly("event elements", MAX_ELEMENTS);
  if (elements("actions") > MAX_ELEMENTS) throw tooCostly("action elements", MAX_ELEMENTS);
}
