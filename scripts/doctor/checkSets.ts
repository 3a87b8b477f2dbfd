import { connectDaReader, type DaReader } from "../../da/index.ts";
import { GraphqlL1Client, type L1Client } from "../../l1/index.ts";
import { type Genesis, genesisHash } from "../../protocol/index.ts";
import { requestJson, systemClock } from "../../service/index.ts";
import { daAddressesOf } from "../roles/readGenesis.ts";
import { readBothSides } from "../validator/readBothSides.ts";
import { DoctorError } from "./DoctorError.ts";

/** The DA chain, as far as its list of validators goes. */
export type SetList = Pick<DaReader, "currentEpoch" | "validatorSet">;

/** Uses a node of the DA chain, and closes the connection. @throws {DaError}; and what `use` throws */
export async function withChain<T>(
  { url, genesis }: { readonly url: string; readonly genesis: Genesis },
  use: (da: SetList) => Promise<T>,
): Promise<T> {
  const da = await connectDaReader({ url, addresses: daAddressesOf(genesis) }, { clock: systemClock });
  try {
    return await use(da);
  } finally {
    da.close();
  }
}

/** @returns Mina, as far as its field of validators goes */
export function minaAt(mina: string, timeoutMs: number): Pick<L1Client, "account" | "head"> {
  return new GraphqlL1Client({ mina, timeoutMs, attempts: 1 });
}

/**
 * Whether Mina and the DA chain have the same validators in force.
 * @throws {DoctorError} `DOCTOR_MINA_AHEAD`, `DOCTOR_DA_AHEAD`; and as `readBothSides`
 */
export async function checkBothSides(
  genesis: Genesis,
  da: SetList,
  l1: Pick<L1Client, "account" | "head">,
): Promise<string> {
  const { field, current, previous, slot } = await readBothSides({ genesis, l1, da });
  if (!field) throw new DoctorError("DOCTOR_MINA_AHEAD", { epoch: current.epoch });
  if (field.current !== current.hash) throw new DoctorError("DOCTOR_DA_AHEAD", { epoch: current.epoch });
  const inGrace = previous && field.previous === previous.hash && slot <= field.graceEnd;
  const grace = inGrace ? `; epoch ${previous.epoch} in its grace until slot ${field.graceEnd}` : "";
  return `epoch ${current.epoch} on Mina and the DA chain${grace}`;
}

/**
 * What a signer or relay says of itself, held against genesis file and DA chain. One that is a moment behind is asked twice.
 * @throws {DoctorError} `DOCTOR_OTHER_DEPLOYMENT`, `DOCTOR_EPOCH_DIFFERS`; {RemoteError}; {DaError}
 */
export async function checkEpochOf(
  link: string,
  ask: () => Promise<unknown>,
  { genesis, da, pauseMs }: { readonly genesis: Genesis; readonly da: SetList; readonly pauseMs: number },
): Promise<string> {
  for (let isAgain = false; ; isAgain = true) {
    const info = ((await ask()) ?? {}) as { genesis?: unknown; epoch?: unknown; slot?: unknown };
    if (info.genesis !== genesisHash(genesis)) throw new DoctorError("DOCTOR_OTHER_DEPLOYMENT", { link });
    const current = await da.currentEpoch();
    const epoch = typeof info.epoch === "string" ? info.epoch : "none";
    if (epoch === current.toString()) return `epoch ${epoch}${info.slot === null ? ", no member" : ""}`;
    if (isAgain) throw new DoctorError("DOCTOR_EPOCH_DIFFERS", { link, epoch, current });
    await systemClock.sleep(pauseMs);
  }
}

/** `/v1/info` of a role. */
export function infoOf(url: string, timeoutMs: number): Promise<unknown> {
  return requestJson({ url: new URL("/v1/info", url).href, timeoutMs });
}
