import { connectDaClient, DaError } from "../../da/index.ts";
import { checkedSet } from "../../gossip/index.ts";
import { type GasDeployment, type Genesis, gasDomainHash, gasDomainOf } from "../../protocol/index.ts";
import { claimGas, RelayError } from "../../relay/index.ts";
import { type OptionValues, RemoteError, requestJson, systemClock } from "../../service/index.ts";
import type { CliIo } from "../cli/Command.ts";
import { openKeys } from "../roles/openKeys.ts";
import { daAddressesOf, gasVaultOf } from "../roles/readGenesis.ts";
import { GasCliError } from "./GasCliError.ts";
import type { gasOptions } from "./gasOptions.ts";

/** A recipient's account in the vault after a try, in nanomina and units. */
export interface GasPayment {
  readonly certified: bigint;
  readonly paid: bigint;
  readonly held: bigint;
}

/** A way to have gas paid out. */
export interface GasDesk {
  /** Tries once. @returns null while no quorum certifies anything that is new */
  claim(recipient: bigint): Promise<GasPayment | null>;
  close(): void;
}

type Values = OptionValues<typeof gasOptions>;

/** Through a relay, or with an account of our own. @throws {GasCliError} `GAS_NO_WAY`; {DaError}; {KeyError}; {GenesisError} */
export async function openGasDesk(values: Values, genesis: Genesis, io: CliIo): Promise<GasDesk> {
  const domain = gasDomainHash(gasDomainOf(genesis));
  const { "gas.relay-url": relay, "gas.da-url": url, "gas.da-key-file": keyFile } = values;
  if (url === undefined || keyFile === undefined || values["gas.signers"].length === 0) {
    if (relay === undefined) throw new GasCliError("GAS_NO_WAY", {});
    return relayDesk(relay);
  }
  const key = await openKeys(values, io).da(keyFile);
  const da = await connectDaClient({ url, addresses: daAddressesOf(genesis), key }, { clock: systemClock });
  const address = gasVaultOf(genesis.gas as GasDeployment);
  const vault = da.gasVault(address);
  if ((await vault.domain()) !== domain)
    throw new DaError("DA_WRONG_CONTRACTS", { address, reason: "pays for another L1 account" });
  return {
    async claim(recipient) {
      const set = await checkedSet(da, await da.currentEpoch(), genesis.validators);
      const question = { recipient, signers: values["gas.signers"], set, domain, least: 1n };
      return await unlessNotYet(async () => (await claimGas(question, vault)).after);
    },
    close: () => da.close(),
  };
}

function relayDesk(relay: string): GasDesk {
  return {
    async claim(recipient) {
      const url = new URL(`/v1/gas/0x${recipient.toString(16).padStart(40, "0")}/claim`, relay).href;
      return await unlessNotYet(async () =>
        readPayment(await requestJson({ url, json: {}, timeoutMs: 150_000 })),
      );
    },
    close() {},
  };
}

function readPayment(json: unknown): GasPayment {
  const { certified, paid, held } = (json ?? {}) as Record<string, unknown>;
  const amount = (value: unknown) => {
    if (typeof value !== "string" || !/^[0-9]{1,30}$/.test(value))
      throw new RemoteError("REMOTE_NOT_JSON", { url: "the relay" });
    return BigInt(value);
  };
  return { certified: amount(certified), paid: amount(paid), held: amount(held) };
}

/** What time heals is null. */
async function unlessNotYet(claim: () => Promise<GasPayment>): Promise<GasPayment | null> {
  try {
    return await claim();
  } catch (error) {
    if (error instanceof RelayError && error.remedy === "retry") return null;
    const remote = error instanceof RemoteError && error.code === "REMOTE_STATUS" ? error.data : undefined;
    const { status, remoteCode } = (remote ?? {}) as { status?: number; remoteCode?: string | null };
    if (status === 503 || remoteCode === "RELAY_GAS_NOT_YET") return null;
    throw error;
  }
}
