import {
  publicKeyToBase58,
  RotationError,
  rotationFromJson,
  signatureToBase58,
  stateHash,
  toBytes32,
} from "../../protocol/index.ts";
import { HttpError, type HttpReply, type HttpRequest, type Route } from "../../service/index.ts";
import type { BatchPipeline } from "../batches/BatchPipeline.ts";
import type { BatchRecord } from "../batches/BatchRecord.ts";
import type { BlockRecord } from "../chain/BlockRecord.ts";
import type { Chain } from "../chain/Chain.ts";
import { SequencerError } from "../errors/SequencerError.ts";
import type { L1Follower } from "../settlement/L1Follower.ts";
import type { ValidatorHistory } from "../settlement/ValidatorHistory.ts";
import type { SequencerStore } from "../store/SequencerStore.ts";

export interface RouteOptions {
  readonly sequencer: string;
  readonly domain: bigint;
  /** Whether `POST /v1/batch` is served: it has no authentication. */
  readonly allowTrigger: boolean;
}
export interface RouteModules {
  readonly chain: Chain;
  readonly pipeline: BatchPipeline;
  readonly follower: Pick<L1Follower, "view">;
  readonly store: Pick<SequencerStore, "batch" | "block" | "blocks" | "data" | "fate">;
  readonly validators: Pick<ValidatorHistory, "announce">;
}

/** Entries of one page. */
const PAGE = 100n;
const hex = (value: bigint) => `0x${Buffer.from(toBytes32(value)).toString("hex")}`;

/** The sequencer's own HTTP paths, beside GraphQL. */
export function sequencerRoutes(options: RouteOptions, modules: RouteModules): Route[] {
  return [
    { method: "GET", path: "/v1/status", handle: () => ({ json: statusJson(options, modules) }) },
    ...batchRoutes(modules),
    ...blockRoutes(modules),
    rotationRoute(modules),
    ...(options.allowTrigger ? [triggerRoute(modules)] : []),
  ];
}

/** A rotation that Mina has taken: anybody may tell, as Mina's field proves it. */
function rotationRoute({ follower, validators }: RouteModules): Route {
  return {
    method: "POST",
    path: "/v1/rotation",
    handle: (request) => {
      const rotation = readRotation(request.json());
      const field = follower.view?.validators;
      if (field === undefined || !validators.announce(rotation, field))
        throw new HttpError("HTTP_BAD_REQUEST", { reason: "Mina's field 6 is not this rotation's" });
      return { json: { epoch: rotation.next.epoch.toString() } };
    },
  };
}

function readRotation(json: unknown) {
  try {
    return rotationFromJson(json);
  } catch (cause) {
    if (!(cause instanceof RotationError)) throw cause;
    throw malformed("not a rotation's file");
  }
}

function batchRoutes(modules: RouteModules): Route[] {
  const { pipeline } = modules;
  return [
    {
      method: "GET",
      path: "/v1/batches",
      handle: ({ query }) => {
        const after = numberOf(query.get("after") ?? "0", "after");
        const page = pipeline.batches.filter(({ number }) => number > after).slice(0, Number(PAGE));
        return { json: { batches: page.map((batch) => batchJson(batch, pipeline)) } };
      },
    },
    {
      method: "GET",
      path: "/v1/batches/:number",
      handle: async (request) => {
        const batch = await batchOf(request, modules);
        return batch ? { json: batchJson(batch, pipeline) } : missing(unknownBatch(request));
      },
    },
    {
      method: "GET",
      path: "/v1/batches/:number/certificate",
      handle: async (request) => {
        const batch = await batchOf(request, modules);
        return batch?.certificate ? { json: batch.certificate } : missing(unknownBatch(request));
      },
    },
  ];
}

function blockRoutes(modules: RouteModules): Route[] {
  const { store } = modules;
  return [
    {
      method: "GET",
      path: "/v1/blocks",
      handle: async ({ query }) => {
        const after = numberOf(query.get("after") ?? "0", "after");
        const blocks = await store.blocks(after + 1n, after + 1n + PAGE);
        return { json: { blocks: blocks.map(blockJson) } };
      },
    },
    {
      method: "GET",
      path: "/v1/blocks/:height",
      handle: async ({ params }) => {
        const height = params.height!;
        const block = await store.block(numberOf(height, "height"));
        return block
          ? { json: blockJson(block) }
          : missing(new SequencerError("SEQUENCER_BLOCK_UNKNOWN", { height }));
      },
    },
    {
      method: "GET",
      path: "/v1/transactions/:hash",
      handle: async ({ params }) => ({ json: await transactionJson(params.hash!, modules) }),
    },
  ];
}

