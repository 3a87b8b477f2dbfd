import assert from "node:assert/strict";
import { connectDaReader, type DaClient } from "../../../da/index.ts";
import { type Clock, type MetricRegister, requestBytes, systemClock } from "../../../service/index.ts";
import { type RpcProxy, rpcProxy } from "../../da/support/rpcProxy.ts";
import { startRelay } from "../../relay/support/startRelay.ts";
import { startSigner, until } from "../../signer/support/startSigner.ts";
import { type OnEnd, startTestDevnet, type TestDevnet } from "../../signer/support/testDevnet.ts";
import type { TestBatch } from "../../signer/support/testRollup.ts";
import type { ZekodNetwork } from "./zekodNetwork.ts";

/** Where a validator answers. */
export type Answering = { readonly url: string };
export type RunningSigner = Awaited<ReturnType<typeof startSigner>>;

export interface ZekodRoles {
  readonly devnet: TestDevnet;
  readonly relay: Awaited<ReturnType<typeof startRelay>>;
  /** Each with a node of the network to itself, and a proxy before that. */
  readonly signers: readonly RunningSigner[];
  readonly proxies: readonly RpcProxy[];
}

export interface ZekodRolesOptions {
  /** Validators that the test starts itself. */
  readonly without?: readonly number[];
  readonly relayClock?: Clock;
}

/** Contracts and a rollup on a network, a relay at its first node, and a validator at each of its nodes but the `without`. */
export async function zekodRoles(
  chain: ZekodNetwork,
  onEnd: OnEnd,
  { without = [], relayClock = systemClock }: ZekodRolesOptions = {},
): Promise<ZekodRoles> {
  const { urls } = chain.network;
  const devnet = await startTestDevnet(urls.length, onEnd, chainAt(chain.url));
  const { addresses, genesis, validators, client } = devnet;
  const proxies = await Promise.all(urls.map(rpcProxy));
  for (const proxy of proxies) onEnd(() => proxy.close());
  const relay = await startRelay({
    genesis,
    da: client,
    askAfterMs: 500,
    modules: { clock: relayClock },
  });
  const signers: RunningSigner[] = [];
  for (const [i, { privateKey }] of validators.entries()) {
    if (without.includes(i)) continue;
    const da = await connectDaReader({ url: proxies[i]!.url, addresses }, { clock: systemClock });
    onEnd(() => da.close());
    // Everybody knows who came before.
    const peers = [...relay.relay.peerAddresses, ...signers.flatMap(({ signer }) => signer.peerAddresses)];
    signers.push(await startSigner({ genesis, da, privateKey, peers }));
  }
  return { devnet, relay, signers, proxies };
}

/** For {@link startTestDevnet}: a chain that runs already, and is ended by who started it. */
export function chainAt(url: string) {
  return async () => ({ url, close: async () => {} });
}

/** How far a validator has come with a batch; empty when it does not know it, or does not answer. */
export async function stepOf({ url }: Answering, { id }: TestBatch): Promise<string> {
  const bytes = await requestBytes({ url: `${url}/v1/batches/${id}` }).catch(() => undefined);
  return bytes ? (JSON.parse(Buffer.from(bytes).toString()) as { step: string }).step : "";
}

export function attested(signer: Answering, batch: TestBatch): Promise<string> {
  return until(
    () => stepOf(signer, batch),
    (step) => step === "published",
  );
}

export async function certified(client: DaClient, { id }: TestBatch): Promise<void> {
  await until(
    () => client.certificateOf(id, 0n),
    (certificate) => certificate !== undefined,
  );
}

export async function certifiedOnce(client: DaClient, { id }: TestBatch): Promise<void> {
  const { events } = await client.events(0);
  const recorded = events.filter(({ kind, batch }) => kind === "CertificateRecorded" && batch === id);
  assert.equal(recorded.length, 1);
}

/** A metric's value as an operator's alarm sees it; 0 where it is not there yet. @param name with its labels */
export async function metric({ url }: Answering, name: string): Promise<number> {
  return readValue(Buffer.from(await requestBytes({ url: `${url}/metrics` })).toString(), name);
}

/** {@link metric} of a role in this process. */
export async function metricIn(register: MetricRegister, name: string): Promise<number> {
  return readValue((await register.expose()).text, name);
}

function readValue(text: string, name: string): number {
  const line = text.split("\n").find((each) => each.startsWith(`${name} `));
  return line ? Number(line.slice(name.length + 1)) : 0;
}

/** Waits for an alarm to be due. */
export async function alarm(signer: Answering, name: string, above: number): Promise<void> {
  await until(
    () => metric(signer, name),
    (value) => value > above,
  );
}

/** Waits for an alarm to be over. */
export async function calm(signer: Answering, name: string, most: number): Promise<void> {
  await until(
    () => metric(signer, name),
    (value) => value <= most,
  );
}
