import { SigningKey } from "ethers";
import { signTransaction } from "../../../da/rpc/signTransaction.ts";
import type { EvmKey } from "../../../service/index.ts";
import { clock } from "./deployment.ts";
import { ask } from "./hardhatNode.ts";

export interface RawSenderOptions {
  readonly url: string;
  readonly key: EvmKey;
  readonly chainId: bigint;
  /** Of each transaction. */
  readonly gasLimit: bigint;
}

/** Sends each of the payloads to an address without code, one after the other, and waits until all are mined. */
export async function sendRaw(
  { url, key, chainId, gasLimit }: RawSenderOptions,
  payloads: readonly Uint8Array[],
): Promise<void> {
  const signer = new SigningKey(key.privateKey.reveal());
  const count = async () => Number(await ask(url, "eth_getTransactionCount", [key.address, "latest"]));
  const first = await count();
  const fees = { cap: 10n ** 10n, tip: 10n ** 9n };
  for (const [i, payload] of payloads.entries()) {
    const data = `0x${Buffer.from(payload).toString("hex")}` as const;
    const to = `0x${"de".repeat(20)}` as const;
    const { raw } = signTransaction(
      { chainId, nonce: first + i, ...fees, gasLimit, to, value: 0n, data },
      signer,
    );
    await ask(url, "eth_sendRawTransaction", [raw]);
  }
  while ((await count()) < first + payloads.length) await clock.sleep(50);
}