function triggerRoute({ chain, pipeline }: RouteModules): Route {
  return {
    method: "POST",
    path: "/v1/batch",
    handle: async (request) => {
      // Wallets' pages may ask and send transactions here; only a browser names an origin.
      if (request.headers.origin !== undefined) throw malformed("a web page cannot close batches");
      assertEmpty(request.json());
      const batch = await chain.closeBatch();
      pipeline.add(batch);
      return { status: 202, json: batchJson(batch, pipeline) };
    },
  };
}

function statusJson(options: RouteOptions, { chain, pipeline, follower }: RouteModules) {
  const { tip, state, pending } = chain;
  const view = follower.view;
  return {
    sequencer: options.sequencer,
    domain: hex(options.domain),
    block: { height: tip.height, hash: hex(tip.hash), slot: tip.slot },
    pending: pending.length,
    batches: { closed: state.batch, open: pipeline.open, accepted: view?.accepted ?? null },
    state: hex(stateHash(state)),
    l1: view ? { height: view.head.height, hash: view.head.hash, slot: view.head.slot } : null,
  };
}

function batchJson(batch: BatchRecord, pipeline: BatchPipeline) {
  const { number, step, posting, commit, accepted } = batch;
  return {
    number,
    step,
    id: posting?.id ?? null,
    source: hex(stateHash(batch.source)),
    target: hex(stateHash(batch.target)),
    firstBlock: batch.firstBlock,
    blocks: batch.nextBlock - batch.firstBlock,
    transactions: batch.transactions,
    newAccounts: batch.newAccounts,
    feeRecipient: publicKeyToBase58(batch.feeRecipient),
    dataLength: posting?.header.dataLength ?? null,
    dataRoot: posting ? hex(posting.dataRoot) : null,
    proofs: batch.leaves,
    proofSeconds: batch.proofSeconds,
    reachedMs: batch.reachedMs,
    commit: commit ? { hash: commit.hash, nonce: commit.nonce, attempt: commit.attempt } : null,
    accepted: accepted ?? null,
    waitsFor: pipeline.faultOf(number) ?? null,
  };
}

function blockJson(block: BlockRecord) {
  return {
    height: block.height,
    hash: hex(block.hash),
    parent: hex(block.parent),
    slot: block.slot,
    timestampMs: block.timestampMs,
    signature: block.signature && signatureToBase58(block.signature),
    transactions: block.transactions.map(({ hash }) => hash),
  };
}

async function transactionJson(hash: string, { chain, store }: RouteModules) {
  if (!/^5J[1-9A-HJ-NP-Za-km-z]{40,60}$/.test(hash)) throw malformed("the hash is not one of a transaction");
  if (chain.pending.some((transaction) => transaction.hash === hash)) return { hash, status: "pending" };
  const fate = await store.fate(hash);
  if (!fate) throw new HttpError("HTTP_NOT_FOUND", {});
  return fate.kind === "included"
    ? { hash, status: "included", height: fate.height }
    : { hash, status: "dropped", code: fate.code };
}

async function batchOf({ params }: HttpRequest, { store }: RouteModules): Promise<BatchRecord | undefined> {
  return await store.batch(numberOf(params.number!, "number"));
}

function unknownBatch({ params }: HttpRequest): SequencerError {
  return new SequencerError("SEQUENCER_BATCH_UNKNOWN", { number: params.number! });
}

function missing(error: SequencerError): HttpReply {
  return { status: 404, json: { error: error.toJSON() } };
}

function assertEmpty(body: unknown): void {
  const isEmpty = typeof body === "object" && body !== null && Object.keys(body).length === 0;
  if (!isEmpty) throw malformed("the body must be {}");
}

function numberOf(text: string, name: string): bigint {
  if (!/^(0|[1-9][0-9]{0,17})$/.test(text)) throw malformed(`${name} is not a number`);
  return BigInt(text);
}

function malformed(what: string): SequencerError {
  return new SequencerError("SEQUENCER_REQUEST_MALFORMED", { what });
}
