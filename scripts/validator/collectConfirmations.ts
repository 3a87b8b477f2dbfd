import { fieldToHex } from "../../gossip/index.ts";
import {
  type Attestation,
  mirroredMessage,
  type Rotation,
  type Signature,
  termsOf,
  verifyFields,
} from "../../protocol/index.ts";
import { faultOf, type Logger, requestJson } from "../../service/index.ts";

/**
 * Asks signers whether Mina holds the rotation for good by what they have seen themselves. Each answer is verified; whose it
 * is, its signature tells.
 * @param urls of members of the next set
 * @returns by rising slot, no more than the threshold needs: fewer when too few confirm yet
 */
export async function collectConfirmations(
  rotation: Rotation,
  urls: readonly string[],
  { log }: { readonly log: Logger },
): Promise<readonly Attestation[]> {
  const { members, threshold } = rotation.next;
  const message = mirroredMessage(termsOf(rotation));
  const signatures = await Promise.all(urls.map((url) => ask(url, rotation, log)));
  const votes = members.flatMap(({ publicKey, weight }, slot) => {
    const signature = signatures.find((given) => given && verifyFields(publicKey, [message], given));
    return signature ? [{ slot, signature, weight }] : [];
  });
  let weight = 0n;
  const needed = votes.filter((vote) => {
    const missing = weight < threshold;
    weight += vote.weight;
    return missing;
  });
  return needed.map(({ slot, signature }) => ({ slot, signature }));
}

async function ask(url: string, rotation: Rotation, log: Logger): Promise<Signature | undefined> {
  const { current, next, until, kind } = termsOf(rotation);
  const query = new URLSearchParams({
    current: fieldToHex(current),
    next: fieldToHex(next),
    until: until.toString(),
    kind,
  });
  try {
    const answer = await requestJson({ url: new URL(`/v1/rotation?${query}`, url).href, timeoutMs: 5_000 });
    const { r, s } = answer as { r: string; s: string };
    const isHex = (text: unknown) => typeof text === "string" && /^0x[0-9a-f]{64}$/.test(text);
    return isHex(r) && isHex(s) ? { r: BigInt(r), s: BigInt(s) } : undefined;
  } catch (error) {
    log.info("no confirmation of the rotation", { signer: url, ...faultOf(error) });
    return undefined;
  }
}
