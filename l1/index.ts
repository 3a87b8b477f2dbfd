export { type ActionMark, type ActionPage, ActionPages } from "./ActionPages.ts";
export { actionsHash, emptyActionState, nextActionState } from "./actionState.ts";
export { commandHash } from "./commandHash.ts";
export { compareChains } from "./compareChains.ts";
export {
  createDevnet,
  type DevnetOptions,
  type DevnetRole,
  type DevnetRoleModules,
} from "./devnet/createDevnet.ts";
export { devnetOptions } from "./devnet/devnetOptions.ts";
export { ChildProofVerifier, type ProofQuestion, type ProofVerifier } from "./devnet/ProofVerifier.ts";
export { type TestAccount, testAccount, testAccounts } from "./devnet/testAccounts.ts";
export { DevnetError, devnetFaults } from "./errors/DevnetError.ts";
export { GraphqlError, graphqlFaults } from "./errors/GraphqlError.ts";
export { L1Error, l1Faults } from "./errors/L1Error.ts";
export { GraphqlL1Client, type GraphqlL1Modules, type GraphqlL1Options } from "./GraphqlL1Client.ts";
export {
  DEFAULT_TOKEN,
  ledgerHashToBase58,
  receiptChainHashToBase58,
  stateHashToBase58,
} from "./graphql/base58Hashes.ts";
export {
  createMinaGraphql,
  type GraphqlAnswer,
  type MinaGraphql,
  type MinaGraphqlOptions,
} from "./graphql/createMinaGraphql.ts";
export { defaultGraphqlLimits, type GraphqlLimits } from "./graphql/graphqlLimits.ts";
export { graphqlRoutes } from "./graphql/graphqlRoutes.ts";
export type {
  ActionBlock,
  ActionFilter,
  ArchiveBlockInfo,
  ArchiveEntry,
  ArchiveFilter,
  CommandFailure,
  EventBlock,
  GraphqlAccount,
  GraphqlBlock,
  GraphqlCommand,
  GraphqlZkapp,
  MinaCommandJson,
  MinaGraphqlBackend,
  NetworkInfo,
  TransactionStatus,
} from "./graphql/MinaGraphqlBackend.ts";
export type {
  ActionRange,
  ChainChange,
  L1Account,
  L1ActionBlock,
  L1ActionUpdate,
  L1Block,
  L1BlockId,
  L1Client,
  L1CommandStatus,
  L1Inclusion,
  L1Network,
  L1Zkapp,
} from "./L1Client.ts";
export { type SendSignedOptions, sendSigned } from "./sendSigned.ts";
export { type FeePayment, signCommand } from "./signCommand.ts";
