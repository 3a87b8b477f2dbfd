import type { BatchId } from "../da/index.ts";
import { batchKeyBytes, fieldToHex, headerToJson } from "../gossip/index.ts";
import { FIELD_MODULUS, MAX_UINT32, rotationKinds, type Signature } from "../protocol/index.ts";
import { HttpError, type HttpReply, type HttpRequest, type Route } from "../service/index.ts";
import { type BatchRecord, hasBytes, type OwnAttestation } from "./BatchRecord.ts";
import type { HeldData } from "./HeldData.ts";
import type { RotationNames } from "./RotationDesk.ts";
import { SignerError } from "./SignerError.ts";
import type { SignerStore } from "./SignerStore.ts";
import type { HeldState } from "./StateCheck.ts";

/** Batches on one page of the list. */
const PAGE = 100;
/** Reading a state again takes 0.2 ms an account. */
const STATE_TIMEOUT_MS = 600_000;
/** Bytes never change under an id. */
const FOREVER = "public, max-age=31536000, immutable";

export type SignerRoutesModules = {
  readonly store: SignerStore;
  readonly held: Pick<HeldData, "read">;
  /** Our word for a set that came into force after the batch was done, if we are a member. */
  readonly attestAnew: (batch: BatchId, epoch: bigint) => Promise<OwnAttestation | undefined>;
  /** Reads a state from disk again. */
  readonly checkState: (state: bigint, signal: AbortSignal) => Promise<HeldState | undefined>;
  /** Our word that Mina holds a rotation for good. */
  readonly confirmRotation: (rotation: RotationNames) => Signature;
  readonly info: () => Promise<Record<string, unknown>>;
  readonly status: () => Record<string, unknown>;
  readonly state: () => Record<string, unknown>;
};

/** What a signer answers over HTTP: its copy of the rollup, its signatures, and how it is. */
export function signerRoutes(modules: SignerRoutesModules): Route[] {
  const { store } = modules;
  const get = (path: string, handle: Route["handle"]): Route => ({
    method: "GET",
    path,
    handle: (request) => orNotFound(handle, request),
  });
  return [
    get("/v1/info", async () => ({ json: await modules.info() })),
    get("/v1/status", () => ({ json: modules.status() })),
    get("/v1/state", () => ({ json: modules.state() })),
    {
      ...get("/v1/states/:state", (request) => sendState(modules, request)),
      timeoutMs: STATE_TIMEOUT_MS,
    },
    get("/v1/rotation", ({ query }) => {
      const { r, s } = modules.confirmRotation(rotationOf(query));
      return { json: { r: fieldToHex(r), s: fieldToHex(s) }, headers: { "cache-control": "no-store" } };
    }),
    get("/v1/batches", (request) => listBatches(store, request)),
    get("/v1/batches/:id", async ({ params }) => {
      const record = await known(store, params.id!);
      const attestations = await store.attestations(record.id);
      const certified = await store.certified(record.id);
      return {
        json: {
          ...batchJson(record),
          certifiedInEpochs: certified.map(String),
          attestations: attestations.map(attestationJson),
        },
      };
    }),
    get("/v1/batches/:id/data", (request) => sendData(modules, request)),
    get("/v1/batches/:id/attestation", async ({ params, query }) => {
      const record = await known(store, params.id!);
      const all = await store.attestations(record.id);
      const epoch = query.get("epoch");
      const own =
        epoch === null
          ? all.at(-1)
          : (all.find((a) => a.epoch.toString() === epoch) ??
            (await modules.attestAnew(record.id, epochOf(epoch))));
      if (!own) return notYet(record);
      return { json: { batchId: record.id, ...attestationJson(own) } };
    }),
  ];
}

/** `?current=0x…&next=0x…&until=<slot>&kind=normal|removal` */
function rotationOf(query: URLSearchParams): RotationNames {
  const until = query.get("until") ?? "";
  const kind = rotationKinds.find((known) => known === query.get("kind"));
  const [current, next] = [query.get("current") ?? "", query.get("next") ?? ""];
  if (kind && /^(0|[1-9][0-9]{0,9})$/.test(until) && BigInt(until) <= MAX_UINT32)
    return { current: stateOf(current), next: stateOf(next), until: BigInt(until), kind };
  throw new HttpError("HTTP_BAD_REQUEST", {
    reason: "a rotation is current, next, until and kind: two hashes, a slot, normal or removal",
  });
}

