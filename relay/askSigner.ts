import { type BatchKey, decodeAttestation, GossipError, type SignedAttestation } from "../gossip/index.ts";
import { ByteWriter, type PublicKey, publicKeyFromBase58 } from "../protocol/index.ts";
import { RemoteError, requestJson } from "../service/index.ts";
import { RelayError } from "./RelayError.ts";

/** A validator's HTTP server, as the operator names it. */
export interface SignerAddress {
  readonly key: PublicKey;
  readonly url: string;
}

/** @param entry `<public key>=<address>` @throws {RelayError} `RELAY_SIGNER_ADDRESS` */
export function parseSignerAddress(entry: string): SignerAddress {
  const at = entry.indexOf("=");
  const url = entry.slice(at + 1);
  try {
    if (at > 0 && URL.canParse(url)) return { key: publicKeyFromBase58(entry.slice(0, at)), url };
  } catch {
    // Falls through.
  }
  throw new RelayError("RELAY_SIGNER_ADDRESS", { entry: entry.slice(0, 200) });
}

/** What a signer answered. Closed set. */
export type SignerAnswer =
  | Readonly<{ kind: "attestation"; attestation: SignedAttestation }>
  /** It has not signed, or not yet, and says so. */
  | Readonly<{ kind: "notYet" }>
  /** It will not sign this batch, and says why. */
  | Readonly<{ kind: "refused"; code: string }>
  /** No answer at all. */
  | Readonly<{ kind: "unreachable" }>
  /** Something that is no answer to the question. */
  | Readonly<{ kind: "garbage" }>;

const TIMEOUT_MS = 5_000;
const MAX_BYTES = 16 * 1024;

/** Asks one signer for its attestation. Never throws: whatever it does is an answer. */
export async function askSigner(
  { url }: SignerAddress,
  batch: BatchKey,
  epoch: bigint,
  signal: AbortSignal,
): Promise<SignerAnswer> {
  try {
    const path = `/v1/batches/${batch}/attestation?epoch=${epoch}`;
    const answer = await requestJson({
      url: new URL(path, url).href,
      timeoutMs: TIMEOUT_MS,
      maxBytes: MAX_BYTES,
      signal,
    });
    return { kind: "attestation", attestation: readAttestation(answer, batch) };
  } catch (error) {
    if (error instanceof GossipError) return { kind: "garbage" };
    if (!(error instanceof RemoteError)) throw error;
    switch (error.code) {
      case "REMOTE_STATUS":
        return readRefusal(error.data as { status: number; remoteCode: string | null });
      case "REMOTE_NOT_JSON":
      case "REMOTE_TOO_LARGE":
        return { kind: "garbage" };
      default:
        return { kind: "unreachable" };
    }
  }
}

/** Codes with which a signer says that it has not come so far. */
const notYetCodes: readonly (string | null)[] = [null, "SIGNER_NOT_YET", "SIGNER_BATCH_UNKNOWN"];

function readRefusal({ status, remoteCode }: { status: number; remoteCode: string | null }): SignerAnswer {
  if (status !== 404) return { kind: "unreachable" };
  return notYetCodes.includes(remoteCode) ? { kind: "notYet" } : { kind: "refused", code: remoteCode! };
}

/** @throws {GossipError} `GOSSIP_MALFORMED` */
function readAttestation(json: unknown, batch: BatchKey): SignedAttestation {
  const malformed = (cause?: unknown) =>
    new GossipError("GOSSIP_MALFORMED", { what: "not in the documented form" }, { cause });
  if (json === null || typeof json !== "object") throw malformed();
  const { epoch, slot, r, s } = json as Record<string, unknown>;
  const isHex = (text: unknown): text is string => typeof text === "string" && /^0x[0-9a-f]{64}$/.test(text);
  if (typeof epoch !== "string" || !/^(0|[1-9][0-9]{0,9})$/.test(epoch)) throw malformed();
  if (!Number.isInteger(slot) || (slot as number) < 0 || (slot as number) > 255) throw malformed();
  if (!isHex(r) || !isHex(s)) throw malformed();
  if (BigInt(epoch) > 0xffff_ffffn) throw malformed();
  // Through the one decoder, so that there is one place that knows what an attestation may be.
  const out = new ByteWriter();
  out.u8(1);
  out.raw(Buffer.from(batch.slice(2), "hex"));
  out.u32(BigInt(epoch));
  out.u8(slot as number);
  out.raw(Buffer.from(r.slice(2), "hex"));
  out.raw(Buffer.from(s.slice(2), "hex"));
  return decodeAttestation(out.finish());
}
