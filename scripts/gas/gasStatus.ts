import { connectGasVaultReader } from "../../da/index.ts";
import { GraphqlL1Client } from "../../l1/index.ts";
import {
  type GasDeployment,
  type Genesis,
  gasDomainHash,
  gasDomainOf,
  gasRecipient,
  publicKeyToBase58,
} from "../../protocol/index.ts";
import { exitCodes, type OptionValues, RemoteError, requestJson } from "../../service/index.ts";
import { lockedFor } from "../../signer/index.ts";
import { loadedCommand } from "../cli/Command.ts";
import { gasVaultOf, readGenesis } from "../roles/readGenesis.ts";
import { gasOptions } from "./gasOptions.ts";
import { nanominaToMina } from "./mina.ts";

type Values = OptionValues<typeof gasOptions>;

/** `zeko gas status`: what is locked, certified and paid for a recipient. What is not given is not asked. */
export const gasStatus = loadedCommand(gasOptions, async ({ values }, io) => {
  const genesis = await readGenesis(values.genesis);
  gasDomainOf(genesis); // there is an account
  const recipient = gasRecipient(values["gas.recipient"]);
  const { "gas.l1-url": l1, "gas.da-url": da } = values;
  if (l1 !== undefined) io.out(`locked on L1: ${await locked(values, l1, genesis, recipient)} MINA\n`);
  for (const url of values["gas.signers"]) io.out(`${url}: ${await certified(url, values)}\n`);
  if (da !== undefined) io.out(await vault(da, genesis, recipient));
  return exitCodes.ok;
});

async function locked(values: Values, mina: string, genesis: Genesis, recipient: bigint): Promise<string> {
  const l1 = new GraphqlL1Client({ mina, archive: values["gas.archive-url"] ?? mina });
  const account = publicKeyToBase58((genesis.gas as GasDeployment).account);
  const { zkapp } = (await l1.account(account)) ?? {};
  if (!zkapp) return "0";
  const { height: tip } = await l1.head();
  return nanominaToMina(await lockedFor(recipient, { l1, account }, { to: zkapp.actionState[0]!, tip }));
}

/** A validator's word, unchecked: its signature is checked where it counts. */
async function certified(url: string, values: Values): Promise<string> {
  try {
    const path = `/v1/gas/${values["gas.recipient"].toLowerCase()}`;
    const { total } = (await requestJson({ url: new URL(path, url).href })) as { total?: unknown };
    if (typeof total !== "string" || !/^[0-9]{1,20}$/.test(total)) return "no answer";
    return `certifies ${nanominaToMina(BigInt(total))} MINA`;
  } catch (error) {
    if (!(error instanceof RemoteError)) throw error;
    const { status } = error.data as { status?: number };
    return status === 404 ? "certifies nothing yet" : `no answer (${error.code})`;
  }
}

async function vault(url: string, genesis: Genesis, recipient: bigint): Promise<string> {
  const gas = gasDomainOf(genesis);
  const address = gasVaultOf(genesis.gas as GasDeployment);
  const domain = gasDomainHash(gas);
  const reader = await connectGasVaultReader({ url, chainId: gas.daChainId, address, domain });
  const { certified: certain, paid, held } = await reader.accountOf(recipient);
  const { cap, periodSeconds, periodEnd, spent } = await reader.limits();
  return [
    `vault: ${nanominaToMina(certain)} MINA certified, gas for ${nanominaToMina(paid)} paid, ${held} units held`,
    `period of ${periodSeconds} s: gas for ${nanominaToMina(spent)} of ${nanominaToMina(cap)} MINA paid, up to second ${periodEnd}`,
    "",
  ].join("\n");
}
