import {
  type Attestation,
  batchId,
  chunkRoot,
  decompress,
  publicKeyFields,
  type Rotation,
  rollupId,
  toBytes32,
  validatorSetHash,
} from "../protocol/index.ts";
import { inboxInterface, validatorSetInterface } from "./contracts.ts";
import type { DaClient } from "./DaClient.ts";
import type { DaFees } from "./DaFees.ts";
import type {
  BatchId,
  DaBatch,
  DaCertificate,
  Hex,
  OpenBatch,
  RollupId,
  RollupRegistration,
} from "./DaTypes.ts";
import { EthersDaFees } from "./EthersDaFees.ts";
import { EthersDaReader, type EthersDaReaderModules, type EthersDaReaderOptions } from "./EthersDaReader.ts";
import { EthersGasVault } from "./EthersGasVault.ts";
import { enoughVotes } from "./enoughVotes.ts";
import { DaError } from "./errors/DaError.ts";
import type { GasVault, GasVaultSource } from "./GasVault.ts";
import { postChunkGas } from "./rpc/postChunkGas.ts";
import { rotateGas } from "./rpc/rotateGas.ts";
import type { TransactionRequest, TransactionSender } from "./rpc/TransactionSender.ts";
import { writeChunkCall } from "./writeChunkCall.ts";

export interface EthersDaClientModules extends EthersDaReaderModules {
  readonly sender: TransactionSender;
}

/** Chunks in flight at once: a whole batch. A pool of cosmos/evm holds 1 280 chunks, and 64 that wait for one before them. */
const PARALLEL_POSTS = 64;

/** Reads and writes the DA chain through the JSON-RPC of one node. */
export class EthersDaClient extends EthersDaReader implements DaClient, GasVaultSource {
  readonly account: Hex;
  readonly #sender: TransactionSender;

  constructor(opts: EthersDaReaderOptions, modules: EthersDaClientModules) {
    super(opts, modules);
    this.#sender = modules.sender;
    this.account = modules.sender.account;
  }

  close(): void {
    this.rpc.close();
  }

