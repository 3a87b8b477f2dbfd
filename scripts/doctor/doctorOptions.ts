import type { OptionGroup } from "../../service/index.ts";

/** Options of `zeko doctor`. What is not given is not looked at. */
export const doctorOptions = {
  genesis: {
    type: "path",
    description:
      "Genesis file of the deployment; with it and doctor.da, validators are compared: on both chains and in each role",
  },
  "doctor.l1": { type: "url", description: "GraphQL address of the Mina node" },
  "doctor.da": { type: "url", description: "JSON-RPC address of the DA chain" },
  "doctor.signers": {
    type: "list",
    default: [],
    pattern: /^https?:\/\//,
    description: "HTTP addresses of validators",
  },
  "doctor.relay": { type: "url", description: "HTTP address of the relay" },
  "doctor.sequencer": { type: "url", description: "HTTP address of the sequencer" },
  "doctor.timeout-ms": {
    type: "integer",
    default: 3_000,
    min: 100,
    max: 60_000,
    description: "Time that each link has to answer, in milliseconds",
  },
} as const satisfies OptionGroup;
