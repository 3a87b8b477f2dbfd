import { Mina } from "o1js";
import type { Clock, Logger } from "../../service/index.ts";
import { DevnetError } from "../errors/DevnetError.ts";
import { DEFAULT_TOKEN } from "../graphql/base58Hashes.ts";
import type { MinaCommandJson } from "../graphql/MinaGraphqlBackend.ts";
import { checkCommand } from "./checkCommand.ts";
import type { DevnetBlock, DevnetGenesis } from "./DevnetBlock.ts";
import { DevnetChain } from "./DevnetChain.ts";
import type { DevnetMetrics } from "./DevnetMetrics.ts";
import type { DevnetStore } from "./DevnetStore.ts";
import type { PooledCommand } from "./Mempool.ts";
import { commandFault, type GenesisAccount, OcamlLedger } from "./OcamlLedger.ts";
import { type KeyJson, ProofChecker } from "./ProofChecker.ts";
import type { ProofVerifier } from "./ProofVerifier.ts";
import { SlotClock } from "./SlotClock.ts";

export interface DevnetSettings {
  readonly slotDurationMs: number;
  /** After so many slots without a block an empty one is made; 0: never. */
  readonly emptyBlockSlots: number;
  /** False accepts any proof, for fast tests of what is not about proofs. */
  readonly checkProofs: boolean;
  readonly accounts: readonly GenesisAccount[];
}

export interface DevnetModules {
  readonly store: DevnetStore;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: DevnetMetrics;
  readonly verifier: ProofVerifier;
}

/** A Mina network of one node: takes commands, makes at most one block a slot, reorganises on demand. */
export class Devnet {
  readonly #settings: DevnetSettings;
  readonly #modules: DevnetModules;
  readonly #proofs: ProofChecker;
  readonly #empty: OcamlLedger;
  readonly chain: DevnetChain;
  readonly slots: SlotClock;
  readonly genesis: DevnetGenesis;
  #queue: Promise<unknown> = Promise.resolve();
  #faucet: Promise<unknown> = Promise.resolve();

  private constructor(settings: DevnetSettings, modules: DevnetModules, parts: DevnetParts) {
    this.#settings = settings;
    this.#modules = modules;
    this.#proofs = new ProofChecker(modules.verifier);
    this.#empty = parts.empty;
    this.chain = parts.chain;
    this.slots = parts.slots;
    this.genesis = parts.genesis;
  }

  /**
   * Continues the stored chain, or begins one at the clock's present.
   * @throws {DevnetError} `DEVNET_GENESIS_CHANGED`, `DEVNET_STORE_DIVERGED`
   */
  static async open(settings: DevnetSettings, modules: DevnetModules): Promise<Devnet> {
    const { store, clock } = modules;
    const { slotDurationMs, accounts } = settings;
    let meta = await store.meta();
    if (!meta) {
      meta = {
        genesis: { timestampMs: clock.now(), slotDurationMs, accounts },
        slotOffset: 0,
        highestSlot: 0,
      };
      await store.putMeta(meta);
    }
    const { genesis, slotOffset, highestSlot } = meta;
    checkGenesis(genesis, settings);
    const slots = new SlotClock(clock, genesis, slotOffset);
    const chain = await DevnetChain.open({ store, slots, genesis }, highestSlot);
    return new Devnet(settings, modules, { empty: await OcamlLedger.create([]), chain, slots, genesis });
  }

  /** Lets one piece of work at a time see and change the chain. */
  exclusive<T>(work: () => T | Promise<T>): Promise<T> {
    const result = this.#queue.then(work);
    this.#queue = result.catch(() => {});
    return result;
  }

