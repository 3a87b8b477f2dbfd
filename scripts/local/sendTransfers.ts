import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

export interface SentTransfer {
  /** New L2 account. */
  readonly receiver: string;
  /** Nanomina. */
  readonly amount: string;
  readonly hash: string;
}

/** Runs a user's script in a process of its own: stock o1js against the sequencer's GraphQL, one new account a transfer. */
export async function sendTransfers(
  graphqlUrl: string,
  privateKey: string,
  count: number,
): Promise<SentTransfer[]> {
  const script = fileURLToPath(new URL("userTransfers.mjs", import.meta.url));
  const child = spawn(process.execPath, [script, graphqlUrl, privateKey, String(count)], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const exit = new Promise<number | null>((resolve) => child.once("exit", resolve));
  const [output, errors, code] = await Promise.all([text(child.stdout), text(child.stderr), exit]);
  if (code !== 0) throw new Error(`the user's script failed: ${errors.slice(-2_000)}`);
  return output
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as SentTransfer);
}
