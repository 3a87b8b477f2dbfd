import { ChildProver, defaultCacheDirectory, proverOptions } from "../../circuits/prover/index.ts";
import type { Logger, OptionValues } from "../../service/index.ts";
import type { proverOptionGroup } from "./proverOptionGroup.ts";

/** The prover of a role: a child process, one alive on the machine at a time. */
export function createProver(
  values: OptionValues<typeof proverOptionGroup>,
  { log }: { log: Logger },
): ChildProver {
  return new ChildProver(
    {
      ...proverOptions(values["cache-dir"] ?? defaultCacheDirectory({})),
      memoryLimitMb: values["prover.memory-limit-mb"],
      proofLimitMs: values["prover.proof-limit-ms"],
      idleMs: values["prover.idle-ms"],
    },
    {
      onCost: (cost) => log.info("proved", { ...cost }),
      onCompile: (program) => log.info("loading proof keys", { program }),
    },
  );
}
