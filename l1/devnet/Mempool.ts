import { DevnetError } from "../errors/DevnetError.ts";
import type { MinaCommandJson } from "../graphql/MinaGraphqlBackend.ts";
import { MINIMUM_FEE } from "./checkCommand.ts";

export interface PooledCommand {
  readonly hash: string;
  readonly command: MinaCommandJson;
}

const MAX_COMMANDS = 3_000;
const MAX_PER_SENDER = 64;

/** The fee payer's account, as far as the pool cares. */
export interface SenderState {
  readonly nonce: number;
  /** Nanomina. */
  readonly balance: bigint;
}

/**
 * Commands that wait for a block: per fee payer a row of consecutive nonces, the first equal to the account's.
 * Nothing is in the pool that could not be next in its row, so no command waits for one that never comes.
 */
export class Mempool {
  readonly #rows = new Map<string, PooledCommand[]>();
  readonly #hashes = new Map<string, PooledCommand>();

  get size(): number {
    return this.#hashes.size;
  }

  has(hash: string): boolean {
    return this.#hashes.has(hash);
  }

  /** One sender's commands by nonce, or all of them. */
  list(sender?: string): readonly PooledCommand[] {
    return sender === undefined ? [...this.#rows.values()].flat() : (this.#rows.get(sender) ?? []);
  }

  /**
   * Puts a command at the end of its sender's row, or in the place of a cheaper one.
   *
   * @throws {DevnetError} `DEVNET_DUPLICATE`, `DEVNET_NONCE_WRONG`, `DEVNET_REPLACEMENT_TOO_CHEAP`, `DEVNET_POOL_FULL`,
   * `DEVNET_BALANCE_TOO_LOW`; the pool is then as before
   */
  add(pooled: PooledCommand, state: SenderState): void {
    const { publicKey } = pooled.command.feePayer.body;
    if (this.#hashes.has(pooled.hash)) throw new DevnetError("DEVNET_DUPLICATE", { hash: pooled.hash });
    const row = this.#rows.get(publicKey) ?? [];
    const place = nonceOf(pooled) - state.nonce;
    if (place < 0 || place > row.length) {
      throw new DevnetError("DEVNET_NONCE_WRONG", {
        nonce: nonceOf(pooled),
        expected: state.nonce + row.length,
      });
    }
    const replaced = row[place];
    if (replaced) checkReplacement(pooled, replaced);
    else if (this.size >= MAX_COMMANDS) throw new DevnetError("DEVNET_POOL_FULL", { limit: MAX_COMMANDS });
    else if (row.length >= MAX_PER_SENDER)
      throw new DevnetError("DEVNET_POOL_FULL", { limit: MAX_PER_SENDER });
    const next = replaced ? row.with(place, pooled) : [...row, pooled];
    const fees = next.reduce((sum, entry) => sum + feeOf(entry), 0n);
    if (fees > state.balance)
      throw new DevnetError("DEVNET_BALANCE_TOO_LOW", { balance: state.balance, fees });
    this.#setRow(publicKey, next);
  }

  /** The best payer among the firsts of each row; the earlier row among equals. */
  best(): PooledCommand | undefined {
    let best: PooledCommand | undefined;
    for (const [first] of this.#rows.values())
      if (first && (!best || feeOf(first) > feeOf(best))) best = first;
    return best;
  }

  /** Takes the first of its sender's row out: it went into a block. */
  shift({ command }: PooledCommand): void {
    const { publicKey } = command.feePayer.body;
    this.#setRow(publicKey, (this.#rows.get(publicKey) ?? []).slice(1));
  }

  /** Drops a sender's whole row: its first can never be applied, and the rest only after it. @returns what was dropped */
  dropRow({ command }: PooledCommand): readonly PooledCommand[] {
    const { publicKey } = command.feePayer.body;
    const row = this.list(publicKey);
    this.#setRow(publicKey, []);
    return row;
  }

  /** After a reorganisation: keeps the rows that still begin at their account's nonce. */
  keepFitting(nonceOfAccount: (publicKey: string) => number | undefined): void {
    for (const [publicKey, row] of [...this.#rows]) {
      if (nonceOf(row[0]!) !== nonceOfAccount(publicKey)) this.#setRow(publicKey, []);
    }
  }

  #setRow(publicKey: string, row: readonly PooledCommand[]): void {
    for (const { hash } of this.#rows.get(publicKey) ?? []) this.#hashes.delete(hash);
    for (const pooled of row) this.#hashes.set(pooled.hash, pooled);
    if (row.length === 0) this.#rows.delete(publicKey);
    else this.#rows.set(publicKey, [...row]);
  }
}

/** A replacement pays for the room that both have taken. */
function checkReplacement(pooled: PooledCommand, replaced: PooledCommand): void {
  const minimum = feeOf(replaced) + MINIMUM_FEE;
  if (feeOf(pooled) < minimum) {
    throw new DevnetError("DEVNET_REPLACEMENT_TOO_CHEAP", { nonce: nonceOf(pooled), minimum });
  }
}

function nonceOf({ command }: PooledCommand): number {
  return Number(command.feePayer.body.nonce);
}
function feeOf({ command }: PooledCommand): bigint {
  return BigInt(command.feePayer.body.fee);
}
