import type { OptionGroup } from "../../service/index.ts";

/** Where both sides are read. */
export const bothSidesOptions = {
  "validator.da-url": { type: "url", required: true, description: "JSON-RPC address of a DA chain node" },
  "validator.l1-url": { type: "url", required: true, description: "GraphQL address of a Mina node" },
} as const satisfies OptionGroup;

/** Who signs. */
export const rotationKeyOptions = {
  "validator.key-file": {
    type: "path",
    required: true,
    description: "Encrypted Mina key of the validator that signs",
  },
} as const satisfies OptionGroup;
