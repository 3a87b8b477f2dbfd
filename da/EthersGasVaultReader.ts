import { ContractCaller } from "./ContractCaller.ts";
import { gasVaultInterface } from "./contracts.ts";
import type { Hex } from "./DaTypes.ts";
import type { GasAccount, GasLimits, GasTotals, GasVaultReader } from "./GasVault.ts";
import type { JsonRpc } from "./rpc/JsonRpc.ts";
import { quantity } from "./rpc/readAnswer.ts";

/** Reads the vault through the JSON-RPC of one node. */
export class EthersGasVaultReader implements GasVaultReader {
  readonly address: Hex;
  readonly #rpc: JsonRpc;
  readonly #contract: ContractCaller;

  constructor({ address }: { readonly address: Hex }, { rpc }: { readonly rpc: JsonRpc }) {
    this.address = address;
    this.#rpc = rpc;
    this.#contract = new ContractCaller(rpc, gasVaultInterface, address);
  }

  async domain(): Promise<bigint> {
    const [domain] = await this.#contract.call("domain", []);
    return domain;
  }

  async accountOf(recipient: bigint): Promise<GasAccount> {
    const [{ certified, paid, held }] = await this.#contract.call("accountOf", [recipientHex(recipient)]);
    return { certified, paid, held };
  }

  async totals(): Promise<GasTotals> {
    const [{ certified, paid, held }] = await this.#contract.call("totals", []);
    const stock = quantity(await this.#rpc.ask("eth_getBalance", [this.address, "latest"]), "balance");
    return { certified, paid, held, stock };
  }

  async limits(): Promise<GasLimits> {
    const [{ cap, period, periodEnd, spent }] = await this.#contract.call("limits", []);
    return { cap, periodSeconds: period, periodEnd, spent };
  }
}

/** 20 bytes in hex. */
export function recipientHex(recipient: bigint): Hex {
  return `0x${recipient.toString(16).padStart(40, "0")}`;
}
