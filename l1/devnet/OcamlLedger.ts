import { initializeBindings, Ledger } from "o1js";
import {
  base58Versions,
  EMPTY_KEY,
  fromBase58,
  fromLittleEndian,
  L1_CREATION_FEE,
  publicKeyFromBase58,
  publicKeyToBase58,
} from "../../protocol/index.ts";
import type { CommandFailure, MinaCommandJson } from "../graphql/MinaGraphqlBackend.ts";

export interface GenesisAccount {
  readonly publicKey: string;
  /** Nanomina. */
  readonly balance: bigint;
}

/** Of the block that a command is applied in. */
export interface BlockContext {
  readonly slot: number;
  readonly height: number;
  readonly totalCurrency: bigint;
}

export type LedgerOutcome =
  | { readonly kind: "applied" }
  /** Fee and nonce are taken all the same, so the command belongs into its block or a replay diverges. */
  | { readonly kind: "failed"; readonly failures: readonly CommandFailure[] }
  /** The fee payer cannot pay, or the command is not one: nothing changed. */
  | { readonly kind: "refused"; readonly reason: string };

export type LedgerAccount = NonNullable<ReturnType<Ledger["getAccount"]>>;

/** What `fee payer cannot pay` looks like on the empty ledger, where nobody can. */
const CANNOT_PAY = "Amount_insufficient_to_create_account";

/**
 * o1js' OCaml ledger: Mina's own transaction logic, signatures checked, proofs not.
 *
 * It knows no snapshots and no merkle root; to go back, make a new one and replay. Its signatures are of the network kind
 * "testnet" whatever the caller says, so that the only network id which works is `devnet`.
 */
export class OcamlLedger {
  readonly #ledger: Ledger;

  private constructor(ledger: Ledger) {
    this.#ledger = ledger;
  }

  static async create(accounts: readonly GenesisAccount[]): Promise<OcamlLedger> {
    await initializeBindings();
    const ledger = Ledger.create();
    for (const { publicKey, balance } of accounts) ledger.addAccount(mlKey(publicKey), balance.toString());
    return new OcamlLedger(ledger);
  }

  /** @returns null for an account that does not exist. */
  account(publicKey: string, tokenId: string): LedgerAccount | null {
    if (publicKey === publicKeyToBase58(EMPTY_KEY)) return null;
    const token = fromBase58(base58Versions.tokenId, 32, tokenId);
    return token ? (this.#ledger.getAccount(mlKey(publicKey), [0, fromLittleEndian(token)]) ?? null) : null;
  }

  /** Applies a command, about 40 ms. */
  apply(command: MinaCommandJson, context: BlockContext): LedgerOutcome {
    try {
      this.#ledger.applyJsonTransaction(
        JSON.stringify(command),
        L1_CREATION_FEE.toString(),
        JSON.stringify(networkState(context)),
      );
      return { kind: "applied" };
    } catch (error) {
      return outcomeOf(error);
    }
  }
}

/**
 * Checks shape and signatures by the OCaml code itself: on an empty ledger, a command that passes both fails only because its
 * fee payer cannot pay, which changes nothing.
 *
 * @returns null when they are good, else what is wrong
 */
export function commandFault(
  empty: OcamlLedger,
  command: MinaCommandJson,
): null | { readonly kind: "signature" | "shape"; readonly reason: string } {
  const outcome = empty.apply(command, { slot: 0, height: 1, totalCurrency: 0n });
  if (outcome.kind === "refused" && outcome.reason.includes(CANNOT_PAY)) return null;
  const reason = outcome.kind === "refused" ? outcome.reason : outcome.kind;
  return { kind: reason.startsWith("Check signature") ? "signature" : "shape", reason };
}

function mlKey(publicKey: string): Parameters<Ledger["addAccount"]>[0] {
  const { x, isOdd } = publicKeyFromBase58(publicKey);
  return [0, [0, x], isOdd ? 1 : 0];
}

/** Epochs stand still: their data are zeros, here and in `bestChain`, so preconditions on them agree. */
function networkState({ slot, height, totalCurrency }: BlockContext) {
  const epoch = {
    ledger: { hash: "0", totalCurrency: "0" },
    seed: "0",
    startCheckpoint: "0",
    lockCheckpoint: "0",
    epochLength: "0",
  };
  return {
    snarkedLedgerHash: "0",
    blockchainLength: String(height),
    minWindowDensity: "0",
    totalCurrency: totalCurrency.toString(),
    globalSlotSinceGenesis: String(slot),
    stakingEpochData: epoch,
    nextEpochData: epoch,
  };
}

/** The bindings throw plain errors: a JSON list of failures per update when applied in vain, OCaml's words otherwise. */
function outcomeOf(error: unknown): LedgerOutcome {
  const text = error instanceof Error ? error.message : String(error);
  const failures = parseFailures(text);
  if (failures) return { kind: "failed", failures };
  if (text.startsWith("Check signature")) return { kind: "refused", reason: text.slice(0, 200) };
  // Anything else than transaction logic is the parser: its words are about the bindings, not the command.
  const names = text.includes("transaction_logic")
    ? text.match(/\b[A-Z][a-z]+(?:_[a-z]+)+\b|\bOverflow\b/g)
    : null;
  return { kind: "refused", reason: names ? [...new Set(names)].join(", ") : "it does not parse" };
}

function parseFailures(text: string): CommandFailure[] | null {
  try {
    const lists: unknown = JSON.parse(text);
    if (!Array.isArray(lists)) return null;
    return lists.flatMap((entries: unknown[][], index) =>
      entries.length === 0 ? [] : [{ index, failures: entries.map((entry) => String(entry[0])) }],
    );
  } catch {
    return null;
  }
}
