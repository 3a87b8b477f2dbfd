import type { Replica, Snapshot } from "../../ledger/index.ts";
import { stateHash } from "../../protocol/index.ts";
import type { BatchRecord } from "../BatchRecord.ts";
import { SignerError } from "../SignerError.ts";
import type { SignerStore } from "../SignerStore.ts";
import { checkData } from "./checkData.ts";

/**
 * Fifth check: bytes and target state have been written, are read back from the store here, and are what was written.
 * (The replica reads its own records back when it writes them.)
 *
 * @throws {SignerError} `SIGNER_STORE_MISMATCH`
 */
export async function checkKept(
  batch: BatchRecord,
  { store, replica }: { readonly store: SignerStore; readonly replica: Replica },
): Promise<Snapshot> {
  const { header } = batch;
  const data = await store.data(batch.id);
  if (!data) throw new SignerError("SIGNER_STORE_MISMATCH", { what: "bytes missing" });
  try {
    checkData(batch, data);
  } catch (cause) {
    throw new SignerError("SIGNER_STORE_MISMATCH", { what: "bytes" }, { cause });
  }
  if (!replica.has(header.target)) throw new SignerError("SIGNER_STORE_MISMATCH", { what: "state missing" });
  const snapshot = replica.at(header.target);
  if (stateHash(snapshot.state) !== header.target)
    throw new SignerError("SIGNER_STORE_MISMATCH", { what: "state" });
  return snapshot;
}
