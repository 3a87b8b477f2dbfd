import { createHash } from "node:crypto";
import { base58Versions, littleEndian, publicKeyOf, SCALAR_MODULUS, toBase58 } from "../../protocol/index.ts";

export interface TestAccount {
  readonly publicKey: string;
  /** Known to everybody: of no worth outside a local devnet. */
  readonly privateKey: string;
}

/** A key that is the same on every devnet: derived from its name. */
export function testAccount(name: string): TestAccount {
  const digest = createHash("sha256").update(`zeko-devnet/${name}`).digest("hex");
  const scalar = BigInt(`0x${digest}`) % SCALAR_MODULUS;
  const privateKey = toBase58(base58Versions.privateKey, Uint8Array.from([1, ...littleEndian(scalar)]));
  return { privateKey, publicKey: publicKeyOf(privateKey) };
}

/** The funded accounts of a devnet's genesis. */
export function testAccounts(count: number): TestAccount[] {
  return Array.from({ length: count }, (_, i) => testAccount(`account/${i}`));
}

/** Pays what `POST /v1/dev/fund` gives, by ordinary commands. */
export const faucetAccount: TestAccount = testAccount("faucet");
