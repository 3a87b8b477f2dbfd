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
