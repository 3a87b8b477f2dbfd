import type { DaBatch, DaClient, Hex, OpenBatch, RecordedCertificate } from "../../../da/index.ts";
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
  signFields,
  statementHash,
  validatorSetHash,
  verifyHeader,
} from "../../../protocol/index.ts";
import type { ArchivedBatch, BatchArchive, RelayPort } from "../../../sequencer/index.ts";
import { validatorKeys } from "./testDeployment.ts";

type Posted = { batch: DaBatch; chunks: (Uint8Array | undefined)[] };

/** Inbox, validators, relay and archive in one: signs whatever is whole and has the sequencer's signature. */
export class FakeDa {
  readonly #genesis: Genesis;
  readonly #posted = new Map<string, Posted>();
  readonly #certificates = new Map<string, Certificate>();
  /** Signatures that a certificate gets; tests that want none set 0. */
  signers = 3;
  /** Whether the relay answers. */
  relayUp = true;
  readonly opened: string[] = [];

  constructor(genesis: Genesis) {
    this.#genesis = genesis;
  }

  client(): DaClient {
    const { da } = this.#genesis;
    const unused = () => Promise.reject(new Error("not faked"));
    const hex = (value: bigint): Hex => `0x${value.toString(16).padStart(40, "0")}`;
    return {
      addresses: {
        chainId: da.chainId,
        inbox: hex(da.inbox),
        validatorSet: hex(da.validatorSet),
      },
      account: hex(1n),
      head: unused,
      rollup: unused,
      isPoster: unused,
      batch: async (id) => this.#posted.get(id)?.batch,
      opening: unused,
      chunk: unused,
      data: async (id) => this.#data(id),
      currentEpoch: async () => 0n,
      validatorSet: unused,
      certificateOf: async (id) => this.#recorded(id),
      events: unused,
      watch: () => {
        throw new Error("not faked");
      },
      fees: unused,
      rotateValidators: unused,
      registerRollup: unused,
      setPoster: unused,
      openBatch: async (request) => this.#open(request),
      postChunks: async (id, chunks) => this.#post(id, chunks),
      dropBatch: async (id) => void this.#posted.delete(id),
      recordCertificate: unused,
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

  #open({ rollup, header, chunkRoots, signature }: OpenBatch): Hex {
    const domain = domainOf(this.#genesis);
    const id: Hex = `0x${Buffer.from(batchId(domain, header, chunkRoots)).toString("hex")}`;
    if (this.#posted.has(id)) return id;
    const dataRoot = dataRootOfChunks(chunkRoots);
    if (!verifyHeader(this.#genesis.sequencer, header, dataRoot, domainHash(domain), signature))
      throw new Error("not the sequencer's signature");
    const { source, target, landBy } = header;
    const batch: DaBatch = {
      id,
      rollup,
      header,
      chunkRoots,
      statement: statementHash({
        source,
        target,
        landBy,
        domain: domainHash(domain),
      }),
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
    posted.batch = {
      ...posted.batch,
      posted: chunks.map(() => true),
      sealed: true,
    };
  }

  #data(id: string): Uint8Array {
    const { batch, chunks } = this.#posted.get(id)!;
    return joinChunks(chunks as Uint8Array[], Number(batch.header.dataLength));
  }

  /** The certificate of a whole batch, made when first asked for. */
  #certificate(id: string): Certificate | undefined {
    const known = this.#certificates.get(id);
    const posted = this.#posted.get(id);
    if (known || !posted?.batch.sealed || this.signers < 3) return known;
    const set = this.#genesis.validators;
    const setHash = validatorSetHash(set);
    const { header, dataRoot } = posted.batch;
    const domain = domainHash(domainOf(this.#genesis));
    const message = batchMessage(setHash, header, dataRoot, domain);
    const attestations: Attestation[] = validatorKeys.slice(0, this.signers).map(({ privateKey }, slot) => ({
      slot,
      signature: signFields(privateKey, [message]),
    }));
    const made: Certificate = {
      version: 1,
      batchId: new Uint8Array(Buffer.from(id.slice(2), "hex")),
      header,
      dataRoot,
      domain,
      epoch: 0n,
      setHash,
      attestations,
    };
    this.#certificates.set(id, made);
    return made;
  }

  #recorded(id: string): RecordedCertificate | undefined {
    const certificate = this.#certificate(id);
    const { attestations } = certificate ?? {};
    return (
      attestations && {
        batch: id as Hex,
        epoch: 0n,
        attestations,
        weight: 3n,
        block: 1,
      }
    );
  }

  relay(): RelayPort {
    const answer = <T>(value: T): T => {
      if (!this.relayUp) throw new Error("the relay is down");
      return value;
    };
    return {
      certificate: async (id) => {
        const certificate = this.#certificate(id);
        return answer(certificate && certificateToJson(certificate));
      },
      quorumProof: async (id) => {
        const certificate = this.#certificate(id);
        if (!certificate) return answer(undefined);
        const { setHash, header, dataRoot, domain } = certificate;
        const message = batchMessage(setHash, header, dataRoot, domain);
        return answer({
          message: message.toString(),
          setHash: setHash.toString(),
        });
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
    return this.sealed.map((id) => ({
      id,
      header: this.#posted.get(id)!.batch.header,
    }));
  }
}
