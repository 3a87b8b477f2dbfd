import type { OptionGroup } from "../../service/index.ts";

/** Options of `npm run bench`. */
export const benchOptions = {
  only: { type: "string", default: "", description: "Runs only what begins with this" },
  list: { type: "boolean", default: false, description: "Prints the names of the benches and runs none" },
  write: { type: "boolean", default: false, description: "Writes the figures to docs/benchmarks.json" },
  child: {
    type: "boolean",
    default: false,
    description: "Runs one bench, given by file and name, in this process",
  },
} as const satisfies OptionGroup;
