import type { BatchId } from "../da/index.ts";
import { batchKeyBytes, fieldToHex, headerToJson } from "../gossip/index.ts";
import type { Signature } from "../protocol/index.ts";
import { HttpError, type HttpReply, type HttpRequest, type Route } from "../service/index.ts";
import type { Gatherer } from "./Gatherer.ts";
import { RelayError } from "./RelayError.ts";
import type { RelayRecord } from "./RelayRecord.ts";
import type { RelayStore } from "./RelayStore.ts";

/** Batches on one page of the list. */
const PAGE = 100;
/** What is once certified or proved for one epoch stays so. */
const FOREVER = { "cache-control": "public, max-age=31536000, immutable" };
/** Of the newest epoch that there is: a rotation brings another one. */
const FOR_NOW = { "cache-control": "no-cache" };

export type RelayRoutesModules = {
  readonly store: RelayStore;
  readonly gatherer: Pick<Gatherer, "standing">;
  /** The sequencer, as far as its signature says so, needs a certificate of this epoch. */
  readonly want: (record: RelayRecord, epoch: bigint, signature: Signature) => void;
  readonly info: () => Record<string, unknown>;
  readonly status: () => Record<string, unknown>;
};

/** What a relay answers over HTTP: how far a batch is, its certificate and its quorum proof. */
export function relayRoutes({ store, gatherer, want, info, status }: RelayRoutesModules): Route[] {
  const get = (path: string, handle: Route["handle"]): Route => ({
    method: "GET",
    path,
    handle: (request) => orNotFound(handle, request),
  });
  return [
    get("/v1/info", () => ({ json: info() })),
    get("/v1/status", () => ({ json: status() })),
    get("/v1/batches", (request) => listBatches(store, request)),
    get("/v1/batches/:id", async ({ params }) => {
      const record = await known(store, params.id!);
      const standing = gatherer.standing(record);
      return {
        json: {
          ...recordJson(record),
          ...(standing
            ? { missingSlots: standing.missing, signedWeight: standing.weight, threshold: standing.threshold }
            : {}),
        },
      };
    }),
    get("/v1/batches/:id/certificate", async ({ params, query }) => {
      const record = await known(store, params.id!);
      const epoch = epochOf(query);
      const certificate = await store.certificate(record.id, epoch);
      if (certificate) return { json: certificate, headers: epoch === undefined ? FOR_NOW : FOREVER };
      const signature = signatureOf(query);
      if (epoch !== undefined && signature) want(record, epoch, signature);
      return notYet(record);
    }),
    get("/v1/batches/:id/quorum-proof", async ({ params, query }) => {
      const record = await known(store, params.id!);
      const epoch = epochOf(query);
      const proof = await store.proof(record.id, epoch);
      if (proof === undefined) return notYet(record);
      return { json: proof, headers: epoch === undefined ? FOR_NOW : FOREVER };
    }),
  ];
}

/** How a batch's step is called outside: what a caller waits for. */
function stageOf({ step }: RelayRecord): "gathering" | "certified" | "proved" {
  if (step === "noticed") return "gathering";
  return step === "proved" ? "proved" : "certified";
}

function recordJson(record: RelayRecord) {
  return {
    id: record.id,
    header: headerToJson(record.header),
    dataRoot: fieldToHex(record.dataRoot),
    epoch: record.epoch.toString(),
    setHash: fieldToHex(record.setHash),
    message: fieldToHex(record.message),
    stage: stageOf(record),
    step: record.step,
  };
}

/** @returns undefined when none is asked for */
function epochOf(query: URLSearchParams): bigint | undefined {
  const text = query.get("epoch");
  if (text === null) return undefined;
  if (!/^(0|[1-9][0-9]{0,9})$/.test(text))
    throw new HttpError("HTTP_BAD_REQUEST", { reason: "epoch is a number in decimal" });
  return BigInt(text);
}

/** `&r=0x…&s=0x…` @returns undefined when the request is not signed */
function signatureOf(query: URLSearchParams): Signature | undefined {
  const [r, s] = [query.get("r"), query.get("s")];
  if (r === null && s === null) return undefined;
  const isHex = (text: string | null): text is string => /^0x[0-9a-f]{64}$/.test(text ?? "");
  if (!isHex(r) || !isHex(s))
    throw new HttpError("HTTP_BAD_REQUEST", { reason: "a signature is r and s, 32 bytes of hex each" });
  return { r: BigInt(r), s: BigInt(s) };
}

async function listBatches(store: RelayStore, { query }: HttpRequest): Promise<HttpReply> {
  const text = query.get("after") ?? "0";
  if (!/^(0|[1-9][0-9]{0,18})$/.test(text))
    throw new HttpError("HTTP_BAD_REQUEST", { reason: "after is a batch number in decimal" });
  const records = await store.list(BigInt(text), PAGE);
  return { json: { batches: records.map(recordJson) } };
}

async function known(store: RelayStore, id: string): Promise<RelayRecord> {
  batchKeyBytes(id); // its form
  const record = await store.batch(id as BatchId);
  if (!record) throw new RelayError("RELAY_BATCH_UNKNOWN", {});
  return record;
}

/** An unknown batch is a matter of time as often as not: 404, as for whatever is not there yet. */
async function orNotFound(handle: Route["handle"], request: HttpRequest): Promise<HttpReply> {
  try {
    return await handle(request);
  } catch (error) {
    if (!(error instanceof RelayError && error.code === "RELAY_BATCH_UNKNOWN")) throw error;
    return { status: 404, json: { error: error.toJSON() }, headers: { "cache-control": "no-store" } };
  }
}

/** What exists but is not there yet is no fault of the asker: 404 with the reason. */
function notYet(record: RelayRecord): HttpReply {
  const error = { code: "RELAY_NOT_YET", message: `The batch is ${stageOf(record)}` };
  return { status: 404, json: { error }, headers: { "cache-control": "no-store" } };
}