async function sendState(
  { checkState }: Pick<SignerRoutesModules, "checkState">,
  { params, signal }: HttpRequest,
): Promise<HttpReply> {
  const state = stateOf(params.state!);
  const found = await checkState(state, signal);
  if (!found)
    return {
      status: 404,
      json: { error: new SignerError("SIGNER_STATE_UNKNOWN", {}).toJSON() },
      headers: { "cache-control": "no-store" },
    };
  const { number, accounts } = found;
  return { json: { state: fieldToHex(state), number: number.toString(), accounts } };
}

async function listBatches(store: SignerStore, { query }: HttpRequest): Promise<HttpReply> {
  const text = query.get("after") ?? "0";
  if (!/^(0|[1-9][0-9]{0,18})$/.test(text))
    throw new HttpError("HTTP_BAD_REQUEST", { reason: "after is a batch number in decimal" });
  const batches = await store.held(BigInt(text), PAGE);
  return { json: { batches: batches.map(batchJson) } };
}

async function sendData(
  { store, held }: Pick<SignerRoutesModules, "store" | "held">,
  { params, headers }: HttpRequest,
): Promise<HttpReply> {
  const record = await known(store, params.id!);
  const etag = `"${record.id}"`;
  if (headers["if-none-match"] === etag)
    return { status: 304, headers: { etag, "cache-control": FOREVER }, text: "" };
  if (!hasBytes(record)) return notYet(record);
  const bytes = await held.read(record.id);
  if (!bytes) throw new SignerError("SIGNER_DATA_MISSING", { wantBytes: record.header.dataLength });
  return { bytes, headers: { etag, "cache-control": FOREVER } };
}

/** An unknown batch is a matter of time as often as not: 404, as for whatever is not there yet. */
async function orNotFound(handle: Route["handle"], request: HttpRequest): Promise<HttpReply> {
  try {
    return await handle(request);
  } catch (error) {
    if (!(error instanceof SignerError && error.code === "SIGNER_BATCH_UNKNOWN")) throw error;
    return { status: 404, json: { error: error.toJSON() }, headers: { "cache-control": "no-store" } };
  }
}

/** What exists but is not there yet is no fault of the asker: 404 with the reason. */
function notYet(record: BatchRecord): HttpReply {
  const error = record.refusal
    ? { code: record.refusal.code, message: record.refusal.reason }
    : { code: "SIGNER_NOT_YET", message: `The batch is at step ${record.step}` };
  return { status: 404, json: { error }, headers: { "cache-control": "no-store" } };
}

function epochOf(text: string): bigint {
  if (!/^(0|[1-9][0-9]{0,9})$/.test(text))
    throw new HttpError("HTTP_BAD_REQUEST", { reason: "epoch is a number in decimal" });
  return BigInt(text);
}

function stateOf(text: string): bigint {
  if (!/^0x[0-9a-f]{64}$/.test(text) || BigInt(text) >= FIELD_MODULUS)
    throw new HttpError("HTTP_BAD_REQUEST", { reason: "a state is a field element in 32 bytes of hex" });
  return BigInt(text);
}

async function known(store: SignerStore, id: string): Promise<BatchRecord> {
  batchKeyBytes(id); // its form
  const record = await store.batch(id as BatchId);
  if (!record) throw new SignerError("SIGNER_BATCH_UNKNOWN", {});
  return record;
}

export function batchJson(record: BatchRecord) {
  return {
    id: record.id,
    header: headerToJson(record.header),
    dataRoot: fieldToHex(record.dataRoot),
    chunkRoots: record.chunkRoots.map((root) => `0x${Buffer.from(root).toString("hex")}`),
    step: record.step,
    ...(record.refusal ? { refusal: record.refusal } : {}),
  };
}

export function attestationJson(own: OwnAttestation) {
  return {
    epoch: own.epoch.toString(),
    slot: own.slot,
    setHash: fieldToHex(own.setHash),
    message: fieldToHex(own.message),
    r: fieldToHex(own.signature.r),
    s: fieldToHex(own.signature.s),
  };
}
