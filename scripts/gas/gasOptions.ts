import type { OptionGroup } from "../../service/index.ts";
import { deploymentOptions } from "../roles/deploymentOptions.ts";

/** Options of every command about gas: all take the same file, and each looks at what it needs. */
export const gasOptions = {
  "gas.recipient": {
    type: "string",
    required: true,
    pattern: /^0x[0-9a-fA-F]{40}$/,
    description: "Address on the DA chain that gets the gas",
  },
  "gas.signers": {
    type: "list",
    default: [],
    pattern: /^https?:\/\//,
    description: "HTTP addresses of validators to ask for signatures",
  },
  "gas.relay-url": {
    type: "url",
    description: "HTTP address of a relay that sends the claim, and pays for it",
  },
  "gas.da-url": { type: "url", description: "JSON-RPC address of a DA chain node" },
  "gas.da-key-file": {
    type: "path",
    description:
      "Keystore of a DA chain account that sends the claim itself, with gas.da-url and gas.signers",
  },
  "gas.l1-url": { type: "url", description: "GraphQL address of a Mina node" },
  "gas.archive-url": {
    type: "url",
    description: "GraphQL address of a Mina archive node; gas.l1-url by default",
  },
  "gas.key-file": { type: "path", description: "Encrypted Mina key that pays for a deposit" },
  "gas.poll-ms": {
    type: "integer",
    default: 15_000,
    min: 100,
    description: "Pause between two looks at L1 and validators, in milliseconds",
  },
  "gas.wait-ms": {
    type: "integer",
    default: 86_400_000,
    min: 0,
    description: "Longest wait for L1 and validators, in milliseconds",
  },
  ...deploymentOptions,
} as const satisfies OptionGroup;
