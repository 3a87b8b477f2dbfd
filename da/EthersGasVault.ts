import { gasVaultInterface } from "./contracts.ts";
import type { Hex } from "./DaTypes.ts";
import { EthersGasVaultReader, recipientHex } from "./EthersGasVaultReader.ts";
import { DaError } from "./errors/DaError.ts";
import type { GasCertificate, GasVault } from "./GasVault.ts";
import type { JsonRpc } from "./rpc/JsonRpc.ts";
import type { TransactionSender } from "./rpc/TransactionSender.ts";

/** Reads and calls the vault through the JSON-RPC of one node. */
export class EthersGasVault extends EthersGasVaultReader implements GasVault {
  readonly account: Hex;
  readonly #sender: TransactionSender;

  constructor(
    options: { readonly address: Hex },
    modules: { readonly rpc: JsonRpc; readonly sender: TransactionSender },
  ) {
    super(options, modules);
    this.#sender = modules.sender;
    this.account = modules.sender.account;
  }

  async claim({ recipient, total, epoch, attestations }: GasCertificate): Promise<void> {
    const votes = attestations.map(({ slot, signature: { r, s } }) => ({ slot, r, s }));
    try {
      await this.#send("claim", [recipientHex(recipient), total, epoch, votes]);
    } catch (error) {
      // Somebody else has shown it meanwhile.
      if (!isRefusal(error, "GasVaultTotalStale")) throw error;
    }
  }

  async release(recipient: bigint): Promise<void> {
    await this.#send("release", [recipientHex(recipient)]);
  }

  async #send(name: string, args: readonly unknown[]): Promise<void> {
    const data = gasVaultInterface.encodeFunctionData(name, args) as Hex;
    await this.#sender.send({ to: this.address, data });
  }
}

function isRefusal(error: unknown, name: string): boolean {
  return (
    error instanceof DaError &&
    error.code === "DA_REVERTED" &&
    (error.data as { error: string }).error === name
  );
}
