import { applyCommand, checkSignatures, ExecutionError, type Ledger } from "../../ledger/index.ts";
import {
  type Account,
  ByteWriter,
  type FeePayer,
  type PublicKey,
  publicKeyToBase58,
  writeCommand,
  type ZkappCommand,
} from "../../protocol/index.ts";
import { MempoolError } from "../errors/MempoolError.ts";
import type { PooledTransaction } from "../store/SequencerStore.ts";

export interface PoolLimits {
  /** Transactions in all. */
  readonly transactions: number;
  /** Transactions of one fee payer, and how far ahead of its next nonce one may be. */
  readonly perSender: number;
  /** Nanomina. */
  readonly minimumFee: bigint;
}

/** What the pool's transactions are applied on: the blocks so far, the open batch's included. */
export interface PoolBase {
  readonly ledger: Ledger;
  /** Fees that the open batch has collected. */
  readonly fees: bigint;
  readonly rules: Readonly<{ creationFee: bigint; nonceBase: bigint }>;
  /** Slot that the next block would have. */
  readonly slot: bigint;
}

/** What admitting a transaction would do; nothing has happened yet. */
export interface Admission {
  /** The transaction whose place it takes. */
  readonly replaces: PooledTransaction | undefined;
  /** Makes it so. @returns acknowledged transactions that turned out to fail, now that their turn has come */
  commit(transaction: PooledTransaction): DroppedTransaction[];
}

export interface DroppedTransaction {
  readonly transaction: PooledTransaction;
  readonly error: ExecutionError | MempoolError;
}

const nameOf = (key: PublicKey) => `${key.x}/${key.isOdd}`;

/**
 * Transactions that wait for a block, in memory. First come, first served; per fee payer by nonce.
 *
 * A transaction whose nonce is next is executed on arrival, on top of all before it: what is accepted can be included, and
 * a sender learns at once that it cannot pay. Those with a later nonce wait for the ones between; their signatures and
 * fee are checked, the rest when their turn comes.
 */
export class TransactionPool {
  readonly #limits: PoolLimits;
  #base: PoolBase;
  /** `#base.ledger` with every ready transaction applied. */
  #ledger: Ledger;
  #fees: bigint;
  /** In the order of execution. */
  #ready: PooledTransaction[] = [];
  readonly #waiting = new Map<string, Map<bigint, PooledTransaction>>();

  constructor(limits: PoolLimits, base: PoolBase) {
    this.#limits = limits;
    this.#base = base;
    this.#ledger = base.ledger.fork();
    this.#fees = base.fees;
  }

