import { checkCallDepths, fromLittleEndian, hash, type ZkappCommand } from "../protocol/index.ts";
import { accountUpdateHash, feePayerHash } from "./accountUpdateHash.ts";

/** Hashes of one account update in its call forest. */
export interface UpdateDigest {
  readonly hash: bigint;
  /** Hash of the forest of its children; 0 when it has none. */
  readonly children: bigint;
  /** Hash of the siblings after it, with their children; 0 when it is the last. */
  readonly siblings: bigint;
}

/** All hashes of a command: what its signatures sign, and how its forest is made up. */
export interface CommandDigest {
  readonly memoHash: bigint;
  readonly feePayer: bigint;
  /** In the order of the command. */
  readonly updates: readonly UpdateDigest[];
  /** Hash of the call forest without the fee payer; 0 when there is no update. */
  readonly commitment: bigint;
  readonly fullCommitment: bigint;
}

const NODE = "MinaAcctUpdateNode**";
const CONS = "MinaAcctUpdateCons**";
const digests = new WeakMap<ZkappCommand, CommandDigest>();

/**
 * Mina's commitments to a command (`transactionCommitments` of mina-signer), and the hashes on the way.
 * Remembered per command object, since the door and the block both need them.
 * @throws {CommandError} `COMMAND_CALL_DEPTH`
 */
export function commandDigest(command: ZkappCommand): CommandDigest {
  const known = digests.get(command);
  if (known) return known;
  checkCallDepths(command.updates);
  const updates = forestDigests(command);
  const commitment = updates[0] === undefined ? 0n : treeHash(updates[0]);
  const memoHash = hashMemo(command.memo);
  const feePayer = feePayerHash(command.feePayer);
  const fullCommitment = hash(CONS, [memoHash, feePayer, commitment]);
  const digest = { memoHash, feePayer, updates, commitment, fullCommitment };
  digests.set(command, digest);
  return digest;
}

/** Hash of a forest that starts with this update. */
export function treeHash(update: UpdateDigest): bigint {
  return hash(CONS, [hash(NODE, [update.hash, update.children]), update.siblings]);
}

/** From the last update to the first, so that what follows each is known. */
function forestDigests({ updates }: ZkappCommand): UpdateDigest[] {
  const digests: UpdateDigest[] = [];
  /** By depth: hash of the forest that starts right after the current update, at that depth. */
  const following: bigint[] = [];
  for (const update of updates.toReversed()) {
    const depth = update.callDepth;
    const digest = {
      hash: accountUpdateHash(update),
      children: following[depth + 1] ?? 0n,
      siblings: following[depth] ?? 0n,
    };
    following.length = depth; // deeper forests belong to this update now
    for (let d = 0; d < depth; d++) following[d] ??= 0n;
    following[depth] = treeHash(digest);
    digests.push(digest);
  }
  return digests.reverse();
}

/** Mina's memo hash: its 272 bits, lowest first, 254 to a field element. */
function hashMemo(memo: Uint8Array): bigint {
  const bits = fromLittleEndian(memo);
  return hash("MinaZkappMemo*******", [bits & ((1n << 254n) - 1n), bits >> 254n]);
}
