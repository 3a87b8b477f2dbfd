import { readFile, stat } from "node:fs/promises";
import { VerifyError } from "./VerifyError.ts";

/**
 * Reads a downloaded file of bounded size.
 *
 * @throws {VerifyError} `VERIFY_FILE_UNREADABLE`
 */
export async function readVerifyFile(file: string, maxBytes: number): Promise<Uint8Array> {
  try {
    const { size } = await stat(file);
    if (size > maxBytes)
      throw new VerifyError("VERIFY_FILE_UNREADABLE", { file, reason: `larger than ${maxBytes} bytes` });
    return await readFile(file);
  } catch (cause) {
    if (cause instanceof VerifyError) throw cause;
    const reason = (cause as NodeJS.ErrnoException).code ?? "unknown reason";
    throw new VerifyError("VERIFY_FILE_UNREADABLE", { file, reason }, { cause });
  }
}

/** The same, as JSON in UTF-8. */
export async function readVerifyJson(file: string, maxBytes: number): Promise<unknown> {
  const bytes = await readVerifyFile(file, maxBytes);
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw new VerifyError("VERIFY_FILE_UNREADABLE", { file, reason: "not JSON" });
  }
}
