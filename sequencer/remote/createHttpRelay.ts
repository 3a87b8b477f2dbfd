import { RemoteError, requestJson } from "../../service/index.ts";
import type { RelayPort } from "../ports/RelayPort.ts";

/** A certificate of 64 signatures has some 12 kB, a proof some 30. */
const MAX_ANSWER_BYTES = 256 * 1024;

/** {@link RelayPort} over the relay's HTTP. */
export function createHttpRelay(url: string): RelayPort {
  const ask = async (path: string) => {
    try {
      return await requestJson({ url: new URL(path, url).href, maxBytes: MAX_ANSWER_BYTES });
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  };
  return {
    certificate: (id, epoch) => ask(`/v1/batches/${id}/certificate?epoch=${epoch}`),
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
