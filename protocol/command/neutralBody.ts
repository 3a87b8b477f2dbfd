/** Marks a field that this version supports, whatever its value. */
export const ANY = Symbol("any");

/** Hash of Mina's dummy verification key: what updates without a proof carry. */
export const DUMMY_VERIFICATION_KEY_HASH =
  "3392518251768960475377392625298437850623664973002200885669375116181514017494";

const neutralEpoch = {
  ledger: { hash: null, totalCurrency: null },
  seed: null,
  startCheckpoint: null,
  lockCheckpoint: null,
  epochLength: null,
};

/** An account update's body that does nothing: unsupported fields must equal it. Shape: Mina's GraphQL. */
export const neutralBody = {
  publicKey: ANY,
  tokenId: ANY,
  update: {
    appState: Array<null>(8).fill(null),
    delegate: null,
    verificationKey: null,
    permissions: null,
    zkappUri: null,
    tokenSymbol: null,
    timing: null,
    votingFor: null,
  },
  balanceChange: ANY,
  incrementNonce: ANY,
  events: [],
  actions: [],
  callData: "0",
  callDepth: ANY,
  preconditions: {
    network: {
      snarkedLedgerHash: null,
      blockchainLength: null,
      minWindowDensity: null,
      totalCurrency: null,
      globalSlotSinceGenesis: null,
      stakingEpochData: neutralEpoch,
      nextEpochData: neutralEpoch,
    },
    account: {
      balance: null,
      nonce: ANY,
      receiptChainHash: null,
      delegate: null,
      state: Array<null>(8).fill(null),
      actionState: null,
      provedState: null,
      isNew: null,
    },
    validWhile: ANY,
  },
  useFullCommitment: ANY,
  implicitAccountCreationFee: ANY,
  mayUseToken: ANY,
  authorizationKind: ANY,
} as const;
