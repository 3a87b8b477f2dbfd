import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { commandToJson, type ZkappCommand } from "../../../protocol/index.ts";
import { type BatchStep, hasReached } from "../../../sequencer/batches/batchSteps.ts";
import { requestJson } from "../../../service/index.ts";

const MUTATION = "mutation($input: SendZkappInput!) { sendZkapp(input: $input) { zkapp { hash } } }";

interface Answer {
  readonly data?: { readonly sendZkapp?: { readonly zkapp: { readonly hash: string } } | null } | null;
  readonly errors?: readonly { readonly message: string; readonly extensions: { readonly code: string } }[];
}

/** One GraphQL request. */
export async function query<T = Answer>(url: string, text: string, variables: object = {}): Promise<T> {
  return (await requestJson({ url: `${url}/graphql`, json: { query: text, variables } })) as T;
}

/** Sends a command as a client would. @returns its hash, or the code of the refusal */
export async function send(
  url: string,
  command: ZkappCommand | object,
): Promise<{ hash: string } | { code: string }> {
  const zkappCommand =
    "memo" in command && typeof command.memo === "string" ? command : commandToJson(command as ZkappCommand);
  const { data, errors } = await query(url, MUTATION, { input: { zkappCommand } });
  if (errors?.[0]) return { code: errors[0].extensions.code };
  return { hash: data!.sendZkapp!.zkapp.hash };
}

/** Sends a command that must be accepted. */
export async function accepted(url: string, command: ZkappCommand): Promise<string> {
  const answer = await send(url, command);
  assert.ok("hash" in answer, `refused: ${JSON.stringify(answer)}`);
  return answer.hash;
}

export interface BatchView {
  readonly number: string;
  readonly step: BatchStep;
  readonly id: string | null;
  readonly transactions: number;
  readonly waitsFor: string | null;
  readonly commit: { readonly hash: string; readonly attempt: number } | null;
  readonly proofs: { readonly ledger: number; readonly index: number };
  readonly proofSeconds: Readonly<Record<string, number>>;
}

export async function closeBatch(url: string): Promise<BatchView> {
  return (await requestJson({ url: `${url}/v1/batch`, json: {} })) as BatchView;
}

export async function get<T>(url: string, path: string): Promise<T> {
  return (await requestJson({ url: `${url}${path}` })) as T;
}

export function batch(url: string, number: number): Promise<BatchView> {
  return get<BatchView>(url, `/v1/batches/${number}`);
}

/** Waits for something that is sure to come; `node --test` gives up on what is not. */
export async function until<T>(look: () => Promise<T> | T, isIt: (seen: T) => boolean): Promise<T> {
  for (;;) {
    const seen = await look();
    if (isIt(seen)) return seen;
    await delay(10);
  }
}

/** Waits until a batch has a step behind it: who looks now and then may not see it at that very step. */
export async function reached(url: string, number: number, step: BatchStep): Promise<BatchView> {
  const seen = await until(
    async () => (await get<{ batches: BatchView[] }>(url, `/v1/batches?after=${number - 1}`)).batches[0],
    (first) => first !== undefined && hasReached(first.step, step),
  );
  return seen!;
}
