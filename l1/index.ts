export { GraphqlError, graphqlFaults } from "./errors/GraphqlError.ts";
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
