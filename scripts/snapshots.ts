import { writeCircuitSnapshots } from "./circuitSnapshots.ts";
import { writeContractSnapshots } from "./contracts/contractSnapshots.ts";

/** Rewrites the golden files that follow from the sources: `npm run snapshots`. Read the diff as code. */
await writeContractSnapshots();
await writeCircuitSnapshots();
