import type { Stream, StreamMessageEvent } from "@libp2p/interface";

/** Bytes handed to a stream at a time: far below every window and buffer on the way. */
const PART_BYTES = 64 * 1024;

/** Writes everything and closes our side. Waits whenever the other side is slow. */
export async function writeAll(stream: Stream, bytes: Uint8Array, signal: AbortSignal): Promise<void> {
  for (let at = 0; at < bytes.length; at += PART_BYTES) {
    const goOn = stream.send(bytes.subarray(at, at + PART_BYTES));
    if (!goOn) await stream.onDrain({ signal });
  }
  await stream.close({ signal });
}

/**
 * Reads until the other side closes, never more than `maxBytes`.
 *
 * By events: the stream's own iterator waits for ever when the other side closed between our write and our first read.
 * @returns undefined when it sent more
 */
export function readAll(stream: Stream, maxBytes: number): Promise<Uint8Array | undefined> {
  return new Promise((resolve, reject) => {
    const parts: Uint8Array[] = [];
    let length = 0;
    const done = (settle: () => void) => {
      stream.removeEventListener("message", take);
      stream.removeEventListener("end", finish);
      stream.removeEventListener("close", close);
      settle();
    };
    const finish = () => {
      const isWhole = stream.status !== "aborted" && stream.status !== "reset";
      done(() => (isWhole ? resolve(Buffer.concat(parts, length)) : reject(new Error("stream was cut off"))));
    };
    // A stream may be closed while there is still something to read: then "end" follows once it has been.
    const close = () => {
      if (stream.status !== "closed" || stream.readBufferLength === 0) finish();
    };
    const take = ({ data }: StreamMessageEvent) => {
      length += data.byteLength;
      if (length > maxBytes) return done(() => resolve(undefined));
      parts.push(data.subarray());
      // What came along with the negotiation is put back after the end has been told; it is not told again.
      if (stream.readableEnded && stream.readBufferLength === 0) finish();
    };
    if (stream.readableEnded && stream.readBufferLength === 0) return finish();
    stream.addEventListener("end", finish);
    stream.addEventListener("close", close);
    stream.addEventListener("message", take); // last: it sets free what has been waiting
  });
}
