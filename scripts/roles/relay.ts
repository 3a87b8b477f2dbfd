import { connectDaClient, countTransactions } from "../../da/index.ts";
import { createRelay, relayOptions } from "../../relay/index.ts";
import {
  createMetricRegister,
  logOptions,
  type OptionGroup,
  ServiceGroup,
  systemClock,
} from "../../service/index.ts";
import { loadedCommand } from "../cli/Command.ts";
import { createProver } from "./createProver.ts";
import { deploymentOptions } from "./deploymentOptions.ts";
import { openKeys } from "./openKeys.ts";
import { proverOptionGroup } from "./proverOptionGroup.ts";
import { daAddressesOf, gasVaultOf, readGenesis } from "./readGenesis.ts";
import { roleOptions } from "./roleOptions.ts";
import { runRole } from "./runRole.ts";

const role = "relay";

const options = {
  "relay.da-url": { type: "url", required: true, description: "JSON-RPC address of our own DA chain node" },
  "relay.da-key-file": {
    type: "path",
    required: true,
    description: "Keystore of the account that pays for certificates on the DA chain",
  },
  ...relayOptions,
  ...proverOptionGroup,
  ...deploymentOptions,
  ...roleOptions(role),
  ...logOptions,
} as const satisfies OptionGroup;

/** `zeko relay` */
export const relay = loadedCommand(options, ({ values }, io) =>
  runRole({
    role,
    values,
    drainMs: values["relay.drain-ms"],
    build: async (log) => {
      const genesis = await readGenesis(values.genesis);
      const key = await openKeys(values, io).da(values["relay.da-key-file"]);
      const register = createMetricRegister({ role, processMetrics: true });
      const da = await connectDaClient(
        { url: values["relay.da-url"], addresses: daAddressesOf(genesis), key },
        { clock: systemClock, onTransaction: countTransactions(register, role) },
      );
      const prover = createProver(values, { log });
      const group = new ServiceGroup({ log });
      group.addCloser("DA connection", async () => da.close());
      const service = createRelay(
        { ...values, genesis, dataDirectory: values["relay.data-dir"] },
        { da, prover, log, register, ...(genesis.gas && { gasVault: da.gasVault(gasVaultOf(genesis.gas)) }) },
      );
      group.add(role, service);
      // Stopped first, which ends the proof that the relay would wait for.
      group.addCloser("prover", () => prover.stop());
      return { service: group };
    },
  }),
);
