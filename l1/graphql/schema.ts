import { buildSchema, type GraphQLSchema } from "graphql";
import { commandTypes } from "./commandTypes.ts";
import { defineScalars } from "./scalars.ts";

/**
 * The part of the daemon's and the archive node's schemas that o1js 2.15, mina-signer clients and wallets use, on one endpoint.
 * Names and nullability follow MinaProtocol/mina graphql_schema.json and o1-labs/Archive-Node-API schema.graphql.
 */
const SDL = `
scalar PublicKey
scalar TokenId
scalar Signature
scalar Memo
scalar ZkappProof
scalar VerificationKey
scalar FieldElem
scalar Fee
scalar UInt32
scalar UInt64
scalar Sign
scalar AuthRequired

enum SyncStatus { CONNECTING LISTENING OFFLINE BOOTSTRAP SYNCED CATCHUP }
enum TransactionStatus { INCLUDED PENDING UNKNOWN }
enum BlockStatusFilter { ALL PENDING CANONICAL }

type Query {
  syncStatus: SyncStatus!
  networkID: String!
  version: String
  daemonStatus: DaemonStatus!
  genesisConstants: GenesisConstants!
  account(publicKey: PublicKey!, token: TokenId): Account
  bestChain(maxLength: Int): [Block!]
  transactionStatus(payment: ID, zkappTransaction: ID): TransactionStatus!
  pooledZkappCommands(publicKey: PublicKey, hashes: [String!], ids: [ID!]): [ZkappCommandResult!]!
  events(input: EventFilterOptionsInput!): [EventOutput]!
  actions(input: ActionFilterOptionsInput!): [ActionOutput]!
}
type Mutation { sendZkapp(input: SendZkappInput!): SendZkappPayload! }

type DaemonStatus {
  syncStatus: SyncStatus!
  chainId: String!
  stateHash: String
  blockchainLength: Int
  highestBlockLengthReceived: Int!
  consensusTimeNow: ConsensusTime!
  consensusConfiguration: ConsensusConfiguration!
}
type ConsensusTime { globalSlot: String!, slot: String!, epoch: String!, startTime: String!, endTime: String! }
type ConsensusConfiguration {
  epochDuration: Float!, k: Int!, slotDuration: Int!, slotsPerEpoch: Int!, genesisStateTimestamp: String!
}
type GenesisConstants { genesisTimestamp: String!, coinbase: String!, accountCreationFee: String! }

type Account {
  publicKey: PublicKey!, token: TokenId!, tokenId: TokenId!, nonce: UInt32, inferredNonce: UInt32, balance: AnnotatedBalance!,
  tokenSymbol: String, receiptChainHash: String, timing: AccountTiming!, permissions: Permissions,
  delegateAccount: DelegateAccount, delegate: PublicKey, votingFor: String, zkappState: [FieldElem!],
  verificationKey: AccountVerificationKeyWithHash, actionState: [FieldElem!], provedState: Boolean, zkappUri: String,
  zkappVersion: UInt32
}
type AnnotatedBalance { total: UInt64! }
type DelegateAccount { publicKey: PublicKey! }
type AccountVerificationKeyWithHash { verificationKey: VerificationKey!, hash: FieldElem! }
type AccountTiming {
  initialMinimumBalance: UInt64, cliffTime: UInt32, cliffAmount: UInt64, vestingPeriod: UInt32, vestingIncrement: UInt64
}

type Block {
  stateHash: String!, protocolState: ProtocolState!, transactions: Transactions!
}
type Transactions { zkappCommands: [ZkappCommandResult!]!, coinbase: UInt64! }
type ProtocolState { previousStateHash: String!, blockchainState: BlockchainState!, consensusState: ConsensusState! }
type BlockchainState {
  snarkedLedgerHash: String!, stagedLedgerHash: String!, date: String!, utcDate: String!, stagedLedgerProofEmitted: Boolean
}
type ConsensusState {
  blockHeight: UInt32!, blockchainLength: UInt32!, slotSinceGenesis: UInt32!, slot: UInt32!, epoch: UInt32!, epochCount: UInt32!,
  minWindowDensity: UInt32!, totalCurrency: UInt64!, nextEpochData: EpochData!, stakingEpochData: EpochData!
}
type EpochData { ledger: EpochLedger!, seed: String!, startCheckpoint: String!, lockCheckpoint: String!, epochLength: UInt32! }
type EpochLedger { hash: String!, totalCurrency: UInt64! }

type ZkappCommandResult { id: ID!, hash: String!, zkappCommand: ZkappCommand!, failureReason: [ZkappCommandFailureReason!] }
type ZkappCommandFailureReason { index: String!, failures: [String!]! }
input SendZkappInput { zkappCommand: ZkappCommandInput! }
type SendZkappPayload { zkapp: ZkappCommandResult! }

input EventFilterOptionsInput { address: PublicKey!, tokenId: TokenId, status: BlockStatusFilter, to: Int, from: Int }
input ActionFilterOptionsInput {
  address: PublicKey!, tokenId: TokenId, status: BlockStatusFilter, to: Int, from: Int,
  fromActionState: FieldElem, endActionState: FieldElem
}
type BlockInfo {
  height: Int!, stateHash: String!, parentHash: String!, chainStatus: String!, timestamp: String!,
  globalSlotSinceHardfork: Int!, globalSlotSinceGenesis: Int!, distanceFromMaxBlockHeight: Int!
}
type TransactionInfo {
  status: String!, hash: String!, memo: String!, authorizationKind: String!, sequenceNumber: Int!, zkappAccountUpdateIds: [Float!]!
}
type EventData { accountUpdateId: String!, transactionInfo: TransactionInfo!, data: [FieldElem!]! }
type ActionStates { actionStateOne: FieldElem!, actionStateTwo: FieldElem! }
type EventOutput { blockInfo: BlockInfo!, eventData: [EventData!]! }
type ActionOutput { blockInfo: BlockInfo!, actionData: [EventData!]!, actionState: ActionStates! }
${commandTypes("input")}
${commandTypes("type")}
`;

/** Built once: parsing the text costs some 20 ms. */
export const minaSchema: GraphQLSchema = defineScalars(buildSchema(SDL));
