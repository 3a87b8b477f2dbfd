import { DEFAULT_TOKEN, epochSeedToBase58, ledgerHashToBase58, stateHashToBase58 } from "./base58Hashes.ts";
import type {
  ActionBlock,
  ArchiveBlockInfo,
  ArchiveEntry,
  EventBlock,
  GraphqlAccount,
  GraphqlBlock,
  GraphqlCommand,
  MinaCommandJson,
  MinaGraphqlBackend,
} from "./MinaGraphqlBackend.ts";

type FilterInput = {
  readonly address: string;
  readonly tokenId?: string;
  readonly from?: number;
  readonly to?: number;
};
type ActionInput = FilterInput & { readonly fromActionState?: string; readonly endActionState?: string };

/** Answers of the root fields, in the shape that graphql-js' default resolver walks. */
export function createResolvers(backend: MinaGraphqlBackend, maxBestChain: number) {
  const tip = async () => (await backend.bestChain(1))[0];
  return {
    syncStatus: () => "SYNCED",
    networkID: () => backend.network().networkId,
    version: () => "zeko",
    genesisConstants: () => genesisConstants(backend),
    daemonStatus: async () => daemonStatus(backend, await tip()),
    account: ({ publicKey, token }: { publicKey: string; token?: string }) =>
      resolveAccount(backend, publicKey, token ?? DEFAULT_TOKEN),
    bestChain: async ({ maxLength }: { maxLength?: number }) => {
      const length = Math.min(Math.max(maxLength ?? maxBestChain, 0), maxBestChain);
      const blocks = length === 0 ? [] : await backend.bestChain(length);
      return blocks.map((block) => resolveBlock(block, backend.network().slotsPerEpoch));
    },
    // A daemon keeps payments apart; here, neither chain has any, so a hash of one is simply unknown.
    transactionStatus: ({ zkappTransaction }: { zkappTransaction?: string }) =>
      zkappTransaction ? backend.transactionStatus(zkappTransaction) : "UNKNOWN",
    pooledZkappCommands: async (args: { publicKey?: string; hashes?: string[]; ids?: string[] }) => {
      const wanted =
        args.hashes || args.ids ? new Set([...(args.hashes ?? []), ...(args.ids ?? [])]) : undefined;
      const pooled = await backend.pooledZkappCommands(args.publicKey ?? undefined);
      return pooled.filter(({ hash }) => !wanted || wanted.has(hash)).map(resolveCommand);
    },
    sendZkapp: async ({ input }: { input: { zkappCommand: MinaCommandJson } }) => ({
      zkapp: resolveCommand(await backend.sendZkapp(plainCommand(input.zkappCommand))),
    }),
    events: async ({ input }: { input: FilterInput }) =>
      (await backend.events(filterOf(input))).map(resolveEvents),
    actions: async ({ input }: { input: ActionInput }) => {
      const { fromActionState, endActionState } = input;
      return (await backend.actions({ ...filterOf(input), fromActionState, endActionState })).map(
        resolveActions,
      );
    },
  };
}

/** graphql-js builds inputs without a prototype and leaves out absent fields; o1js' readers want a null in their place. */
function plainCommand(command: MinaCommandJson): MinaCommandJson {
  const { feePayer } = command;
  return {
    memo: command.memo,
    feePayer: { ...feePayer, body: { ...feePayer.body, validUntil: feePayer.body.validUntil ?? null } },
    accountUpdates: command.accountUpdates.map(({ body, authorization }) => ({
      body: withNulls(body, BODY_NULLS) as typeof body,
      authorization: { proof: authorization.proof ?? null, signature: authorization.signature ?? null },
    })),
  } as MinaCommandJson;
}

type Nulls = { readonly [key: string]: null | Nulls };
const EPOCH_NULLS: Nulls = {
  ledger: { hash: null, totalCurrency: null },
  seed: null,
  startCheckpoint: null,
  lockCheckpoint: null,
  epochLength: null,
};
/** Every nullable field of an account update's body. */
const BODY_NULLS: Nulls = {
  update: {
    delegate: null,
    verificationKey: null,
    permissions: null,
    zkappUri: null,
    tokenSymbol: null,
    timing: null,
    votingFor: null,
  },
  preconditions: {
    network: {
      snarkedLedgerHash: null,
      blockchainLength: null,
      minWindowDensity: null,
      totalCurrency: null,
      globalSlotSinceGenesis: null,
      stakingEpochData: EPOCH_NULLS,
      nextEpochData: EPOCH_NULLS,
    },
    account: {
      balance: null,
      nonce: null,
      receiptChainHash: null,
      delegate: null,
      actionState: null,
      provedState: null,
      isNew: null,
    },
    validWhile: null,
  },
};

function withNulls(value: object, nulls: Nulls): object {
  const result: Record<string, unknown> = { ...value };
  for (const [key, inner] of Object.entries(nulls)) {
    const present = result[key] ?? null;
    result[key] = inner === null || present === null ? present : withNulls(present as object, inner);
  }
  return result;
}

function filterOf({ address, tokenId, from, to }: FilterInput) {
  return { address, tokenId: tokenId ?? DEFAULT_TOKEN, from: from ?? undefined, to: to ?? undefined };
}

function genesisConstants(backend: MinaGraphqlBackend) {
  const { genesisTimestampMs, coinbase, accountCreationFee } = backend.network();
  return {
    genesisTimestamp: new Date(genesisTimestampMs).toISOString(),
    coinbase: coinbase.toString(),
    accountCreationFee: accountCreationFee.toString(),
  };
}

