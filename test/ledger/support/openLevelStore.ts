import { LevelStore } from "../../../ledger/index.ts";
import { DurableLevel } from "../../../service/index.ts";

/** A store on disk, as the roles open theirs. */
export async function openLevelStore(directory: string): Promise<LevelStore> {
  return new LevelStore(await DurableLevel.open(directory));
}