  get ready(): readonly PooledTransaction[] {
    return this.#ready;
  }
  /** Ready ones in the order of execution, then the waiting ones. */
  get all(): readonly PooledTransaction[] {
    return [...this.#ready, ...[...this.#waiting.values()].flatMap((byNonce) => [...byNonce.values()])];
  }
  get size(): number {
    return this.#ready.length + [...this.#waiting.values()].reduce((sum, byNonce) => sum + byNonce.size, 0);
  }
  get slot(): bigint {
    return this.#base.slot;
  }
  /** A later slot for what comes from now on. What it makes stale is found by the block that meets it. */
  moveTo(slot: bigint): void {
    this.#base = { ...this.#base, slot };
  }
  find(hash: string): PooledTransaction | undefined {
    return this.all.find((transaction) => transaction.hash === hash);
  }

  /** The transaction here that is this command, to the last signature. */
  twin(command: ZkappCommand): PooledTransaction | undefined {
    const { publicKey, nonce } = command.feePayer;
    const rival = this.all.find(
      ({ command: { feePayer } }) =>
        feePayer.nonce === nonce && nameOf(feePayer.publicKey) === nameOf(publicKey),
    );
    return rival && Buffer.compare(bytesOf(rival.command), bytesOf(command)) === 0 ? rival : undefined;
  }

  /**
   * The checks that cost little: fee, deadline, sender, signatures. What passes is worth more work.
   * @returns the sender's account
   * @throws {MempoolError} `MEMPOOL_FEE_TOO_LOW`, `MEMPOOL_EXPIRED`; {ExecutionError} `EXECUTION_FEE_PAYER_UNKNOWN`,
   *   `EXECUTION_SIGNATURE_INVALID`
   */
  vet(command: ZkappCommand): Account {
    const { fee, validUntil, publicKey } = command.feePayer;
    const { minimumFee } = this.#limits;
    const { slot } = this.#base;
    if (fee < minimumFee) throw new MempoolError("MEMPOOL_FEE_TOO_LOW", { fee, minimum: minimumFee });
    if (validUntil !== null && validUntil < slot)
      throw new MempoolError("MEMPOOL_EXPIRED", { validUntil, slot });
    const sender = this.#ledger.find(publicKey);
    if (!sender)
      throw new ExecutionError("EXECUTION_FEE_PAYER_UNKNOWN", { key: publicKeyToBase58(publicKey) });
    checkSignatures(command);
    return sender;
  }

  /**
   * Whether the pool takes this command, and how. Changes nothing.
   * @throws {MempoolError}; {ExecutionError} what would keep a block from taking it
   */
  admit(command: ZkappCommand): Admission {
    const sender = this.vet(command);
    const { nonce, publicKey } = command.feePayer;
    if (nonce < sender.nonce) return this.#replaceReady(command, sender.nonce);
    const inPlace = this.#waiting.get(nameOf(publicKey))?.get(nonce);
    if (!inPlace) this.#assertRoom(publicKey);
    if (nonce > sender.nonce) return this.#wait(command, sender, inPlace);
    return this.#append(command);
  }

  /** Starts again on another base, which includes `taken`. @returns what can no longer be included, and has left the pool */
  rebase(base: PoolBase, taken: ReadonlySet<PooledTransaction>): DroppedTransaction[] {
    const rest = this.all.filter((transaction) => !taken.has(transaction));
    this.#base = base;
    this.#ledger = base.ledger.fork();
    this.#fees = base.fees;
    this.#ready = [];
    this.#waiting.clear();
    return rest.flatMap((transaction) => this.restore(transaction));
  }

  /**
   * Lets go of transactions that still wait for an earlier nonce, after so long a time: they pay nothing, and would fill the
   * pool for ever.
   */
  expire(receivedBeforeMs: number): DroppedTransaction[] {
    const late = [...this.#waiting.values()]
      .flatMap((byNonce) => [...byNonce.values()])
      .filter(({ receivedMs }) => receivedMs < receivedBeforeMs);
    for (const { command } of late) this.#unpark(command.feePayer);
    return late.map((transaction) => {
      const { nonce } = transaction.command.feePayer;
      return { transaction, error: new MempoolError("MEMPOOL_WAITED", { nonce }) };
    });
  }

  /** Takes back a transaction that was acknowledged before: no limits, no fee floor. @returns as {@link rebase} */
  restore(transaction: PooledTransaction): DroppedTransaction[] {
    const { publicKey, nonce } = transaction.command.feePayer;
    const sender = this.#ledger.find(publicKey);
    if (sender && nonce > sender.nonce) {
      this.#park(transaction);
      return [];
    }
    return [...this.#tryReady(transaction), ...this.#promote()];
  }

  #assertRoom(sender: PublicKey): void {
    const { transactions, perSender } = this.#limits;
    if (this.size >= transactions) throw new MempoolError("MEMPOOL_FULL", { limit: transactions });
    const own = this.all.filter(
      ({ command }) => nameOf(command.feePayer.publicKey) === nameOf(sender),
    ).length;
    if (own >= perSender)
      throw new MempoolError("MEMPOOL_SENDER_FULL", { key: publicKeyToBase58(sender), limit: perSender });
  }

  /** Half of the pool at most: what waits pays nothing, so it must not keep out what can pay. */
  #assertWaitingRoom(): void {
    const { transactions } = this.#limits;
    if (2 * (this.size - this.#ready.length + 1) > transactions)
      throw new MempoolError("MEMPOOL_FULL", { limit: transactions });
  }

  #append(command: ZkappCommand): Admission {
    const ledger = this.#ledger.fork();
    const fees = this.#apply(ledger, command, this.#fees);
    return {
      replaces: undefined,
      commit: (transaction) => {
        this.#ledger = ledger;
        this.#fees = fees;
        this.#ready.push(transaction);
        return this.#promote();
      },
    };
  }

  #wait(
    command: ZkappCommand,
    sender: Readonly<{ nonce: bigint; balance: bigint }>,
    inPlace: PooledTransaction | undefined,
  ): Admission {
    const { nonce, fee } = command.feePayer;
    const limit = this.#limits.perSender;
    if (nonce - sender.nonce > BigInt(limit))
      throw new MempoolError("MEMPOOL_NONCE_TOO_FAR", { nonce, expected: sender.nonce, limit });
    if (inPlace) assertBetterFee(fee, inPlace);
    else this.#assertWaitingRoom();
    if (sender.balance < fee)
      throw new ExecutionError("EXECUTION_BALANCE", { position: 0, balance: sender.balance, change: -fee });
    return {
      replaces: inPlace,
      commit: (transaction) => {
        this.#park(transaction);
        return [];
      },
    };
  }

  /** Same nonce as one that is ready: good if it pays more and breaks no promise given to others. */
  #replaceReady(command: ZkappCommand, expected: bigint): Admission {
    const { publicKey, nonce, fee } = command.feePayer;
    const at = this.#ready.findIndex(
      ({ command: { feePayer } }) =>
        feePayer.nonce === nonce && nameOf(feePayer.publicKey) === nameOf(publicKey),
    );
    const replaced = this.#ready[at];
    if (!replaced) throw new MempoolError("MEMPOOL_NONCE_STALE", { nonce, expected });
    assertBetterFee(fee, replaced);
    const ledger = this.#base.ledger.fork();
    let fees = this.#base.fees;
    for (const [i, other] of this.#ready.entries()) {
      try {
        fees = this.#apply(ledger, i === at ? command : other.command, fees);
      } catch (error) {
        if (i === at || !(error instanceof ExecutionError)) throw error;
        throw new MempoolError("MEMPOOL_REPLACEMENT_CONFLICT", { code: error.code }, { cause: error });
      }
    }
    return {
      replaces: replaced,
      commit: (transaction) => {
        this.#ledger = ledger;
        this.#fees = fees;
        this.#ready[at] = transaction;
        return this.#promote();
      },
    };
  }

  /** Moves waiting transactions whose nonce has come to the ready ones, until there are none. */
  #promote(): DroppedTransaction[] {
    const dropped: DroppedTransaction[] = [];
    for (let next = this.#nextWaiting(); next; next = this.#nextWaiting())
      dropped.push(...this.#tryReady(next));
    return dropped;
  }

  /** Takes one waiting transaction whose nonce is next or used up. */
  #nextWaiting(): PooledTransaction | undefined {
    for (const byNonce of this.#waiting.values()) {
      for (const [nonce, transaction] of byNonce) {
        const sender = this.#ledger.find(transaction.command.feePayer.publicKey);
        if (sender && nonce > sender.nonce) continue;
        this.#unpark(transaction.command.feePayer);
        return transaction;
      }
    }
    return undefined;
  }

  #tryReady(transaction: PooledTransaction): DroppedTransaction[] {
    try {
      const ledger = this.#ledger.fork();
      this.#fees = this.#apply(ledger, transaction.command, this.#fees);
      this.#ledger = ledger;
      this.#ready.push(transaction);
      return [];
    } catch (error) {
      if (!(error instanceof ExecutionError)) throw error;
      return [{ transaction, error }];
    }
  }

  #park(transaction: PooledTransaction): void {
    const { publicKey, nonce } = transaction.command.feePayer;
    const name = nameOf(publicKey);
    const byNonce = this.#waiting.get(name) ?? new Map<bigint, PooledTransaction>();
    byNonce.set(nonce, transaction);
    this.#waiting.set(name, byNonce);
  }

  #unpark({ publicKey, nonce }: FeePayer): void {
    const name = nameOf(publicKey);
    const byNonce = this.#waiting.get(name);
    byNonce?.delete(nonce);
    if (byNonce?.size === 0) this.#waiting.delete(name);
  }

  #apply(ledger: Ledger, command: ZkappCommand, fees: bigint): bigint {
    return applyCommand(ledger, command, { ...this.#base.rules, slot: this.#base.slot, fees }).fees;
  }
}

function bytesOf(command: ZkappCommand): Uint8Array {
  const out = new ByteWriter();
  writeCommand(out, command);
  return out.finish();
}

/** A tenth more, rounded up: what it costs to make everybody check a transaction twice. */
function assertBetterFee(fee: bigint, replaced: PooledTransaction): void {
  const minimum = (replaced.command.feePayer.fee * 11n + 9n) / 10n + 1n;
  if (fee < minimum) throw new MempoolError("MEMPOOL_REPLACEMENT_FEE", { fee, minimum });
}
