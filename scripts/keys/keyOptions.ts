import { type OptionGroup, passwordOptions } from "../../service/index.ts";

/** Options of `zeko keys`. */
export const keyOptions = {
  "key-kind": {
    type: "choice",
    choices: ["mina", "da"],
    default: "mina",
    description: "Mina key (signs attestations, headers, L1 and L2 transactions), or key of the DA chain",
  },
  ...passwordOptions,
} as const satisfies OptionGroup;
