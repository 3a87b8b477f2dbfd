import { type OptionGroup, passwordOptions } from "../../service/index.ts";

/** Options of every role of a deployment. */
export const deploymentOptions = {
  genesis: {
    type: "path",
    required: true,
    description: "Genesis file of the deployment; every role must have the same",
  },
  ...passwordOptions,
} as const satisfies OptionGroup;
