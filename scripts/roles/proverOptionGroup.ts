import type { OptionGroup } from "../../service/index.ts";

/** Options of every role that proves. */
export const proverOptionGroup = {
  "cache-dir": {
    type: "path",
    description:
      "Directory of compiled proof keys, shared by the roles of a machine; .cache/zeko at home where it is not given",
  },
  "prover.memory-limit-mb": {
    type: "integer",
    default: 10_000,
    min: 1_000,
    max: 1_000_000,
    description: "Memory at which a proving process is killed, in MB",
  },
  "prover.proof-limit-ms": {
    type: "integer",
    default: 300_000,
    min: 1_000,
    max: 86_400_000,
    description: "Time after which a proof is given up, in milliseconds",
  },
  "prover.idle-ms": {
    type: "integer",
    default: 60_000,
    min: 0,
    max: 86_400_000,
    description: "Time that a proving process keeps its keys after its last job, in milliseconds",
  },
} as const satisfies OptionGroup;
