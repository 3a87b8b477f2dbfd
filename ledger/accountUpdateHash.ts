import {
  type AccountUpdate,
  absorb,
  DUMMY_VERIFICATION_KEY_HASH,
  type FeePayer,
  hash,
  type Interval,
  MAX_UINT32,
  MAX_UINT64,
  MINA_TOKEN,
  type PublicKey,
  type SpongeState,
  saltedState,
} from "../protocol/index.ts";
import { EMPTY_ACTION_STATE } from "./defaultAccount.ts";
import { type Bits, bit, packBits } from "./packBits.ts";

/**
 * Prefix of a body's hash. Mina's for every network but mainnet: wallets sign as "testnet" for a rollup, and new
 * accounts' nonces (2³¹) are what keeps a signature from being good on both layers.
 */
const BODY_PREFIX = "TestnetZkappBody****";

/**
 * Mina's hash of an account update: what commitments are made of. Equals o1js' `AccountUpdate.hash()`.
 *
 * 45 field elements: 38 whole ones, of which only the key's x differs between the updates that we accept, and seven of
 * packed bits. The sponge after the whole ones is kept per key, so a known key costs 4 permutations instead of 23.
 */
export function accountUpdateHash(update: AccountUpdate): bigint {
  return bodyHash(update.publicKey, {
    balanceChange: update.balanceChange,
    incrementNonce: update.incrementNonce,
    globalSlot: null,
    nonce: update.nonce,
    validWhile: update.validWhile,
    useFullCommitment: update.useFullCommitment,
    implicitAccountCreationFee: update.implicitAccountCreationFee,
    parentsOwnToken: update.mayUseToken === "parentsOwnToken",
    inheritFromParent: update.mayUseToken === "inheritFromParent",
    isSigned: update.authorization !== null,
  });
}

/** Hash of the account update that Mina makes of a fee payer: its time bound is a network precondition. */
export function feePayerHash(feePayer: Omit<FeePayer, "signature">): bigint {
  return bodyHash(feePayer.publicKey, {
    balanceChange: -feePayer.fee,
    negativeZero: feePayer.fee === 0n,
    incrementNonce: true,
    globalSlot: { lower: 0n, upper: feePayer.validUntil ?? MAX_UINT32 },
    nonce: { lower: feePayer.nonce, upper: feePayer.nonce },
    validWhile: null,
    useFullCommitment: true,
    implicitAccountCreationFee: true,
    parentsOwnToken: false,
    inheritFromParent: false,
    isSigned: true,
  });
}

/** What differs between the bodies that we accept. */
interface Body {
  readonly balanceChange: bigint;
  /** A fee of zero is a change of minus zero in Mina. */
  readonly negativeZero?: boolean;
  readonly incrementNonce: boolean;
  readonly globalSlot: Interval | null;
  readonly nonce: Interval | null;
  readonly validWhile: Interval | null;
  readonly useFullCommitment: boolean;
  readonly implicitAccountCreationFee: boolean;
  readonly parentsOwnToken: boolean;
  readonly inheritFromParent: boolean;
  readonly isSigned: boolean;
}

function bodyHash(key: PublicKey, body: Body): bigint {
  return absorb(afterWholeFields(key.x), packBits(bodyBits(key, body)))[0];
}

const zeros = (count: number) => Array<bigint>(count).fill(0n);
/** The whole field elements after the key's x: token id, update, events, actions, call data, preconditions, key hash. */
const neutralFields = [
  MINA_TOKEN,
  ...zeros(8), // update.appState
  0n, // update.delegate
  0n, // update.verificationKey.hash
  hash("MinaZkappUri********", [0n, 0n]), // update.zkappUri
  0n, // update.votingFor
  saltedState("MinaZkappEventsEmpty")[0],
  saltedState("MinaZkappActionsEmpty")[0],
  0n, // callData
  ...zeros(9), // preconditions.network
  ...zeros(10), // preconditions.account: receiptChainHash, delegate, state
  EMPTY_ACTION_STATE,
  BigInt(DUMMY_VERIFICATION_KEY_HASH),
];

const midstates = new Map<bigint, SpongeState>();
/** Bounded, so that a flood of keys costs time and not memory. */
const MAX_MIDSTATES = 65_536;

function afterWholeFields(x: bigint): SpongeState {
  let state = midstates.get(x);
  if (!state) {
    state = absorb(saltedState(BODY_PREFIX), [x, ...neutralFields]);
    if (midstates.size >= MAX_MIDSTATES) midstates.clear();
    midstates.set(x, state);
  }
  return state;
}

/** Everything of a body that is not a whole field element, in Mina's order. */
function bodyBits(key: PublicKey, body: Body): Bits[] {
  const size = body.balanceChange < 0n ? -body.balanceChange : body.balanceChange;
  return [
    bit(key.isOdd),
    ...neutralUpdate,
    [size, 64],
    bit(body.balanceChange >= 0n && !body.negativeZero), // Mina's sign: 1 is positive
    bit(body.incrementNonce),
    no, // network.snarkedLedgerHash
    ...any32, // blockchainLength
    ...any32, // minWindowDensity
    ...any64, // totalCurrency
    ...interval(body.globalSlot),
    ...anyEpoch, // stakingEpochData
    ...anyEpoch, // nextEpochData
    ...any64, // account.balance
    ...interval(body.nonce),
    ...nothing(3), // receiptChainHash; delegate: is some, is odd
    ...nothing(8), // state
    ...nothing(5), // actionState; provedState and isNew: is some, value
    ...interval(body.validWhile),
    bit(body.useFullCommitment),
    bit(body.implicitAccountCreationFee),
    bit(body.parentsOwnToken),
    bit(body.inheritFromParent),
    bit(body.isSigned),
    no, // isProved
  ];
}

const no: Bits = [0n, 1];
const yes: Bits = [1n, 1];
const nothing = (count: number) => Array<Bits>(count).fill(no);
const any32: readonly Bits[] = [no, [0n, 32], [MAX_UINT32, 32]];
const any64: readonly Bits[] = [no, [0n, 64], [MAX_UINT64, 64]];
/** ledger.hash, ledger.totalCurrency, seed, startCheckpoint, lockCheckpoint, epochLength */
const anyEpoch: readonly Bits[] = [no, ...any64, ...nothing(3), ...any32];
/** "None" of a permission: constant, not necessary, sufficient. */
const none: readonly Bits[] = [yes, no, yes];
const nones = (count: number) => Array<readonly Bits[]>(count).fill(none).flat();

/** The `update` record with nothing set. */
const neutralUpdate: readonly Bits[] = [
  ...nothing(8), // appState
  ...nothing(2), // delegate: is some, is odd
  no, // verificationKey
  no, // permissions: is some, then the default, all "none", at transaction version 3
  ...nones(7),
  [3n, 32],
  ...nones(6),
  no, // zkappUri
  no, // tokenSymbol
  [0n, 48],
  no, // timing
  [0n, 64],
  [0n, 32],
  [0n, 64],
  [0n, 32],
  [0n, 64],
  no, // votingFor
];

function interval(bounds: Interval | null): readonly Bits[] {
  return bounds === null ? any32 : [yes, [bounds.lower, 32], [bounds.upper, 32]];
}
