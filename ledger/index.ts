export { accountHash, tokenSymbolField, zkappHash } from "./accountHash.ts";
export { accountUpdateHash, feePayerHash } from "./accountUpdateHash.ts";
export {
  type AppliedCommand,
  applyCommand,
  type CommandContext,
  type CommandStep,
  checkSignatures,
} from "./applyCommand.ts";
export { BatchExecution, type ExecutedBatch } from "./BatchExecution.ts";
export { EMPTY_LOCAL_STATE, ownTokenId } from "./callFrames.ts";
export { type CommandDigest, commandDigest, type UpdateDigest } from "./commandDigest.ts";
export {
  defaultAccount,
  defaultZkapp,
  EMPTY_ACTION_STATE,
  EMPTY_RECEIPT_CHAIN,
  EMPTY_URI_HASH,
  emptyAccount,
} from "./defaultAccount.ts";
export { ExecutionError, executionFaults } from "./errors/ExecutionError.ts";
export { LedgerError, ledgerFaults } from "./errors/LedgerError.ts";
export { type BatchContent, executeBatch } from "./executeBatch.ts";
export { followChanges } from "./followChanges.ts";
export { genesisSnapshot, innerAccount } from "./genesisSnapshot.ts";
export { EMPTY_INDEXED_LEAF, IndexedMap, indexedLeafHash, indexedNodeHash } from "./IndexedMap.ts";
export { Ledger, ledgerHasher, ledgerNodeHash } from "./Ledger.ts";
export { emptyHashes, rootOfPath, TREE_DEPTH } from "./MerkleTree.ts";
export { Replica, type ReplicaModules, type ReplicaOptions, type Step } from "./Replica.ts";
export type { RuleContext } from "./rules/RuleUpdate.ts";
export { checkSnapshot, type ExecutionRules, type Snapshot } from "./Snapshot.ts";
export type { KeyValueStore, StoreSnapshot, StoreWrite } from "./store/KeyValueStore.ts";
export { LevelStore } from "./store/LevelStore.ts";
export { MemoryStore } from "./store/MemoryStore.ts";
export type {
  AccountUpdateTrace,
  AppliedUpdate,
  BatchTraces,
  CallFrame,
  FeesTrace,
  IndexedLeaf,
  InsertTrace,
  LocalState,
  NewAccount,
} from "./traces.ts";
export { verifySignature } from "./verifySignature.ts";
