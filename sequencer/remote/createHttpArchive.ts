import { z } from "zod";
import { type BatchHeader, FIELD_MODULUS, MAX_DATA_BYTES } from "../../protocol/index.ts";
import { requestBytes, requestJson } from "../../service/index.ts";
import { RecoveryError } from "../errors/RecoveryError.ts";
import type { ArchivedBatch, BatchArchive } from "../ports/BatchArchive.ts";
import { isMissing } from "./createHttpRelay.ts";

/** A page is about a hundred batches of a kilobyte or two, and more only where rivals share a number. */
const MAX_PAGE_BYTES = 16 * 1024 * 1024;
/** For one batch's bytes over a slow line. */
const DATA_TIMEOUT_MS = 120_000;

const id = z.string().regex(/^0x[0-9a-f]{64}$/);
const element = id.transform(BigInt).refine((value) => value < FIELD_MODULUS);
const decimal = (bits: number) =>
  z
    .string()
    .regex(/^(0|[1-9][0-9]{0,19})$/)
    .transform(BigInt)
    .refine((value) => value >> BigInt(bits) === 0n);
/** Only what is needed here; a validator says more, and may say more still one day. */
const page = z.object({
  batches: z.array(
    z.object({
      id,
      header: z.object({
        number: decimal(64),
        source: element,
        target: element,
        landBy: decimal(32),
        dataLength: decimal(32),
        decodedLength: decimal(32),
        scheme: decimal(16),
      }),
    }),
  ),
});

/** {@link BatchArchive} over a validator's HTTP. */
export function createHttpArchive(url: string): BatchArchive {
  return {
    async list(after, cursor) {
      const from = cursor ?? after.toString();
      const path = `/v1/batches?after=${from}`;
      const json = await requestJson({ url: new URL(path, url).href, maxBytes: MAX_PAGE_BYTES });
      const batches = batchesOf(json);
      // Pages end between two numbers; the last page is empty.
      const last = batches.at(-1)?.header.number;
      if (last !== undefined && last <= BigInt(from)) throw malformed("its pages do not rise");
      return { batches, next: last?.toString() };
    },
    async data(batch) {
      try {
        return await requestBytes({
          url: new URL(`/v1/batches/${batch}/data`, url).href,
          maxBytes: MAX_DATA_BYTES,
          timeoutMs: DATA_TIMEOUT_MS,
        });
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw error;
      }
    },
  };
}

/** @throws {RecoveryError} `RECOVERY_LIST_MALFORMED` */
function batchesOf(json: unknown): ArchivedBatch[] {
  const parsed = page.safeParse(json);
  if (!parsed.success) throw malformed(parsed.error.issues[0]?.path.join(".") || "no list");
  return parsed.data.batches.map(({ id: batch, header }) => ({
    id: batch,
    header: header satisfies BatchHeader,
  }));
}

function malformed(what: string): RecoveryError {
  return new RecoveryError("RECOVERY_LIST_MALFORMED", { what });
}
