import { renewalMessage, type Signature } from "../../protocol/index.ts";
import { RemoteError, requestJson } from "../../service/index.ts";
import type { RelayPort } from "../ports/RelayPort.ts";

/** A certificate of 64 signatures has some 12 kB, a proof some 30. */
const MAX_ANSWER_BYTES = 256 * 1024;

export interface HttpRelayModules {
  /** `domainHash` of this deployment. */
  readonly domain: bigint;
  /** The sequencer's Mina key at work: it has a relay gather for a later set. */
  readonly sign: (fields: readonly bigint[]) => Signature;
}

/** Questions whose signature is remembered: each is asked again and again, and a signature costs 10 ms. */
const MAX_SIGNED = 256;

/** {@link RelayPort} over the relay's HTTP. */
export function createHttpRelay(url: string, { domain, sign }: HttpRelayModules): RelayPort {
  const ask = async (path: string) => {
    try {
      return await requestJson({ url: new URL(path, url).href, maxBytes: MAX_ANSWER_BYTES });
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  };
  const signed = new Map<string, string>();
  const signature = (batch: `0x${string}`, epoch: bigint) => {
    const name = `${batch}/${epoch}`;
    const known = signed.get(name);
    if (known !== undefined) return known;
    const { r, s } = sign([renewalMessage({ domain, batch, epoch })]);
    const hex = (value: bigint) => `0x${value.toString(16).padStart(64, "0")}`;
    const query = `&r=${hex(r)}&s=${hex(s)}`;
    if (signed.size >= MAX_SIGNED) signed.clear();
    signed.set(name, query);
    return query;
  };
  return {
    certificate: (id, epoch) =>
      // The first set's is never a later one.
      ask(`/v1/batches/${id}/certificate?epoch=${epoch}${epoch > 0n ? signature(id, epoch) : ""}`),
    quorumProof: (id, epoch) => ask(`/v1/batches/${id}/quorum-proof?epoch=${epoch}`),
  };
}

/** Whether the other side says that it has no such thing (yet). */
export function isMissing(error: unknown): boolean {
  return (
    error instanceof RemoteError &&
    error.code === "REMOTE_STATUS" &&
    (error.data as { status: number }).status === 404
  );
}
