import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { requestJson } from "../../service/index.ts";
import { ChainBinary } from "../chain/ChainBinary.ts";
import type { ChainNetwork } from "../chain/ChainNetwork.ts";
import { bech32Address, DENOM } from "../chain/chainGenesis.ts";
import { CHANNEL } from "./Hermes.ts";
import { IbcError } from "./IbcError.ts";

/** Longest time for a block, or for what a relayer brings. */
const LIMIT_MS = 120_000;
const LOOK_MS = 250;

export interface WalletKey {
  readonly mnemonic: string;
  /** BIP 32. */
  readonly path: string;
  /** As the EVM writes it. */
  readonly address: string;
}

/** One account on one chain, by the node's own command line: an EVM account is a Cosmos account of the same key. */
export class Wallet {
  readonly chain: ChainNetwork;
  /** As the chain writes it. */
  readonly address: string;
  readonly #node: ChainBinary;
  readonly #name = "wallet";

  private constructor(chain: ChainNetwork, key: WalletKey, binary: string) {
    this.chain = chain;
    this.address = bech32Address(key.address);
    this.#node = new ChainBinary(binary, join(chain.directory, "wallet"));
  }

  /** Takes the key into a keyring of its own below the chain's directory. */
  static async open(chain: ChainNetwork, key: WalletKey, binary: string): Promise<Wallet> {
    const wallet = new Wallet(chain, key, binary);
    const phrase = join(chain.directory, "wallet.mnemonic");
    await writeFile(phrase, key.mnemonic, { mode: 0o600 });
    const recovering = ["--recover", "--source", phrase, "--hd-path", key.path];
    await wallet.#node.run("keys", "add", wallet.#name, ...recovering, "--keyring-backend", "test");
    return wallet;
  }

  /** @param denom the chain's own coin, or a voucher */
  async balance(denom: string = DENOM): Promise<bigint> {
    return await this.balanceOf(this.address, denom);
  }

  async balanceOf(address: string, denom: string): Promise<bigint> {
    const out = await this.#node.run("query", "bank", "balance", address, denom, ...this.#at(), "-o", "json");
    return BigInt((JSON.parse(out) as { balance: { amount: string } }).balance.amount);
  }

  /**
   * Sends coins over the channel; they leave here at once and are the relayer's matter then.
   * @param timeoutSeconds after which they come back
   * @throws {IbcError} `IBC_TRANSFER_FAILED`
   */
  async transfer(to: string, amount: bigint, denom: string, timeoutSeconds = 600): Promise<void> {
    const paying = ["--gas", "300000", "--gas-prices", `1000000000${DENOM}`];
    const identity = ["--from", this.#name, "--keyring-backend", "test", "--chain-id", this.chain.chainId];
    const until = ["--packet-timeout-timestamp", `${timeoutSeconds}000000000`];
    const what = ["transfer", CHANNEL, to, `${amount}${denom}`];
    const out = await this.#node.run(
      ...["tx", "ibc-transfer", "transfer", ...what, ...identity, ...paying, ...until],
      ...[...this.#at(), "-y", "-o", "json"],
    );
    const sent = JSON.parse(out) as { txhash: string; code: number; raw_log: string };
    if (sent.code !== 0) throw new IbcError("IBC_TRANSFER_FAILED", { code: sent.code, log: sent.raw_log });
    await this.#included(sent.txhash);
  }

  /** @throws {IbcError} `IBC_NOT_ARRIVED` */
  async waitFor(what: string, want: bigint, read: () => Promise<bigint>): Promise<void> {
    for (const deadline = Date.now() + LIMIT_MS; ; await sleep(LOOK_MS)) {
      const have = await read();
      if (have === want) return;
      if (Date.now() > deadline) throw new IbcError("IBC_NOT_ARRIVED", { what, have, want });
    }
  }

  async #included(hash: string): Promise<void> {
    const url = `http://127.0.0.1:${this.chain.nodes[0]!.ports.comet}/tx?hash=0x${hash}`;
    for (const deadline = Date.now() + LIMIT_MS; ; await sleep(LOOK_MS)) {
      type Answer = { result?: { tx_result: { code: number; log: string } } };
      const answer = (await requestJson({ url }).catch(() => ({}))) as Answer;
      const result = answer.result?.tx_result;
      if (result?.code === 0) return;
      if (result) throw new IbcError("IBC_TRANSFER_FAILED", result);
      if (Date.now() > deadline) throw new IbcError("IBC_TRANSFER_FAILED", { code: 0, log: "not included" });
    }
  }

  #at(): string[] {
    return ["--node", `tcp://127.0.0.1:${this.chain.nodes[0]!.ports.comet}`];
  }
}
