export {
  createDevnet,
  type DevnetOptions,
  type DevnetRole,
  type DevnetRoleModules,
} from "./devnet/createDevnet.ts";
export { devnetOptions } from "./devnet/devnetOptions.ts";
export { type TestAccount, testAccount, testAccounts } from "./devnet/testAccounts.ts";
export { DevnetError, devnetFaults } from "./errors/DevnetError.ts";
export { GraphqlError, graphqlFaults } from "./errors/GraphqlError.ts";
export { L1Error, l1Faults } from "./errors/L1Error.ts";
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
export { type FeePayment, signCommand } from "./signCommand.ts";
