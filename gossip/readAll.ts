import type { Stream } from "@libp2p/interface";

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

/** Reads until the other side closes, never more than `maxBytes`. @returns undefined when it sent more */
export async function readAll(stream: Stream, maxBytes: number): Promise<Uint8Array | undefined> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of stream) {
    length += part.length;
    if (length > maxBytes) return undefined;
    parts.push(part.subarray());
  }
  return Buffer.concat(parts, length);
}
