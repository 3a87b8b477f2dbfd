import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

export interface SentTransfer {
  /** L2 account. */
  readonly receiver: string;
  /** Nanomina. */
  readonly amount: string;
  readonly hash: string;
}

export interface TransferRequest {
  readonly graphqlUrl: string;
  /** Of the sender, base58. */
  readonly privateKey: string;
  readonly count: number;
  /** An existing account; without it each transfer makes a new one. */
  readonly receiver?: string;
}

/** Runs a user's script in a process of its own: stock o1js against the sequencer's GraphQL. */
export async function sendTransfers(request: TransferRequest): Promise<SentTransfer[]> {
  const { graphqlUrl, privateKey, count, receiver } = request;
  const script = fileURLToPath(new URL("userTransfers.mjs", import.meta.url));
  const args = [script, graphqlUrl, privateKey, String(count), ...(receiver === undefined ? [] : [receiver])];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
  const exit = new Promise<number | null>((resolve) => child.once("exit", resolve));
  const [output, errors, code] = await Promise.all([text(child.stdout), text(child.stderr), exit]);
  if (code !== 0) throw new Error(`the user's script failed: ${errors.slice(-2_000)}`);
  const lines = output.trim().split("\n");
  return lines.filter(Boolean).map((line) => JSON.parse(line) as SentTransfer);
}
