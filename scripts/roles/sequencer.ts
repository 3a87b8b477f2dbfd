import { connectDaClient, countTransactions } from "../../da/index.ts";
import { GraphqlL1Client } from "../../l1/index.ts";
import { domainHash, domainOf, ledgerConstants, signFields } from "../../protocol/index.ts";
import {
  createBatchProver,
  createHttpArchive,
  createHttpRelay,
  createSequencer,
  sequencerOptions,
} from "../../sequencer/index.ts";
import {
  createMetricRegister,
  type Logger,
  logOptions,
  type OptionGroup,
  type OptionValues,
  systemClock,
} from "../../service/index.ts";
import { type CliIo, loadedCommand } from "../cli/Command.ts";
import { createProver } from "./createProver.ts";
import { deploymentOptions } from "./deploymentOptions.ts";
import { openKeys } from "./openKeys.ts";
import { proverOptionGroup } from "./proverOptionGroup.ts";
import { daAddressesOf, readGenesis } from "./readGenesis.ts";
import { roleOptions } from "./roleOptions.ts";
import { type BuiltRole, runRole } from "./runRole.ts";

const role = "sequencer";

const options = {
  "sequencer.key-file": {
    type: "path",
    required: true,
    description: "Encrypted Mina key that the genesis names: signs blocks, headers and commits",
  },
  "sequencer.fee-payer-key-file": {
    type: "path",
    description: "Encrypted Mina key that pays for commits on L1; the sequencer's own where it is not given",
  },
  "sequencer.da-key-file": {
    type: "path",
    required: true,
    description: "Keystore of the account that posts to the DA chain",
  },
  ...sequencerOptions,
  ...proverOptionGroup,
  ...deploymentOptions,
  ...roleOptions(role),
  ...logOptions,
} as const satisfies OptionGroup;

/** `zeko sequencer` */
export const sequencer = loadedCommand(options, ({ values }, io) =>
  runRole({
    role,
    values,
    drainMs: values["sequencer.drain-ms"],
    build: (log) => build(values, io, log),
  }),
);

async function build(values: OptionValues<typeof options>, io: CliIo, log: Logger): Promise<BuiltRole> {
  const genesis = await readGenesis(values.genesis);
  const opener = openKeys(values, io);
  const own = await opener.mina(values["sequencer.key-file"]);
  const payerFile = values["sequencer.fee-payer-key-file"];
  const payer = payerFile === undefined ? own : await opener.mina(payerFile);
  const key = await opener.da(values["sequencer.da-key-file"]);
  const proving = {
    constants: ledgerConstants(genesis),
    domain: domainOf(genesis),
    outerKey: genesis.outerKey,
    feePayer: payer.publicKey,
  };
  const archive = values["sequencer.l1-archive-url"];
  const recovery = values["sequencer.recovery-url"];
  const da = { url: values["sequencer.da-url"], addresses: daAddressesOf(genesis), key };
  const register = createMetricRegister({ role, processMetrics: true });
  const onTransaction = countTransactions(register, role);
  const service = createSequencer(
    { ...values, dataDirectory: values["sequencer.data-dir"] },
    {
      genesis,
      keys: { sequencer: own.privateKey, feePayer: payer.privateKey },
      da: await connectDaClient(da, { clock: systemClock, onTransaction }),
      l1: new GraphqlL1Client({
        mina: values["sequencer.l1-url"],
        ...(archive === undefined ? {} : { archive }),
      }),
      relay: createHttpRelay(values["sequencer.relay-url"], {
        domain: domainHash(proving.domain),
        sign: (fields) => signFields(own.privateKey.reveal(), fields),
      }),
      ...(recovery === undefined ? {} : { archive: createHttpArchive(recovery) }),
      prover: createBatchProver(proving, { prover: createProver(values, { log }) }),
      log,
      register,
    },
  );
  return { service, done: service.done };
}