  async fees(): Promise<DaFees> {
    const address = await this.feesAddress();
    return new EthersDaFees(
      { address, logPageBlocks: this.logPageBlocks },
      { rpc: this.rpc, sender: this.#sender },
    );
  }

  gasVault(address: Hex): GasVault {
    return new EthersGasVault({ address }, { rpc: this.rpc, sender: this.#sender });
  }

  async registerRollup(registration: RollupRegistration): Promise<RollupId> {
    const { salt, minaNetwork, outerKey, sequencerKey, posters } = registration;
    const id = hexOf(toBytes32(rollupId(BigInt(this.account), BigInt(salt))));
    const args = [salt, minaNetwork, outerKey, sequencerKey, posters];
    if (await this.rollup(id)) return await this.#sameRollup(id, registration);
    await this.#unless(["BatchInboxRollupExists"], "registerRollup", args);
    return await this.#sameRollup(id, registration);
  }

  async setPoster(id: RollupId, poster: Hex, allowed: boolean): Promise<void> {
    if ((await this.isPoster(id, poster)) === allowed) return;
    await this.#unless([], "setPoster", [id, poster, allowed]);
  }

  async openBatch({ rollup, header, chunkRoots, signature }: OpenBatch): Promise<BatchId> {
    const args = [rollup, header, chunkRoots, signature.r, signature.s];
    const place = {
      daChainId: this.addresses.chainId,
      inbox: BigInt(this.addresses.inbox),
      rollupId: BigInt(rollup),
    };
    const id = hexOf(batchId(place, header, chunkRoots));
    if (await this.batch(id)) return id;
    await this.#unless(["BatchInboxBatchExists"], "openBatch", args);
    return id;
  }

  async postChunks(id: BatchId, chunks: readonly Uint8Array[]): Promise<void> {
    const batch = await this.batch(id);
    if (!batch) throw new DaError("DA_BATCH_UNKNOWN", { batch: id });
    requireChunks(batch, chunks);
    const missing = batch.posted.flatMap((posted, index) => (posted ? [] : [index]));
    if (missing.length === 0) return;
    // Asked for each time, not configured: an upgrade of the inbox brings another. A node that lies about it gains nothing: it
    // makes us pay for calldata that counts for nothing, as it can by keeping our transactions to itself or lying about their
    // receipts. No coins go with them, and who reads a chunk compares it with its root.
    const gate = await this.gateAddress();
    // A chunk is sent without an estimate, which costs a node as much as twenty: an inbox that is paused would take the price
    // of all of them, again and again.
    await unlessRefused(CHUNK_IS_THERE, this.tryChunk(gate, id, missing[0]!, chunks[missing[0]!]!));
    const left = missing.values();
    let failed = false;
    const lane = async () => {
      for (const index of left) {
        await this.#postChunk(gate, id, index, chunks[index]!).catch((error) => {
          failed = true;
          throw error;
        });
        if (failed) return; // no more are begun, those under way come to their end
      }
    };
    await allDone(Array.from({ length: PARALLEL_POSTS }, lane));
  }

  async dropBatch(id: BatchId): Promise<void> {
    await this.#unless(["BatchInboxBatchUnknown"], "dropBatch", [id]);
  }

  async recordCertificate({ batch, epoch, attestations }: DaCertificate): Promise<void> {
    if (await this.certificateOf(batch, epoch)) return;
    const votes = attestations.map(voteOf);
    await this.#unless(["BatchInboxCertificateExists"], "recordCertificate", [batch, epoch, votes]);
  }

  async rotateValidators(rotation: Rotation, confirmations: readonly Attestation[]): Promise<void> {
    const { current, next, state, until, kind } = rotation;
    if (await this.#hasRotated(rotation)) return;
    const members = next.members.map(({ publicKey, weight }) => ({
      ...decompress(publicKey.x, publicKey.isOdd)!,
      weight,
    }));
    const terms = { members, threshold: next.threshold, state, until, removal: kind === "removal" };
    const votes = [enoughVotes(current, rotation.approvals), enoughVotes(next, confirmations)] as const;
    const args = [terms, ...votes.map((some) => some.map(voteOf))];
    const data = validatorSetInterface.encodeFunctionData("rotate", args) as Hex;
    const gas = rotateGas(data, members.length, votes.flat().length);
    try {
      await this.#sender.send({ to: this.addresses.validatorSet, data, gas });
    } catch (error) {
      // Who was second finds the signatures to be of another epoch.
      if (!(error instanceof DaError && error.code === "DA_REVERTED" && (await this.#hasRotated(rotation))))
        throw error;
    }
  }

  async #hasRotated({ next }: Rotation): Promise<boolean> {
    if ((await this.currentEpoch()) < next.epoch) return false;
    const { hash } = await this.validatorSet(next.epoch);
    if (hash !== validatorSetHash(next)) throw new DaError("DA_ROTATION_DIFFERS", { epoch: next.epoch });
    return true;
  }

  /** Anybody may post a chunk; who comes second finds it there. */
  async #postChunk(gate: Hex, id: BatchId, index: number, chunk: Uint8Array): Promise<void> {
    const data = writeChunkCall({ inbox: this.addresses.inbox, id, index, chunk });
    await this.#call(CHUNK_IS_THERE, { to: gate, data, gas: postChunkGas(data) });
  }

  async #unless(done: readonly string[], name: string, args: readonly unknown[]): Promise<void> {
    const data = inboxInterface.encodeFunctionData(name, args) as Hex;
    await this.#call(done, { to: this.addresses.inbox, data });
  }

  /** Sends a call; refusals that mean "somebody did it before" count as done. */
  async #call(done: readonly string[], request: TransactionRequest): Promise<void> {
    await unlessRefused(done, this.#sender.send(request));
  }

  /** A rollup's network and outer key never change; what was registered must be what is asked for. */
  async #sameRollup(id: RollupId, { minaNetwork, outerKey }: RollupRegistration): Promise<RollupId> {
    const found = await this.rollup(id);
    const same =
      found?.minaNetwork === minaNetwork &&
      publicKeyFields(found.outerKey).join() === publicKeyFields(outerKey).join();
    if (!same) throw new DaError("DA_ROLLUP_DIFFERS", { rollup: id });
    return id;
  }
}

function voteOf({ slot, signature: { r, s } }: Attestation) {
  return { slot, r, s };
}

function requireChunks(batch: DaBatch, chunks: readonly Uint8Array[]): void {
  const expected = batch.chunkRoots.length;
  if (chunks.length !== expected)
    throw new DaError("DA_CHUNK_COUNT", { batch: batch.id, expected, actual: chunks.length });
  for (const [index, root] of batch.chunkRoots.entries()) {
    if (!Buffer.from(chunkRoot(chunks[index]!)).equals(root))
      throw new DaError("DA_CHUNK_MISMATCH", { batch: batch.id, index });
  }
}

/** How the inbox says that somebody has posted a chunk. */
const CHUNK_IS_THERE = ["BatchInboxChunkAlreadyPosted", "BatchInboxSealed"];

/** Takes a contract's refusal for one of these reasons for good. */
async function unlessRefused(reasons: readonly string[], work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    const refusal = error instanceof DaError && error.code === "DA_REVERTED" ? error.data : undefined;
    if (!refusal || !reasons.includes((refusal as { error: string }).error)) throw error;
  }
}

/** Waits for all, also when one fails: nothing of this client may be under way once the caller knows the outcome. */
async function allDone(tasks: readonly Promise<void>[]): Promise<void> {
  for (const outcome of await Promise.allSettled(tasks))
    if (outcome.status === "rejected") throw outcome.reason;
}

function hexOf(bytes: Uint8Array): Hex {
  return `0x${Buffer.from(bytes).toString("hex")}`;
}
