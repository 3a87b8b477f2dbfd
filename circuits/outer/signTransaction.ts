import Client from "mina-signer";
import { base58Versions, fromBase58 } from "../../protocol/index.ts";

/** Private keys, base58. */
export interface TransactionKeys {
  readonly feePayer: string;
  /** Of account updates that are signed by others than the fee payer. */
  readonly others?: readonly string[];
}

type SignableCommand = Parameters<Client["signZkappCommand"]>[0]["zkappCommand"];

/**
 * Signs every account update whose key is among `keys`, and the fee payer. Keys never leave this process: provers get
 * none.
 *
 * @param json a zkApp command in Mina's JSON, proved where it must be
 * @param network "devnet" for every network but mainnet
 * @returns the same command with signatures
 */
export function signTransaction(json: string, keys: TransactionKeys, network: "devnet" | "mainnet"): string {
  const client = new Client({ network });
  return [...(keys.others ?? []), keys.feePayer].reduce(
    (command, key) => signWith(client, command, key),
    json,
  );
}

function signWith(client: Client, json: string, key: string): string {
  const zkappCommand = JSON.parse(json) as SignableCommand & UnsignedCommand;
  const { publicKey, fee, nonce, validUntil } = zkappCommand.feePayer.body;
  const memo = memoText(zkappCommand.memo);
  const feePayer = { feePayer: publicKey, fee, nonce, memo, ...(validUntil !== null && { validUntil }) };
  const signed = client.signZkappCommand({ zkappCommand, feePayer }, key).data.zkappCommand;
  // A key that is not the fee payer's leaves its signature empty: keep what an earlier one put there.
  const authorization = signed.feePayer.authorization || zkappCommand.feePayer.authorization;
  return JSON.stringify({ ...signed, feePayer: { ...signed.feePayer, authorization } });
}

interface UnsignedCommand {
  readonly feePayer: {
    readonly authorization: string;
    readonly body: Readonly<{ publicKey: string; fee: string; nonce: string; validUntil: string | null }>;
  };
  readonly memo: string;
}

/** The text in a memo: a type byte, its length, then its bytes padded with zeros. */
function memoText(memo: string): string {
  const bytes = fromBase58(base58Versions.memo, 34, memo);
  if (!bytes) throw new RangeError("not a memo");
  return new TextDecoder().decode(bytes.subarray(2, 2 + bytes[1]!));
}
