import { z } from "zod";

/** Queries that daemons, archive nodes and our devnet all understand, and the shape of what they must answer. */

const decimal = z.union([z.string().regex(/^[0-9]{1,80}$/), z.number().int().nonnegative()]);
const amount = decimal.transform((value) => BigInt(value));
const count = decimal.transform(Number).pipe(z.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER));
const hash = z.string().max(100);

export const networkQuery = `{
  networkID
  genesisConstants { genesisTimestamp accountCreationFee }
  daemonStatus { consensusConfiguration { slotDuration } }
}`;
export const networkAnswer = z.object({
  networkID: z.string().min(1).max(100),
  genesisConstants: z.object({
    genesisTimestamp: z.string().datetime({ offset: true }),
    accountCreationFee: amount,
  }),
  daemonStatus: z.object({ consensusConfiguration: z.object({ slotDuration: count }) }),
});

export const slotQuery = "{ daemonStatus { consensusTimeNow { globalSlot } } }";
export const slotAnswer = z.object({
  daemonStatus: z.object({ consensusTimeNow: z.object({ globalSlot: count }) }),
});

const BLOCK_FIELDS = `stateHash
  protocolState { previousStateHash consensusState { blockHeight slotSinceGenesis } }
  transactions { zkappCommands { hash failureReason { index failures } } }`;

const failureReason = z
  .array(z.object({ index: count, failures: z.array(z.string().max(200)).max(100) }).nullable())
  .nullable();
const block = z.object({
  stateHash: hash,
  protocolState: z.object({
    previousStateHash: hash,
    consensusState: z.object({ blockHeight: count, slotSinceGenesis: count }),
  }),
  transactions: z.object({ zkappCommands: z.array(z.object({ hash, failureReason })) }),
});
export type BlockAnswer = z.infer<typeof block>;

export const blocksQuery = (length: number) => `{ bestChain(maxLength: ${length}) { ${BLOCK_FIELDS} } }`;
export const blocksAnswer = z.object({ bestChain: z.array(block).min(1) });

/** One question for both, so that a command cannot slip from the pool into a block between two. */
export const statusQuery = (commandHash: string, length: number) => `{
  pooledZkappCommands(hashes: [${JSON.stringify(commandHash)}]) { hash }
  bestChain(maxLength: ${length}) { ${BLOCK_FIELDS} }
}`;
export const statusAnswer = z.object({
  pooledZkappCommands: z.array(z.object({ hash })),
  bestChain: z.array(block).min(1),
});

const PERMISSIONS = [
  "editState",
  "access",
  "send",
  "receive",
  "setDelegate",
  "setPermissions",
  "setZkappUri",
  "editActionState",
  "setTokenSymbol",
  "incrementNonce",
  "setVotingFor",
  "setTiming",
] as const;
export const accountQuery = (publicKey: string, token: string) => `{
  account(publicKey: ${JSON.stringify(publicKey)}, token: ${JSON.stringify(token)}) {
    publicKey token nonce inferredNonce balance { total }
    permissions { ${PERMISSIONS.join(" ")} setVerificationKey { auth } }
    zkappState actionState provedState verificationKey { hash }
  }
}`;
const permission = z
  .string()
  .transform((name) => name.charAt(0).toUpperCase() + name.slice(1).toLowerCase())
  .pipe(z.enum(["None", "Either", "Proof", "Signature", "Impossible"]));
export const accountAnswer = z.object({
  account: z
    .object({
      publicKey: z.string(),
      token: z.string(),
      nonce: count.nullable(),
      inferredNonce: count.nullish(),
      balance: z.object({ total: amount }),
      permissions: z
        .object({ setVerificationKey: z.object({ auth: permission }) })
        .catchall(permission)
        .nullable(),
      zkappState: z.array(amount).length(8).nullable(),
      actionState: z.array(amount).length(5).nullable(),
      provedState: z.boolean().nullable(),
      verificationKey: z.object({ hash: amount }).nullable(),
    })
    .nullable(),
});

export const sendAnswer = z.object({ sendZkapp: z.object({ zkapp: z.object({ hash }) }) });

export interface ActionsQuery {
  readonly address: string;
  readonly tokenId: string;
  readonly from: number | undefined;
  readonly to: number | undefined;
  readonly fromActionState: string | undefined;
  readonly endActionState: string | undefined;
}
export function actionsQuery({
  address,
  tokenId,
  from,
  to,
  fromActionState,
  endActionState,
}: ActionsQuery): string {
  const optional = (name: string, value: string | number | undefined) =>
    value === undefined ? [] : [`${name}: ${JSON.stringify(value)}`];
  const input = [
    `address: ${JSON.stringify(address)}`,
    `tokenId: ${JSON.stringify(tokenId)}`,
    ...optional("from", from),
    ...optional("to", to),
    ...optional("fromActionState", fromActionState),
    ...optional("endActionState", endActionState),
  ];
  return `{
  actions(input: { ${input.join(", ")} }) {
    blockInfo { height stateHash globalSlotSinceGenesis }
    actionState { actionStateOne actionStateTwo }
    actionData { accountUpdateId data transactionInfo { hash sequenceNumber zkappAccountUpdateIds } }
  }
}`;
}
const actionData = z.object({
  accountUpdateId: count,
  data: z.array(amount).max(1_024),
  transactionInfo: z.object({ hash, sequenceNumber: count, zkappAccountUpdateIds: z.array(count) }),
});
export type ActionDataAnswer = z.infer<typeof actionData>;
const actionBlock = z.object({
  blockInfo: z.object({ height: count, stateHash: hash, globalSlotSinceGenesis: count }),
  actionState: z.object({ actionStateOne: amount, actionStateTwo: amount }),
  actionData: z.array(actionData),
});
export type ActionBlockAnswer = z.infer<typeof actionBlock>;
export const actionsAnswer = z.object({ actions: z.array(actionBlock) });
