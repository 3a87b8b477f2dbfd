import type { z } from "zod";
import { type Clock, RemoteError, requestJson, retry, systemClock } from "../service/index.ts";
import { commandHash } from "./commandHash.ts";
import { compareChains } from "./compareChains.ts";
import { L1Error } from "./errors/L1Error.ts";
import { DEFAULT_TOKEN } from "./graphql/base58Hashes.ts";
import type { MinaCommandJson } from "./graphql/MinaGraphqlBackend.ts";
import { toGraphqlLiteral } from "./graphql/toGraphqlLiteral.ts";
import type {
  ActionRange,
  ChainChange,
  L1Account,
  L1ActionBlock,
  L1Block,
  L1BlockId,
  L1Client,
  L1CommandStatus,
  L1Network,
} from "./L1Client.ts";
import * as q from "./l1Queries.ts";
import { refoldActions } from "./refoldActions.ts";

export interface GraphqlL1Options {
  /** The daemon's GraphQL. */
  readonly mina: string;
  /** The archive node's; the same on the devnet, and by default. */
  readonly archive?: string;
  /** Tries of one question that gets no answer; 5 by default. */
  readonly attempts?: number;
  /** Pause after the first of them, doubling; 250 ms by default. */
  readonly retryMs?: number;
  /** For one answer; 30 s by default. Sending has four times as long: the node checks proofs meanwhile. */
  readonly timeoutMs?: number;
  /** Between two looks of `watch`; 2 s by default. */
  readonly pollMs?: number;
  /** Blocks that `status` and `watch` look at: no reorganisation may be deeper. Mina's k, 290, by default: what a daemon keeps. */
  readonly window?: number;
  /** Largest answer that is read, in bytes; 16 MiB by default: 290 blocks with all their commands' hashes on a busy network. */
  readonly maxAnswerBytes?: number;
}

export interface GraphqlL1Modules {
  readonly clock?: Clock;
  readonly random?: () => number;
}

const MAX_ANSWER_BYTES = 16 * 1024 * 1024;

/** Mina over the GraphQL of a daemon and an archive node, or of the devnet, which is both. */
export class GraphqlL1Client implements L1Client {
  readonly #options: Required<GraphqlL1Options>;
  readonly #modules: Required<GraphqlL1Modules>;

  constructor(options: GraphqlL1Options, modules: GraphqlL1Modules = {}) {
    const defaults = { attempts: 5, retryMs: 250, timeoutMs: 30_000, pollMs: 2_000, window: 290 };
    const { mina: archive } = options;
    this.#options = { archive, ...defaults, maxAnswerBytes: MAX_ANSWER_BYTES, ...options };
    this.#modules = { clock: systemClock, random: Math.random, ...modules };
  }

  async network(): Promise<L1Network> {
    const { networkID, genesisConstants, daemonStatus } = await this.#ask(q.networkQuery, q.networkAnswer);
    return {
      networkId: networkID,
      genesisTimestampMs: Date.parse(genesisConstants.genesisTimestamp),
      slotDurationMs: daemonStatus.consensusConfiguration.slotDuration,
      accountCreationFee: genesisConstants.accountCreationFee,
    };
  }

