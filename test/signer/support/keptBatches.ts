import { join } from "node:path";
import { openRecordStore } from "../../../gossip/index.ts";
import { type Genesis, genesisHash } from "../../../protocol/index.ts";
import { openDataDirectory } from "../../../service/index.ts";
import { SIGNER_SCHEMA, SignerStore } from "../../../signer/SignerStore.ts";
import type { TestBatch } from "./testRollup.ts";

/** What stands on a signer's disk about a batch. The signer must not run. */
export interface KeptBatch {
  readonly step: string | undefined;
  readonly isSigned: boolean;
  readonly data: Uint8Array | undefined;
}

/** @param directory the signer's own */
export async function keptBatches(directory: string, batches: readonly TestBatch[]): Promise<KeptBatch[]> {
  const store = new SignerStore(await openRecordStore(join(directory, "batches")));
  const kept: KeptBatch[] = [];
  for (const { id } of batches) {
    const isSigned = (await store.attestation(id, 0n)) !== undefined;
    kept.push({ step: (await store.batch(id))?.step, isSigned, data: await store.data(id) });
  }
  await store.close();
  return kept;
}

/** Opens a signer's directory as a start of it does. */
export function openAsSigner(directory: string, genesis: Genesis) {
  const network = genesisHash(genesis);
  return openDataDirectory({ path: directory, role: "signer", schema: SIGNER_SCHEMA, network });
}
