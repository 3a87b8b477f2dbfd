import { fieldToHex } from "../../gossip/index.ts";
import {
  checkedSuccessor,
  domainHash,
  domainOf,
  type Genesis,
  type PublicKey,
  type Rotation,
  samePublicKey,
  type ValidatorSet,
  validatorSetHash,
} from "../../protocol/index.ts";
import { requestJson } from "../../service/index.ts";
import type { BothSides } from "./readBothSides.ts";
import { ValidatorError } from "./ValidatorError.ts";

/** @throws {ValidatorError} `VALIDATOR_OTHER_DEPLOYMENT`; {ValidatorSetError} */
export function checkDeployment(rotation: Rotation, genesis: Genesis): void {
  if (rotation.domain !== domainHash(domainOf(genesis)))
    throw new ValidatorError("VALIDATOR_OTHER_DEPLOYMENT", {});
  checkedSuccessor(rotation.current, rotation.next);
}

/**
 * The proposal starts from the set that is in force on both sides, and can still land.
 * @throws {ValidatorError} `VALIDATOR_NOT_IN_FORCE`, `VALIDATOR_OVER`
 */
export function checkInForce({ current, until }: Rotation, sides: BothSides): void {
  const wanted = validatorSetHash(current);
  const { epoch } = current;
  if (sides.current.hash !== wanted)
    throw new ValidatorError("VALIDATOR_NOT_IN_FORCE", { side: "the DA chain", epoch });
  if (sides.field?.current !== wanted)
    throw new ValidatorError("VALIDATOR_NOT_IN_FORCE", { side: "Mina", epoch });
  if (sides.slot >= until) throw new ValidatorError("VALIDATOR_OVER", { until, slot: sides.slot });
}

/** @returns the key's place in the set @throws {ValidatorError} `VALIDATOR_NO_MEMBER` */
export function slotOf({ members }: ValidatorSet, key: PublicKey, which: "current" | "next"): number {
  const slot = members.findIndex(({ publicKey }) => samePublicKey(publicKey, key));
  if (slot < 0) throw new ValidatorError("VALIDATOR_NO_MEMBER", { which });
  return slot;
}

/**
 * The state is Mina's own now, or stands before it: by the batches that our own signer has executed.
 * @throws {ValidatorError} `VALIDATOR_STATE_UNKNOWN`; {RemoteError}
 */
export async function checkAccepted(
  state: bigint,
  sides: BothSides,
  signerUrl: string | undefined,
): Promise<void> {
  if (state === sides.state) return;
  const sources = signerUrl === undefined ? new Map<bigint, bigint>() : await sourcesOf(signerUrl);
  let at: bigint | undefined = sides.state;
  for (let steps = 0; at !== undefined && steps <= sources.size; steps++) {
    if (at === state) return;
    at = sources.get(at);
  }
  throw new ValidatorError("VALIDATOR_STATE_UNKNOWN", { state: fieldToHex(state) });
}

/** Source by target of every batch that a signer has checked. */
async function sourcesOf(url: string): Promise<Map<bigint, bigint>> {
  const sources = new Map<bigint, bigint>();
  for (let after = "0"; ; ) {
    const answer = await requestJson({
      url: new URL(`/v1/batches?after=${after}`, url).href,
      maxBytes: 1 << 22,
    });
    const { batches } = answer as {
      batches: { header: { number: string; source: string; target: string } }[];
    };
    if (batches.length === 0) return sources;
    for (const { header } of batches) sources.set(BigInt(header.target), BigInt(header.source));
    const last = batches.at(-1)!.header.number;
    if (BigInt(last) <= BigInt(after)) return sources;
    after = last;
  }
}