  async currentSlot(): Promise<number> {
    return (await this.#ask(q.slotQuery, q.slotAnswer)).daemonStatus.consensusTimeNow.globalSlot;
  }

  async head(): Promise<L1Block> {
    return (await this.blocks(1)).at(-1)!;
  }

  async blocks(length: number): Promise<readonly L1Block[]> {
    const { bestChain } = await this.#ask(q.blocksQuery(length), q.blocksAnswer);
    return ascending(bestChain);
  }

  async account(publicKey: string, tokenId: string = DEFAULT_TOKEN): Promise<L1Account | null> {
    const { account } = await this.#ask(q.accountQuery(publicKey, tokenId), q.accountAnswer);
    if (!account) return null;
    const { zkappState, actionState, provedState, verificationKey, permissions } = account;
    const nonce = account.nonce ?? 0;
    const { setVerificationKey, ...others } = permissions ?? {};
    return {
      publicKey: account.publicKey,
      tokenId: account.token,
      balance: account.balance.total,
      nonce,
      inferredNonce: account.inferredNonce ?? nonce,
      permissions: {
        ...others,
        ...(setVerificationKey ? { setVerificationKey: setVerificationKey.auth } : {}),
      },
      zkapp:
        zkappState && actionState
          ? {
              appState: zkappState,
              actionState,
              provedState: provedState ?? false,
              verificationKeyHash: verificationKey?.hash ?? null,
            }
          : null,
    };
  }

  async send(command: MinaCommandJson): Promise<string> {
    const query = `mutation { sendZkapp(input: { zkappCommand: ${toGraphqlLiteral(command)} }) { zkapp { hash } } }`;
    try {
      const timeoutMs = 4 * this.#options.timeoutMs;
      return (await this.#ask(query, q.sendAnswer, { timeoutMs })).sendZkapp.zkapp.hash;
    } catch (error) {
      if (!(error instanceof L1Error) || error.code !== "L1_QUERY_REFUSED") throw error;
      const { code, reason } = error.data as { code: string; reason: string };
      // Our own nodes answer with codes, a daemon with sentences.
      const says = (codes: readonly string[], words: RegExp) =>
        code === "none" ? words.test(reason) : codes.includes(code);
      if (says(["DEVNET_DUPLICATE"], /duplicate/i)) return commandHash(command);
      if (says(["DEVNET_NONCE_WRONG"], /nonce/i))
        throw new L1Error("L1_NONCE_STALE", { reason }, { cause: error });
      if (says(["DEVNET_POOL_FULL", "INTERNAL"], /bootstrapping|not available|overloaded/i)) throw error;
      throw new L1Error("L1_COMMAND_REFUSED", { code, reason }, { cause: error });
    }
  }

  async status(hash: string): Promise<L1CommandStatus> {
    const answer = await this.#ask(q.statusQuery(hash, this.#options.window), q.statusAnswer);
    const chain = ascending(answer.bestChain);
    const block = chain.find(({ commands }) => commands.some((command) => command.hash === hash));
    if (block) {
      const { failures } = block.commands.find((command) => command.hash === hash)!;
      const { height, stateHash, slot } = block;
      const place = { block: { height, stateHash, slot }, depth: chain.at(-1)!.height - height };
      return failures ? { kind: "failed", ...place, failures } : { kind: "included", ...place };
    }
    return answer.pooledZkappCommands.some((pooled) => pooled.hash === hash)
      ? { kind: "pending" }
      : { kind: "unknown" };
  }

  async *watch(known: readonly L1BlockId[], signal: AbortSignal): AsyncGenerator<ChainChange, void, void> {
    const { window, pollMs } = this.#options;
    let seen = known;
    while (!signal.aborted) {
      const current = await this.blocks(window);
      const change = compareChains(seen, current);
      seen = current;
      if (change.added.length + change.dropped.length > 0) yield change;
      await this.#modules.clock.sleep(pollMs, signal);
    }
  }

  async actions(publicKey: string, range: ActionRange = {}): Promise<readonly L1ActionBlock[]> {
    const { fromHeight, toHeight } = range;
    const byHeight = fromHeight !== undefined || toHeight !== undefined;
    const query = q.actionsQuery({
      address: publicKey,
      tokenId: range.tokenId ?? DEFAULT_TOKEN,
      from: fromHeight,
      to: toHeight,
      fromActionState: byHeight ? undefined : range.from?.toString(),
      endActionState: byHeight ? undefined : range.to?.toString(),
    });
    const { actions } = await this.#ask(query, q.actionsAnswer, { url: this.#options.archive });
    return await refoldActions(publicKey, actions, range);
  }

  /** Asks until there is an answer, then reads it strictly. */
  async #ask<T extends z.ZodTypeAny>(
    query: string,
    shape: T,
    {
      url = this.#options.mina,
      timeoutMs = this.#options.timeoutMs,
    }: { url?: string; timeoutMs?: number } = {},
  ): Promise<z.infer<T>> {
    const { attempts, retryMs, maxAnswerBytes: maxBytes } = this.#options;
    return retry(
      async () => readAnswer(bareUrl(url), await post(url, query, { timeoutMs, maxBytes }), shape),
      { attempts, baseMs: retryMs, maxMs: 20 * retryMs, isRetryable: isUnanswered },
      this.#modules,
    );
  }
}

function isUnanswered(error: unknown): boolean {
  return (
    error instanceof L1Error && (error.code === "L1_UNREACHABLE" || error.code === "L1_ANSWER_MALFORMED")
  );
}

async function post(
  url: string,
  query: string,
  limits: { readonly timeoutMs: number; readonly maxBytes: number },
): Promise<unknown> {
  try {
    const json = { operationName: null, query, variables: {} };
    return await requestJson({ url, json, ...limits });
  } catch (cause) {
    if (!(cause instanceof RemoteError)) throw cause;
    const at = bareUrl(url);
    if (cause.code === "REMOTE_NOT_JSON")
      throw new L1Error("L1_ANSWER_MALFORMED", { url: at, what: "JSON" }, { cause });
    if (cause.code === "REMOTE_TOO_LARGE")
      throw new L1Error("L1_ANSWER_TOO_LARGE", { url: at, maxBytes: limits.maxBytes }, { cause });
    const refusal = refusalOf(cause);
    if (refusal) throw new L1Error("L1_QUERY_REFUSED", { url: at, ...refusal }, { cause });
    throw new L1Error("L1_UNREACHABLE", { url: at, reason: cause.code }, { cause });
  }
}

/** A status that says that the question is at fault: asking the same again would be refused again. */
function refusalOf({ code, data }: RemoteError): { code: string; reason: string } | null {
  if (code !== "REMOTE_STATUS") return null;
  const { status, remoteCode } = data as { status: number; remoteCode: string | null };
  const final = status >= 400 && status < 500 && status !== 408 && status !== 429;
  return final ? { code: remoteCode ?? "none", reason: `status ${status}` } : null;
}

function readAnswer<T extends z.ZodTypeAny>(url: string, answer: unknown, shape: T): z.infer<T> {
  const { errors, data } = (answer ?? {}) as { errors?: unknown; data?: unknown };
  const first = Array.isArray(errors) ? errors[0] : undefined;
  if (first !== undefined) {
    const { message, extensions } = first as { message?: unknown; extensions?: { code?: unknown } };
    const code = typeof extensions?.code === "string" ? extensions.code.slice(0, 64) : "none";
    const reason = typeof message === "string" ? message.slice(0, 500) : "no reason given";
    throw new L1Error("L1_QUERY_REFUSED", { url, code, reason });
  }
  const parsed = shape.safeParse(data);
  if (!parsed.success) {
    const where = parsed.error.issues[0]?.path.join(".") || "data";
    throw new L1Error("L1_ANSWER_MALFORMED", { url, what: `a good ${where}` });
  }
  return parsed.data;
}

/** Daemons list the best chain from one end or the other, by version. */
function ascending(chain: readonly q.BlockAnswer[]): L1Block[] {
  return chain.map(blockOf).toSorted((a, b) => a.height - b.height);
}

function blockOf({ stateHash, protocolState, transactions }: q.BlockAnswer): L1Block {
  return {
    height: protocolState.consensusState.blockHeight,
    slot: protocolState.consensusState.slotSinceGenesis,
    stateHash,
    previousStateHash: protocolState.previousStateHash,
    commands: transactions.zkappCommands.map(({ hash, failureReason }) => ({
      hash,
      failures: failureReason ? failureReason.flatMap((entry) => entry?.failures ?? []) : null,
    })),
  };
}

/** Without credentials or query: some providers put keys there. */
function bareUrl(url: string): string {
  const parsed = URL.parse(url);
  return parsed ? `${parsed.origin}${parsed.pathname}` : "an invalid address";
}
