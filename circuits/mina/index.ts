export { accountFrom, publicKeyFrom, zkappFrom } from "./accountFrom.ts";
export { forestHash, fullCommitment, receiptChain, type StackFrame, stackHash } from "./callForest.ts";
export { LedgerPath, ledgerIndex, ledgerRoot } from "./LedgerPath.ts";
export {
  accountHashUnsafe,
  EMPTY_LEAF,
  EMPTY_RECEIPT_CHAIN,
  MinaAccount,
  newAccount,
  Timing,
} from "./MinaAccount.ts";
export { minaPrefixes } from "./minaPrefixes.ts";
export { allowedWithoutProof, Permission, Permissions, packPermissions } from "./Permissions.ts";
export { OptionalInterval, TransferUpdate, transferUpdateHash } from "./TransferUpdate.ts";
export { NO_ZKAPP, ZkappState } from "./ZkappState.ts";
