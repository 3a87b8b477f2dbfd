import { bech32 } from "@scure/base";
import { HDNodeWallet, Mnemonic } from "ethers";

/** Everybody knows them: the accounts that Hardhat's network has. */
const PUBLIC_MNEMONIC = "test test test test test test test test test test test junk";
const FUNDED = 20;
export const COIN = 10n ** 18n;
export const DENOM = "azeko";

/** The parts of a genesis file that we touch. Amounts and numbers are strings in it. */
export interface ChainGenesis {
  app_state: {
    auth: { accounts: unknown[] };
    bank: { balances: unknown[]; supply: unknown[] };
    gov: { params: Record<string, unknown> };
    slashing: { params: Record<string, unknown> };
  };
}

/** The chain's own form of a 20-byte address. */
export function bech32Address(address: string): string {
  return bech32.encode("zeko", bech32.toWords(Buffer.from(address.slice(2), "hex")));
}

/** Everybody's keys, as wallets take them: the phrase, and where account `index` is below it. */
export function publicAccount(index: number): { mnemonic: string; path: string } {
  return { mnemonic: PUBLIC_MNEMONIC, path: `m/44'/60'/0'/0/${index}` };
}

/** The addresses that Hardhat's network funds, in its order. */
export function publicAddresses(): string[] {
  const seed = Mnemonic.fromPhrase(PUBLIC_MNEMONIC);
  return Array.from(
    { length: FUNDED },
    (_, i) => HDNodeWallet.fromMnemonic(seed, `m/44'/60'/0'/0/${i}`).address,
  );
}

/** Gives coins to an account that is not there yet. */
export function fund({ app_state: { auth, bank } }: ChainGenesis, address: string, amount: bigint): void {
  auth.accounts.push({
    "@type": "/cosmos.auth.v1beta1.BaseAccount",
    address,
    pub_key: null,
    account_number: "0",
    sequence: "0",
  });
  bank.balances.push({ address, coins: [{ denom: DENOM, amount: amount.toString() }] });
  bank.supply = []; // computed from the balances
}