  /** One giver at a time: each needs the nonce after the one before. */
  faucetTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#faucet.then(work);
    this.#faucet = result.catch(() => {});
    return result;
  }

  /**
   * Checks a command as a node would, and puts it into the pool.
   * @throws {DevnetError} a code for each reason to refuse; nothing has changed then
   */
  async submit(command: MinaCommandJson): Promise<PooledCommand> {
    const { metrics } = this.#modules;
    try {
      const pooled = await this.#admit(command);
      metrics.pool.set(this.chain.pool.size);
      return pooled;
    } catch (error) {
      metrics.commands.inc({ outcome: "refused" });
      throw error;
    }
  }

  async #admit(command: MinaCommandJson): Promise<PooledCommand> {
    checkCommand(command);
    const fault = commandFault(this.#empty, command);
    if (fault) {
      const code = fault.kind === "signature" ? "DEVNET_SIGNATURE_INVALID" : "DEVNET_COMMAND_MALFORMED";
      throw new DevnetError(code, { reason: fault.reason });
    }
    // Cheap refusals first: a proof costs a second to check. The nonce is checked again below, when it counts.
    const pooled = { command, hash: await Mina.Transaction.hash(command) };
    await this.exclusive(() => this.#checkPlace(pooled));
    if (this.#settings.checkProofs) {
      await this.#proofs.check(command, (publicKey, tokenId) => this.#knownKeys(publicKey, tokenId));
    }
    await this.exclusive(() => this.chain.pool.add(pooled, this.#checkPlace(pooled)));
    return pooled;
  }

  /** Makes the current slot's block, if it is due and the slot is free. Called once a slot, and after a jump in time. */
  tick(): Promise<void> {
    return this.exclusive(async () => {
      const { emptyBlockSlots } = this.#settings;
      const sinceLast = this.slots.current() - this.chain.tip.slot;
      const due = this.chain.pool.size > 0 || (emptyBlockSlots > 0 && sinceLast >= emptyBlockSlots);
      if (!due || !this.chain.canClose()) return;
      const { block, dropped } = await this.chain.close();
      this.#report(block, dropped.length);
    });
  }

  #report({ height, slot, stateHash, commands }: DevnetBlock, dropped: number): void {
    const { log, metrics } = this.#modules;
    const failed = commands.filter(({ failures }) => failures).length;
    metrics.height.set(height);
    metrics.pool.set(this.chain.pool.size);
    metrics.commands.inc({ outcome: "applied" }, commands.length - failed);
    metrics.commands.inc({ outcome: "failed" }, failed);
    metrics.commands.inc({ outcome: "dropped" }, dropped);
    const fields = { height, slot, stateHash, commands: commands.length, failed, dropped };
    if (commands.length + dropped > 0) log.info("block", fields);
    else log.debug("empty block", fields);
  }

  /** @throws {DevnetError} `DEVNET_REORG_TOO_DEEP` */
  reorg(depth: number): Promise<void> {
    return this.exclusive(async () => {
      await this.chain.dropBlocks(depth);
      this.#modules.metrics.reorganisations.inc();
      this.#modules.metrics.height.set(this.chain.tip.height);
      this.#modules.metrics.pool.set(this.chain.pool.size);
      this.#modules.log.info("reorganised", { depth, height: this.chain.tip.height });
    });
  }

  /** Moves the clock on by hand, then makes the new slot's block if one is due. The skipped slots stay empty. */
  async advance(slots: number): Promise<void> {
    await this.exclusive(async () => {
      this.slots.advance(slots);
      await this.chain.saveClock();
    });
    await this.tick();
  }

  /** What could be wrong with a command's place in the pool. @returns what the pool must know of its sender */
  #checkPlace({ hash, command }: PooledCommand): { nonce: number; balance: bigint } {
    const { publicKey, validUntil, nonce } = command.feePayer.body;
    if (this.chain.isIncluded(hash) || this.chain.pool.has(hash))
      throw new DevnetError("DEVNET_DUPLICATE", { hash });
    const slot = this.slots.current();
    if (validUntil !== null && Number(validUntil) < slot) {
      throw new DevnetError("DEVNET_EXPIRED", { validUntil: Number(validUntil), slot });
    }
    const account = this.chain.account(publicKey, DEFAULT_TOKEN);
    const state = { nonce: Number(account?.nonce ?? 0), balance: BigInt(account?.balance ?? 0) };
    const expected = state.nonce + this.chain.pool.list(publicKey).length;
    if (Number(nonce) < state.nonce || Number(nonce) > expected) {
      throw new DevnetError("DEVNET_NONCE_WRONG", { nonce: Number(nonce), expected });
    }
    if (BigInt(command.feePayer.body.fee) > state.balance) {
      throw new DevnetError("DEVNET_BALANCE_TOO_LOW", {
        balance: state.balance,
        fees: BigInt(command.feePayer.body.fee),
      });
    }
    return state;
  }

  /** Keys that the account has, or gets from a command in the pool. */
  #knownKeys(publicKey: string, tokenId: string): KeyJson[] {
    const keys: KeyJson[] = [];
    for (const { command } of this.chain.pool.list()) {
      for (const { body } of command.accountUpdates) {
        const same = body.publicKey === publicKey && body.tokenId === tokenId;
        if (same && body.update.verificationKey) keys.push(body.update.verificationKey);
      }
    }
    const own = this.chain.account(publicKey, tokenId)?.zkapp?.verificationKey;
    if (own) keys.push(own);
    return keys;
  }
}

type DevnetParts = Pick<Devnet, "chain" | "slots" | "genesis"> & { readonly empty: OcamlLedger };

function checkGenesis(genesis: DevnetGenesis, { slotDurationMs, accounts }: DevnetSettings): void {
  const list = (all: readonly GenesisAccount[]) =>
    all.map(({ publicKey, balance }) => `${publicKey} ${balance}`).join();
  if (genesis.slotDurationMs !== slotDurationMs)
    throw new DevnetError("DEVNET_GENESIS_CHANGED", { what: "slot duration" });
  if (list(genesis.accounts) !== list(accounts)) {
    throw new DevnetError("DEVNET_GENESIS_CHANGED", { what: "list of accounts" });
  }
}
