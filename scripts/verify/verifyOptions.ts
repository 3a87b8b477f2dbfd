import type { OptionGroup } from "../../service/index.ts";

/** Options of `zeko verify`. */
export const verifyOptions = {
  genesis: {
    type: "path",
    required: true,
    description: "Genesis file of the deployment; it names the validator set and the domain",
  },
} as const satisfies OptionGroup;
