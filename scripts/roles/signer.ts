import { connectDaReader } from "../../da/index.ts";
import { GraphqlL1Client } from "../../l1/index.ts";
import type { Genesis } from "../../protocol/index.ts";
import {
  createMetricRegister,
  logOptions,
  type OptionGroup,
  type OptionValues,
  ServiceGroup,
  systemClock,
} from "../../service/index.ts";
import {
  attestationKey,
  createSigner,
  type GasSource,
  L1Finality,
  signerOptions,
} from "../../signer/index.ts";
import { loadedCommand } from "../cli/Command.ts";
import { deploymentOptions } from "./deploymentOptions.ts";
import { openKeys } from "./openKeys.ts";
import { daAddressesOf, readGenesis } from "./readGenesis.ts";
import { roleOptions } from "./roleOptions.ts";
import { runRole } from "./runRole.ts";

const role = "signer";

const options = {
  "signer.key-file": {
    type: "path",
    required: true,
    description: "Encrypted Mina key that attests; its address is in the validator set",
  },
  "signer.da-url": { type: "url", required: true, description: "JSON-RPC address of our own DA chain node" },
  "signer.l1-url": {
    type: "url",
    description:
      "GraphQL address of our own Mina node, to forget states that L1 has made final and to certify MINA locked for gas; without it all states are kept up to signer.max-forks",
  },
  "signer.archive-url": {
    type: "url",
    description: "GraphQL address of a Mina archive node, for MINA locked for gas; signer.l1-url by default",
  },
  "signer.finality-depth": {
    type: "integer",
    default: 290,
    min: 1,
    max: 290,
    description: "L1 blocks on top of its own after which an accepted state is final; Mina's k by default",
  },
  "signer.gas-depth": {
    type: "integer",
    min: 1,
    max: 290,
    description:
      "L1 blocks on top of a lock of MINA after which it is certified as gas; signer.finality-depth by default",
  },
  ...signerOptions,
  ...deploymentOptions,
  ...roleOptions(role),
  ...logOptions,
} as const satisfies OptionGroup;

/** `zeko signer` */
export const signer = loadedCommand(options, ({ values }, io) =>
  runRole({
    role,
    values,
    drainMs: values["signer.drain-ms"],
    build: async (log) => {
      const genesis = await readGenesis(values.genesis);
      const key = attestationKey(await openKeys(values, io).mina(values["signer.key-file"]));
      const da = await connectDaReader(
        { url: values["signer.da-url"], addresses: daAddressesOf(genesis) },
        { clock: systemClock },
      );
      const group = new ServiceGroup({ log });
      group.addCloser("DA connection", async () => da.close());
      const register = createMetricRegister({ role, processMetrics: true });
      const modules = { da, key, log, register, ...finalityOf(values, genesis), ...gasOf(values) };
      group.add(
        role,
        createSigner({ ...values, genesis, dataDirectory: values["signer.data-dir"] }, modules),
      );
      return { service: group };
    },
  }),
);

function finalityOf(values: OptionValues<typeof options>, { outerKey }: Genesis): { finality?: L1Finality } {
  const url = values["signer.l1-url"];
  if (url === undefined) return {};
  const depth = values["signer.finality-depth"];
  return {
    finality: new L1Finality({ outerKey, depth }, { l1: new GraphqlL1Client({ mina: url, window: depth }) }),
  };
}

/** Locked MINA is looked at as often as L1 makes blocks on a fast network; on Mina itself most looks find nothing new. */
const GAS_LOOK_MS = 5_000;

function gasOf(values: OptionValues<typeof options>): { gas?: GasSource } {
  const url = values["signer.l1-url"];
  if (url === undefined) return {};
  const archive = values["signer.archive-url"] ?? url;
  const depth = values["signer.gas-depth"] ?? values["signer.finality-depth"];
  return {
    gas: { l1: new GraphqlL1Client({ mina: url, archive }), depth, pollIntervalMs: GAS_LOOK_MS },
  };
}
