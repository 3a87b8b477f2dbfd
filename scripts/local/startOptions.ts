import type { OptionGroup } from "../../service/index.ts";

/** Options of `npm start`, behind `--`. */
export const startOptions = {
  once: {
    type: "boolean",
    default: false,
    description: "End with exit code 0 once the second batch is accepted",
  },
  directory: {
    type: "path",
    description: "Where everything is kept; a temporary one, deleted at the end, where it is not given",
  },
  chain: {
    type: "choice",
    choices: ["hardhat", "zekod"],
    default: "hardhat",
    description: "The DA chain: Hardhat's network, or four nodes of our own (builds them with Go, once)",
  },
  "slot-ms": {
    type: "integer",
    default: 3_000,
    min: 500,
    max: 180_000,
    description: "Length of an L1 slot, in milliseconds",
  },
} as const satisfies OptionGroup;
