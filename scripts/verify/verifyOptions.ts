import type { OptionGroup } from "../../service/index.ts";

/** Options of `zeko verify`. */
export const verifyOptions = {
  genesis: {
    type: "path",
    required: true,
    description: "Genesis file of the deployment; it names the first validator set and the domain",
  },
  "verify.da-url": {
    type: "url",
    description: "JSON-RPC address of a DA chain node, which lists the sets of later epochs than the first",
  },
  "verify.l1-url": {
    type: "url",
    description:
      "GraphQL address of a Mina node: what the DA chain lists must be what Mina has; needs verify.da-url",
  },
} as const satisfies OptionGroup;
