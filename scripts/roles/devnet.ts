import { createDevnet, devnetOptions } from "../../l1/index.ts";
import { createMetricRegister, logOptions } from "../../service/index.ts";
import { loadedCommand } from "../cli/Command.ts";
import { roleOptions } from "./roleOptions.ts";
import { runRole } from "./runRole.ts";

const role = "devnet";

/** `zeko devnet` */
export const devnet = loadedCommand({ ...roleOptions(role), ...devnetOptions, ...logOptions }, ({ values }) =>
  runRole({
    role,
    values,
    drainMs: values["devnet.drain-ms"],
    build: async (log) => {
      const register = createMetricRegister({ role, processMetrics: true });
      return {
        service: createDevnet({ ...values, dataDirectory: values["devnet.data-dir"] }, { log, register }),
      };
    },
  }),
);
