import { Transaction } from "ethers";
import type { Hex } from "../DaTypes.ts";
import { DaError } from "../errors/DaError.ts";
import type { JsonRpc } from "./JsonRpc.ts";
import { hex, quantity, record } from "./readAnswer.ts";

export interface SignedTransaction {
  /** Recovered from the signature. */
  readonly from: Hex;
  readonly to: Hex | undefined;
  readonly data: Hex;
  readonly chainId: bigint;
}

/**
 * A transaction by its hash, put together again from its fields: what comes back is what the sender signed, or nothing.
 * @returns undefined when the node does not have it, or its type is none of 0, 1 and 2
 * @throws {DaError} `DA_ANSWER_MALFORMED` when the fields do not hash to `hash`
 */
export async function readTransaction(rpc: JsonRpc, hash: Hex): Promise<SignedTransaction | undefined> {
  const answer = await rpc.ask("eth_getTransactionByHash", [hash]);
  if (answer === null) return undefined;
  const fields = record(answer, "transaction");
  const type = Number(quantity(fields.type ?? "0x0", "transaction"));
  if (type > 2) return undefined;
  const transaction = rebuild(fields, type);
  if (transaction.hash !== hash || transaction.from === null)
    throw new DaError("DA_ANSWER_MALFORMED", { what: "transaction" });
  return {
    from: transaction.from as Hex,
    to: (transaction.to ?? undefined) as Hex | undefined,
    data: transaction.data as Hex,
    chainId: transaction.chainId,
  };
}

function rebuild(fields: Record<string, unknown>, type: number): Transaction {
  const number = (name: string) => quantity(fields[name], "transaction");
  try {
    return Transaction.from({
      type,
      to: fields.to === null ? null : hex(fields.to, "transaction"),
      data: hex(fields.input, "transaction"),
      nonce: Number(number("nonce")),
      gasLimit: number("gas"),
      value: number("value"),
      ...(fields.chainId === undefined ? {} : { chainId: number("chainId") }),
      ...(type === 2
        ? { maxFeePerGas: number("maxFeePerGas"), maxPriorityFeePerGas: number("maxPriorityFeePerGas") }
        : { gasPrice: number("gasPrice") }),
      ...(type === 0 ? {} : { accessList: (fields.accessList ?? []) as [] }),
      signature: { r: word(fields.r), s: word(fields.s), v: number("v") },
    });
  } catch (cause) {
    if (cause instanceof DaError) throw cause;
    throw new DaError("DA_ANSWER_MALFORMED", { what: "transaction" }, { cause });
  }
}

/** Nodes leave out leading zeros of r and s. */
function word(value: unknown): Hex {
  return `0x${quantity(value, "transaction").toString(16).padStart(64, "0")}`;
}
