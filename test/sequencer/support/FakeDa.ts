import {
  type DaBatch,
  type DaClient,
  DaError,
  type DaFees,
  type DaValidatorSet,
  type Hex,
  type OpenBatch,
  type RecordedCertificate,
} from "../../../da/index.ts";
import {
  type Attestation,
  batchId,
  batchMessage,
  type Certificate,
  certificateToJson,
  chunkRoot,
  dataRootOfChunks,
  domainHash,
  domainOf,
  type Genesis,
  joinChunks,
  type RotationKind,
  signFields,
  statementHash,
  type ValidatorSet,
  validatorSetHash,
  verifyHeader,
} from "../../../protocol/index.ts";
import type { ArchivedBatch, BatchArchive, RelayPort } from "../../../sequencer/index.ts";
import { validatorKeys } from "./testDeployment.ts";

/** A set as the DA chain has it, with the keys behind it. */
export interface Mirrored {
  readonly set: ValidatorSet;
  readonly keys: readonly { readonly privateKey: string }[];
  readonly until: bigint;
  readonly kind: RotationKind;
}

type Posted = { batch: DaBatch; chunks: (Uint8Array | undefined)[] };

/** Inbox, validators, relay and archive in one: signs whatever is whole and has the sequencer's signature. */
export class FakeDa {
  readonly #genesis: Genesis;
  readonly #posted = new Map<string, Posted>();
  /** By batch and epoch. */
  readonly #certificates = new Map<string, Certificate>();
  /** By epoch, the last one in force. */
  readonly #sets: Mirrored[];
  /** Signatures that a certificate gets; tests that want none set 0. */
  signers = 3;
  /** Epochs whose certificates the relay never proves. */
  readonly unproved = new Set<bigint>();
  /** Whether the relay answers. */
  relayUp = true;
  readonly opened: string[] = [];
  /** Of a decoded byte. */
  price = 0n;
  /** What the rollup has prepaid, and the poster still has. */
  prepaid = 0n;
  purse = 0n;

  constructor(genesis: Genesis) {
    this.#genesis = genesis;
    this.#sets = [{ set: genesis.validators, keys: validatorKeys, until: 0n, kind: "normal" }];
  }

