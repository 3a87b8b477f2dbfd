import type { Genesis } from "../../protocol/index.ts";
import { type OptionValues, requestJson } from "../../service/index.ts";
import { checkBothSides, checkEpochOf, infoOf, minaAt, withChain } from "./checkSets.ts";
import { DoctorError } from "./DoctorError.ts";
import type { doctorOptions } from "./doctorOptions.ts";

/** One thing that the next one depends on. `check` resolves to what it saw. */
export type Link = { readonly name: string; readonly check: () => Promise<string> };

/** Longest pause before a role that is a moment behind is asked again, in milliseconds. */
const PAUSE_MS = 2_000;

/** What a batch needs, in the order in which it needs it. @param genesis where it is given, validators are compared */
export function links(values: OptionValues<typeof doctorOptions>, genesis?: Genesis): Link[] {
  const timeoutMs = values["doctor.timeout-ms"];
  const { "doctor.l1": l1, "doctor.da": da, "doctor.relay": relay, "doctor.sequencer": sequencer } = values;
  const chain = genesis && da ? { url: da, genesis } : undefined;
  const ready = (name: string, url: string): Link => ({
    name,
    check: () => checkReady(name, url, timeoutMs),
  });
  const readyInEpoch = (name: string, url: string): Link => ({
    name,
    check: async () => {
      const seen = await checkReady(name, url, timeoutMs);
      if (!chain) return seen;
      const pauseMs = Math.min(PAUSE_MS, timeoutMs);
      const rules = { genesis: chain.genesis, pauseMs };
      const ask = () => infoOf(url, timeoutMs);
      return `${seen}, ${await withChain(chain, (reader) => checkEpochOf(name, ask, { ...rules, da: reader }))}`;
    },
  });
  const bothSides = (mina: string, on: NonNullable<typeof chain>): Link => ({
    name: "validators",
    check: () => withChain(on, (reader) => checkBothSides(on.genesis, reader, minaAt(mina, timeoutMs))),
  });
  return [
    ...(l1 ? [{ name: "l1", check: () => checkMina(l1, timeoutMs) }] : []),
    ...(da ? [{ name: "da", check: () => checkChain(da, timeoutMs) }] : []),
    ...(l1 && chain ? [bothSides(l1, chain)] : []),
    ...values["doctor.signers"].map((url, index) => readyInEpoch(`signer ${index}`, url)),
    ...(relay ? [readyInEpoch("relay", relay)] : []),
    ...(sequencer ? [ready("sequencer", sequencer)] : []),
  ];
}

async function checkMina(url: string, timeoutMs: number): Promise<string> {
  const query = "{ syncStatus networkID bestChain(maxLength: 1) { stateHash } }";
  const answer = (await requestJson({ url, json: { query }, timeoutMs })) as {
    data?: { syncStatus?: unknown; networkID?: unknown };
  } | null;
  const { syncStatus, networkID } = answer?.data ?? {};
  if (syncStatus !== "SYNCED")
    throw new DoctorError("DOCTOR_LINK_DOWN", { link: "l1", reason: "the node is not synced" });
  return `synced, ${networkID}`;
}

async function checkChain(url: string, timeoutMs: number): Promise<string> {
  const json = { jsonrpc: "2.0", id: 1, method: "eth_blockNumber", params: [] };
  const answer = (await requestJson({ url, json, timeoutMs })) as { result?: unknown } | null;
  const height = answer?.result;
  if (typeof height !== "string" || !/^0x[0-9a-f]{1,16}$/.test(height))
    throw new DoctorError("DOCTOR_LINK_DOWN", { link: "da", reason: "no block number" });
  return `block ${BigInt(height)}`;
}

/** A role's own account of itself; not being ready comes as status 503 with the checks in the body. */
async function checkReady(link: string, url: string, timeoutMs: number): Promise<string> {
  await requestJson({ url: new URL("/readyz", url).href, timeoutMs }).catch((cause) => {
    const notReady = (cause as { data?: { status?: number } }).data?.status === 503;
    throw notReady
      ? new DoctorError("DOCTOR_LINK_DOWN", { link, reason: "it runs but is not ready" }, { cause })
      : cause;
  });
  return "ready";
}
