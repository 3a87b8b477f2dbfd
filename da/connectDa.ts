import type { Clock, EvmKey } from "../service/index.ts";
import type { DaClient, DaReader } from "./DaClient.ts";
import type { DaAddresses } from "./DaTypes.ts";
import { EthersDaClient } from "./EthersDaClient.ts";
import { EthersDaReader } from "./EthersDaReader.ts";
import type { GasVaultSource } from "./GasVault.ts";
import { JsonRpc } from "./rpc/JsonRpc.ts";
import { type TransactionOutcome, TransactionSender } from "./rpc/TransactionSender.ts";

export interface ConnectDaOptions {
  /** JSON-RPC address of the role's own node. */
  readonly url: string;
  readonly addresses: DaAddresses;
  /** For one request, in milliseconds. Default 40 000. */
  readonly timeoutMs?: number;
  /** Blocks asked for at once. Default 2 000. */
  readonly logPageBlocks?: number;
}

export interface ConnectDaClientOptions extends ConnectDaOptions {
  readonly key: EvmKey;
  /** Least pause between two looks for what was mined, in milliseconds. Default 200. */
  readonly receiptPollMs?: number;
  /** How long nothing of the account may be mined before what waits is sent again, in milliseconds. Default 5 000. */
  readonly stallMs?: number;
}

export interface ConnectDaModules {
  readonly clock: Clock;
}

export interface ConnectDaClientModules extends ConnectDaModules {
  /** Told of what becomes of each transaction. */
  readonly onTransaction?: (outcome: TransactionOutcome) => void;
}

/** A reader, once the node has shown that it serves the right chain and contracts. @throws {DaError} as `EthersDaReader.check` */
export async function connectDaReader(
  { url, timeoutMs, ...options }: ConnectDaOptions,
  { clock }: ConnectDaModules,
): Promise<DaReader & { close(): void }> {
  const rpc = new JsonRpc({ url, ...(timeoutMs === undefined ? {} : { timeoutMs }) });
  const reader = new EthersDaReader(options, { rpc, clock });
  await reader.check();
  return Object.assign(reader, { close: () => rpc.close() });
}

/** As {@link connectDaReader}, with an account to write with. */
export async function connectDaClient(
  { url, timeoutMs, key, receiptPollMs, stallMs, ...options }: ConnectDaClientOptions,
  { clock, ...told }: ConnectDaClientModules,
): Promise<DaClient & GasVaultSource> {
  const rpc = new JsonRpc({ url, ...(timeoutMs === undefined ? {} : { timeoutMs }) });
  const { chainId } = options.addresses;
  const sending = {
    chainId,
    key,
    ...(receiptPollMs === undefined ? {} : { receiptPollMs }),
    ...(stallMs === undefined ? {} : { stallMs }),
  };
  const client = new EthersDaClient(options, {
    rpc,
    clock,
    sender: new TransactionSender(sending, { rpc, clock, ...told }),
  });
  await client.check();
  return client;
}