function daemonStatus(backend: MinaGraphqlBackend, tip: GraphqlBlock | undefined) {
  const { chainId, genesisTimestampMs, slotDurationMs, slotsPerEpoch, finalityDepth } = backend.network();
  const slot = backend.currentSlot();
  return {
    syncStatus: "SYNCED",
    chainId,
    stateHash: tip?.stateHash,
    blockchainLength: tip?.height,
    highestBlockLengthReceived: tip?.height ?? 0,
    consensusTimeNow: {
      globalSlot: String(slot),
      slot: String(slot % slotsPerEpoch),
      epoch: String(Math.floor(slot / slotsPerEpoch)),
      startTime: String(genesisTimestampMs + slot * slotDurationMs),
      endTime: String(genesisTimestampMs + (slot + 1) * slotDurationMs),
    },
    consensusConfiguration: {
      epochDuration: slotDurationMs * slotsPerEpoch,
      k: finalityDepth,
      slotDuration: slotDurationMs,
      slotsPerEpoch,
      genesisStateTimestamp: new Date(genesisTimestampMs).toISOString(),
    },
  };
}

async function resolveAccount(backend: MinaGraphqlBackend, publicKey: string, token: string) {
  const account = await backend.account(publicKey, token);
  if (!account) return null;
  const { zkapp } = account;
  return {
    ...account,
    tokenId: account.token,
    balance: { total: account.balance },
    inferredNonce: () => inferredNonce(backend, account),
    timing: account.timing ?? {},
    delegateAccount: account.delegate === null ? null : { publicKey: account.delegate },
    zkappState: zkapp?.appState ?? null,
    verificationKey: zkapp?.verificationKey
      ? { verificationKey: zkapp.verificationKey.data, hash: zkapp.verificationKey.hash }
      : null,
    zkappVersion: zkapp?.zkappVersion ?? null,
    actionState: zkapp?.actionState ?? null,
    provedState: zkapp?.provedState ?? null,
    zkappUri: zkapp?.zkappUri ?? null,
  };
}

/** The nonce that a next command should carry, pending ones counted. */
async function inferredNonce(
  backend: MinaGraphqlBackend,
  { publicKey, nonce }: GraphqlAccount,
): Promise<string> {
  const pooled = await backend.pooledZkappCommands(publicKey);
  const used = pooled.map(({ command }) => Number(command.feePayer.body.nonce) + 1);
  return String(Math.max(Number(nonce), ...used));
}

/** Epochs stand still on both chains: their data are the zeros that preconditions are checked against. */
const NO_EPOCH = {
  ledger: { hash: ledgerHashToBase58(0n), totalCurrency: "0" },
  seed: epochSeedToBase58(0n),
  startCheckpoint: stateHashToBase58(0n),
  lockCheckpoint: stateHashToBase58(0n),
  epochLength: "0",
};

function resolveBlock(block: GraphqlBlock, slotsPerEpoch: number) {
  const epoch = String(Math.floor(block.slot / slotsPerEpoch));
  const height = String(block.height);
  return {
    stateHash: block.stateHash,
    transactions: { zkappCommands: block.commands.map(resolveCommand), coinbase: "0" },
    protocolState: {
      previousStateHash: block.previousStateHash,
      blockchainState: {
        snarkedLedgerHash: ledgerHashToBase58(0n),
        stagedLedgerHash: ledgerHashToBase58(0n),
        date: String(block.timestampMs),
        utcDate: String(block.timestampMs),
        stagedLedgerProofEmitted: false,
      },
      consensusState: {
        blockHeight: height,
        blockchainLength: height,
        slotSinceGenesis: String(block.slot),
        slot: String(block.slot % slotsPerEpoch),
        epoch,
        epochCount: epoch,
        minWindowDensity: "0",
        totalCurrency: block.totalCurrency.toString(),
        nextEpochData: NO_EPOCH,
        stakingEpochData: NO_EPOCH,
      },
    },
  };
}

function resolveCommand(sent: GraphqlCommand) {
  const { hash, failures } = sent;
  // The daemon lists the last update first; o1js reverses the list before it explains it.
  const failureReason =
    failures?.toReversed().map((f) => ({ index: String(f.index), failures: f.failures })) ?? null;
  // Asked for by name only: writing out a command costs half a millisecond, and an answer may name thousands.
  return { id: hash, hash, zkappCommand: () => sent.command, failureReason };
}

function blockInfo(block: ArchiveBlockInfo) {
  return {
    ...block,
    timestamp: String(block.timestampMs),
    globalSlotSinceHardfork: block.slot,
    globalSlotSinceGenesis: block.slot,
  };
}

function resolveEntry({ accountUpdateId, data, transaction }: ArchiveEntry) {
  return {
    accountUpdateId: String(accountUpdateId),
    data,
    transactionInfo: { status: "applied", ...transaction },
  };
}

function resolveEvents({ block, entries }: EventBlock) {
  return { blockInfo: blockInfo(block), eventData: entries.map(resolveEntry) };
}

function resolveActions({ block, entries, before, after }: ActionBlock) {
  return {
    blockInfo: blockInfo(block),
    actionData: entries.map(resolveEntry),
    actionState: { actionStateOne: after, actionStateTwo: before },
  };
}
