import {
  commandHash,
  type L1Account,
  type L1Block,
  type L1Client,
  L1Error,
  type MinaCommandJson,
} from "../../../l1/index.ts";
import { genesisSnapshot } from "../../../ledger/index.ts";
import {
  base58Versions,
  fromBase58,
  type Genesis,
  landingWindow,
  type OuterState,
  outerAfterCommit,
  outerAfterRotation,
  outerAtGenesis,
  outerFields,
  publicKeyToBase58,
  type RotationKind,
  type State,
  toBase58,
} from "../../../protocol/index.ts";
import type { CommitRequest } from "../../../sequencer/index.ts";
import { sequencerKey } from "./testDeployment.ts";

/** What a commit of the fake prover does when L1 takes it. */
export interface CommitEffect {
  readonly outer: OuterState;
  readonly target: State;
  readonly landBy: bigint;
}

interface Standing {
  readonly block: L1Block;
  readonly outer: OuterState;
  readonly nonces: Readonly<Record<string, number>>;
  /** Batches accepted so far. */
  readonly accepted: bigint;
}
interface Pooled {
  readonly hash: string;
  readonly command: MinaCommandJson;
}

/** Mina as the sequencer sees it: blocks when a test asks for them, commits by their memo, reorganisations. Checks no proofs. */
export class FakeL1 {
  readonly effects = new Map<bigint, CommitEffect>();
  /** Hashes of all commands ever given to it. */
  readonly sent: string[] = [];
  readonly #outerKey: string;
  #chain: Standing[];
  #pool: Pooled[] = [];
  /** Blocks are full of others' commands. */
  congested = false;
  #forks = 0;
  #slot = 100;

  constructor(genesis: Genesis) {
    this.#outerKey = publicKeyToBase58(genesis.outerKey);
    const outer = outerAtGenesis(genesis, genesisSnapshot(genesis).state);
    const block = { height: 1, stateHash: "b1.0", previousStateHash: "b0", slot: this.#slot, commands: [] };
    this.#chain = [{ block, outer, nonces: {}, accepted: 0n }];
  }

  get #tip(): Standing {
    return this.#chain.at(-1)!;
  }
  /** Batch that the outer account holds. */
  get accepted(): bigint {
    return this.#tip.accepted;
  }
  get slot(): number {
    return this.#tip.block.slot;
  }
  get pooled(): readonly string[] {
    return this.#pool.map(({ hash }) => hash);
  }