  /** Epochs in which certificates were made, in order. */
  get certifiedEpochs(): bigint[] {
    return [...this.#certificates.values()].map(({ epoch }) => epoch);
  }

  /** The next set comes into force here. */
  rotate(mirrored: Mirrored): void {
    this.#sets.push(mirrored);
  }

  client(): DaClient {
    const { da } = this.#genesis;
    const unused = () => Promise.reject(new Error("not faked"));
    const hex = (value: bigint): Hex => `0x${value.toString(16).padStart(40, "0")}`;
    return {
      addresses: { chainId: da.chainId, inbox: hex(da.inbox), validatorSet: hex(da.validatorSet) },
      account: hex(1n),
      head: unused,
      rollup: unused,
      isPoster: unused,
      batch: async (id) => this.#posted.get(id)?.batch,
      opening: unused,
      chunk: unused,
      data: async (id) => this.#data(id),
      currentEpoch: async () => this.#sets.at(-1)!.set.epoch,
      validatorSet: async (epoch) => this.#setOf(epoch),
      certificateOf: async (id, epoch) => this.#recorded(id, epoch),
      events: unused,
      watch: () => {
        throw new Error("not faked");
      },
      rotateValidators: unused,
      registerRollup: unused,
      setPoster: unused,
      openBatch: async (request) => this.#open(request),
      postChunks: async (id, chunks) => this.#post(id, chunks),
      dropBatch: async (id) => void this.#posted.delete(id),
      recordCertificate: unused,
      fees: async () => this.#fees(),
      close() {},
    } as DaClient;
  }

  /** The inbox forgets a batch that is not sealed. */
  drop(id: string): void {
    this.#posted.delete(id);
  }
  /** Ids of all batches that are whole, in the order of their opening. */
  get sealed(): string[] {
    return this.opened.filter((id) => this.#posted.get(id)?.batch.sealed);
  }

  #fees(): DaFees {
    const partly: Pick<DaFees, "terms" | "balanceOf" | "prepay"> = {
      terms: async () => ({ price: this.price, lateWindowSeconds: 60 }),
      balanceOf: async () => this.prepaid,
      prepay: async (_, amount) => {
        if (amount > this.purse) throw new DaError("DA_FUNDS", { account: "0x01" });
        this.purse -= amount;
        this.prepaid += amount;
      },
    };
    return partly as DaFees;
  }

  #open({ rollup, header, chunkRoots, signature }: OpenBatch): Hex {
    const domain = domainOf(this.#genesis);
    const id: Hex = `0x${Buffer.from(batchId(domain, header, chunkRoots)).toString("hex")}`;
    if (this.#posted.has(id)) return id;
    const fee = this.price * header.decodedLength;
    if (fee > this.prepaid) throw new DaError("DA_REVERTED", { error: "DaFeesBalanceTooLow", args: [] });
    this.prepaid -= fee;
    const dataRoot = dataRootOfChunks(chunkRoots);
    if (!verifyHeader(this.#genesis.sequencer, header, dataRoot, domainHash(domain), signature))
      throw new Error("not the sequencer's signature");
    const { source, target, landBy } = header;
    const batch: DaBatch = {
      id,
      rollup,
      header,
      chunkRoots,
      statement: statementHash({ source, target, landBy, domain: domainHash(domain) }),
      dataRoot,
      poster: "0x01",
      signature,
      posted: chunkRoots.map(() => false),
      sealed: false,
    };
    this.#posted.set(id, { batch, chunks: chunkRoots.map(() => undefined) });
    this.opened.push(id);
    return id;
  }

  #post(id: string, chunks: readonly Uint8Array[]): void {
    const posted = this.#posted.get(id)!;
    for (const [i, chunk] of chunks.entries()) {
      if (Buffer.compare(chunkRoot(chunk), posted.batch.chunkRoots[i]!) !== 0)
        throw new Error("another chunk");
    }
    posted.chunks = [...chunks];
    posted.batch = { ...posted.batch, posted: chunks.map(() => true), sealed: true };
  }

  #data(id: string): Uint8Array {
    const { batch, chunks } = this.#posted.get(id)!;
    return joinChunks(chunks as Uint8Array[], Number(batch.header.dataLength));
  }

  #setOf(epoch: bigint): DaValidatorSet {
    const { set, until, kind } = this.#sets[Number(epoch)]!;
    return { ...set, hash: validatorSetHash(set), inForce: true, graceEnd: 0n, until, kind };
  }

  /** The certificate of a whole batch, made when first asked for by the set in force. */
  #certificate(id: string, epoch: bigint): Certificate | undefined {
    const known = this.#certificates.get(`${id}/${epoch}`);
    const posted = this.#posted.get(id);
    const { set, keys } = this.#sets.at(-1)!;
    if (known || !posted?.batch.sealed || this.signers < 3 || epoch !== set.epoch) return known;
    const setHash = validatorSetHash(set);
    const { header, dataRoot } = posted.batch;
    const domain = domainHash(domainOf(this.#genesis));
    const message = batchMessage(setHash, header, dataRoot, domain);
    const attestations: Attestation[] = keys
      .slice(0, this.signers)
      .map(({ privateKey }, slot) => ({ slot, signature: signFields(privateKey, [message]) }));
    const made: Certificate = {
      version: 1,
      batchId: new Uint8Array(Buffer.from(id.slice(2), "hex")),
      header,
      dataRoot,
      domain,
      epoch,
      setHash,
      attestations,
    };
    this.#certificates.set(`${id}/${epoch}`, made);
    return made;
  }

  #recorded(id: string, epoch: bigint): RecordedCertificate | undefined {
    const certificate = this.#certificate(id, epoch);
    const { attestations } = certificate ?? {};
    return attestations && { batch: id as Hex, epoch, attestations, weight: 3n, block: 1 };
  }

  relay(): RelayPort {
    const answer = <T>(value: T): T => {
      if (!this.relayUp) throw new Error("the relay is down");
      return value;
    };
    return {
      certificate: async (id, epoch) => {
        const certificate = this.#certificate(id, epoch);
        return answer(certificate && certificateToJson(certificate));
      },
      quorumProof: async (id, epoch) => {
        const certificate = this.#certificate(id, epoch);
        if (!certificate || this.unproved.has(epoch)) return answer(undefined);
        const { setHash, header, dataRoot, domain } = certificate;
        const message = batchMessage(setHash, header, dataRoot, domain);
        return answer({ message: message.toString(), setHash: setHash.toString() });
      },
    };
  }

  /** A validator that tells the truth. */
  archive(): BatchArchive {
    return {
      list: async (after) => ({
        batches: this.#archived().filter(({ header }) => header.number > after),
        next: undefined,
      }),
      data: async (id) => this.#data(id),
    };
  }

  #archived(): ArchivedBatch[] {
    return this.sealed.map((id) => ({ id, header: this.#posted.get(id)!.batch.header }));
  }
}