  /** A block with everything in the pool, `slots` after the last. */
  makeBlock(slots = 1): void {
    this.#slot += slots;
    let { outer, accepted } = this.#tip;
    const nonces = { ...this.#tip.nonces };
    const commands: { hash: string; failures: string[] | null }[] = [];
    const room = this.congested ? [] : this.#pool;
    for (const { hash, command } of room) {
      const { publicKey, nonce, validUntil } = command.feePayer.body;
      if (Number(nonce) !== (nonces[publicKey] ?? 0) || Number(validUntil) < this.#slot) continue;
      nonces[publicKey] = Number(nonce) + 1;
      const effect = this.effects.get(batchOf(command))!;
      const window = landingWindow(effect.outer, effect.target, effect.landBy);
      const inTime = window.lower <= this.#slot && this.#slot <= window.upper;
      const good =
        inTime && JSON.stringify(outerFieldsOf(outer)) === JSON.stringify(outerFieldsOf(effect.outer));
      commands.push({ hash, failures: good ? null : ["Account_app_state_precondition_unsatisfied"] });
      if (!good) continue;
      outer = outerAfterCommit(outer, effect.target, effect.landBy);
      accepted = effect.target.batch;
    }
    if (!this.congested) this.#pool = [];
    const { height, stateHash } = this.#tip.block;
    const block = {
      height: height + 1,
      stateHash: `b${height + 1}.${this.#forks}`,
      previousStateHash: stateHash,
      slot: this.#slot,
      commands,
    };
    this.#chain.push({ block, outer, nonces, accepted });
  }

  /** A block with nothing but a rotation of the validator set. */
  rotate(next: bigint, until: bigint, kind: RotationKind): void {
    const { congested } = this;
    this.congested = true;
    this.makeBlock();
    this.congested = congested;
    const outer = outerAfterRotation(this.#tip.outer, { next, until, kind });
    this.#chain[this.#chain.length - 1] = { ...this.#tip, outer };
  }

  /** Takes the last blocks back and makes one more of other ones. What was in them is forgotten, or waits again. */
  reorg(depth: number, { keepCommands = false }: { keepCommands?: boolean } = {}): void {
    const dropped = this.#chain.splice(this.#chain.length - depth, depth);
    const back = keepCommands ? dropped.flatMap(({ block }) => block.commands.map(({ hash }) => hash)) : [];
    this.#pool = this.#given.filter(({ hash }) => back.includes(hash));
    this.#forks++;
    for (let i = 0; i <= depth; i++) this.makeBlock();
  }
  readonly #given: Pooled[] = [];

  /** The command that was given to it first, second, … */
  given(n: number): MinaCommandJson {
    return this.#given[n]!.command;
  }

  /** Loses everything that waits for a block. */
  dropPool(): void {
    this.#pool = [];
  }

  /** A command of this account that is no commit: uses up a nonce. */
  spendNonce(publicKey: string): void {
    const nonces = { ...this.#tip.nonces, [publicKey]: (this.#tip.nonces[publicKey] ?? 0) + 1 };
    this.#chain[this.#chain.length - 1] = { ...this.#tip, nonces };
  }

  /** A commit as this L1 takes it: its memo names the batch. */
  commit({ outer, target, header }: CommitRequest): string {
    this.effects.set(target.batch, { outer, target, landBy: header.landBy });
    const text = new TextEncoder().encode(target.batch.toString());
    const memo = Uint8Array.from([1, text.length, ...text, ...new Uint8Array(32 - text.length)]);
    const body = {
      publicKey: publicKeyToBase58(sequencerKey.publicKey),
      fee: "0",
      validUntil: null,
      nonce: "0",
    };
    return JSON.stringify({
      feePayer: { body, authorization: "" },
      accountUpdates: [],
      memo: toBase58(base58Versions.memo, memo),
    });
  }

  client(): L1Client {
    return {
      network: async () => ({
        networkId: "mina:devnet",
        genesisTimestampMs: 0,
        slotDurationMs: 1_000,
        accountCreationFee: 1_000_000_000n,
      }),
      currentSlot: async () => this.#slot,
      head: async () => this.#tip.block,
      blocks: async (length) => this.#chain.slice(-length).map(({ block }) => block),
      account: async (key) => this.#account(key),
      send: (command) => this.#send(command),
      status: async (hash) => this.#status(hash),
      // biome-ignore lint/correctness/useYield: the sequencer looks by itself
      async *watch() {
        throw new Error("not faked");
      },
      actions: async () => [],
    };
  }

  #account(publicKey: string): L1Account | null {
    const nonce = this.#tip.nonces[publicKey] ?? 0;
    const zkapp = {
      appState: outerFieldsOf(this.#tip.outer).map(BigInt),
      actionState: [],
      verificationKeyHash: null,
      provedState: true,
    };
    return {
      publicKey,
      tokenId: "",
      balance: 0n,
      nonce,
      inferredNonce: nonce,
      permissions: {},
      zkapp: publicKey === this.#outerKey ? zkapp : null,
    };
  }

  async #send(command: MinaCommandJson): Promise<string> {
    const hash = await commandHash(command);
    const { publicKey, nonce } = command.feePayer.body;
    this.sent.push(hash);
    const isKnown = this.#pool.some((p) => p.hash === hash) || this.#inclusion(hash) !== undefined;
    if (isKnown) return hash;
    if (Number(nonce) < (this.#tip.nonces[publicKey] ?? 0))
      throw new L1Error("L1_NONCE_STALE", { reason: "used" });
    // A higher fee takes the place of the same nonce, as in Mina's pool.
    const others = this.#pool.filter((other) => other.command.feePayer.body.nonce !== nonce);
    this.#pool = [...others, { hash, command }];
    this.#given.push({ hash, command });
    return hash;
  }

  #inclusion(hash: string) {
    return this.#chain.find(({ block }) => block.commands.some((command) => command.hash === hash))?.block;
  }

  #status(hash: string): Awaited<ReturnType<L1Client["status"]>> {
    const block = this.#inclusion(hash);
    if (!block) return { kind: this.#pool.some((pooled) => pooled.hash === hash) ? "pending" : "unknown" };
    const { failures } = block.commands.find((command) => command.hash === hash)!;
    const place = { block, depth: this.#tip.block.height - block.height };
    return failures ? { kind: "failed", ...place, failures } : { kind: "included", ...place };
  }
}

function outerFieldsOf(outer: OuterState): string[] {
  return outerFields(outer).map(String);
}

/** Batch number in a commit's memo. */
function batchOf(command: MinaCommandJson): bigint {
  const memo = fromBase58(base58Versions.memo, 34, command.memo)!;
  return BigInt(new TextDecoder().decode(memo.subarray(2, 2 + memo[1]!)));
}
