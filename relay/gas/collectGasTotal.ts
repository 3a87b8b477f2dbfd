import type { GasCertificate } from "../../da/index.ts";
import type { CheckedSet } from "../../gossip/index.ts";
import {
  type Attestation,
  fromBytes32,
  gasMessage,
  type Signature,
  verifyFields,
} from "../../protocol/index.ts";
import { requestJson } from "../../service/index.ts";

export interface GasQuestion {
  /** 160 bits. */
  readonly recipient: bigint;
  /** HTTP addresses of signers. */
  readonly signers: readonly string[];
  /** The set in force. */
  readonly set: CheckedSet;
  /** `gasDomainHash` */
  readonly domain: bigint;
  readonly signal?: AbortSignal;
}

/** What the signers say, as far as their signatures prove it. */
export interface GasAnswer {
  /** The largest total that a quorum has signed. */
  readonly certificate: GasCertificate | undefined;
  /** The largest total that any has signed, and by how much weight. */
  readonly best: { readonly total: bigint; readonly weight: bigint };
  readonly threshold: bigint;
}

interface Signed {
  readonly slot: number;
  readonly total: bigint;
  readonly signature: Signature;
}

const TIMEOUT_MS = 5_000;
const MAX_BYTES = 16 * 1024;

/**
 * Asks every signer for its signature over a recipient's total. Nobody is believed: what is no member's signature over this
 * total, for this vault, by the set in force, is left out. Signers that look at L1 at different times sign different totals for
 * a while; then the largest with a quorum counts, and asking again later gives more.
 */
export async function collectGasTotal(question: GasQuestion): Promise<GasAnswer> {
  const { recipient, signers, set: checked } = question;
  const { epoch, threshold, members } = checked.set;
  const asked = signers.map((url) => ask(url, question).catch(() => undefined));
  const bySlot = new Map<number, Signed>();
  for (const signed of await Promise.all(asked)) {
    if (!signed || !isValid(signed, question)) continue;
    const known = bySlot.get(signed.slot);
    if (!known || known.total < signed.total) bySlot.set(signed.slot, signed);
  }
  const weightOf = (group: readonly Signed[]) =>
    group.reduce((sum, { slot }) => sum + members[slot]!.weight, 0n);
  const groups = [...groupByTotal([...bySlot.values()])].sort(([a], [b]) => (a > b ? -1 : 1));
  const found = groups.find(([, group]) => weightOf(group) >= threshold);
  const [top] = groups;
  return {
    certificate: found && {
      recipient,
      total: found[0],
      epoch,
      attestations: enough(found[1], threshold, checked),
    },
    best: top ? { total: top[0], weight: weightOf(top[1]) } : { total: 0n, weight: 0n },
    threshold,
  };
}

async function ask(url: string, { recipient, set, signal }: GasQuestion): Promise<Signed | undefined> {
  const path = `/v1/gas/0x${recipient.toString(16).padStart(40, "0")}`;
  const json = await requestJson({
    url: new URL(path, url).href,
    timeoutMs: TIMEOUT_MS,
    maxBytes: MAX_BYTES,
    ...(signal && { signal }),
  });
  const { total, epoch, slot, r, s } = (json ?? {}) as Record<string, unknown>;
  const isHex = (text: unknown): text is string => typeof text === "string" && /^0x[0-9a-f]{64}$/.test(text);
  const isTotal = typeof total === "string" && /^[1-9][0-9]{0,19}$/.test(total);
  if (!isTotal || epoch !== set.set.epoch.toString() || !isHex(r) || !isHex(s)) return undefined;
  if (!Number.isInteger(slot)) return undefined;
  const scalar = (text: string) => fromBytes32(new Uint8Array(Buffer.from(text.slice(2), "hex")));
  return { slot: slot as number, total: BigInt(total), signature: { r: scalar(r), s: scalar(s) } };
}

function isValid({ slot, total, signature }: Signed, { recipient, set, domain }: GasQuestion): boolean {
  const member = set.set.members[slot];
  if (!member || total >> 64n !== 0n) return false;
  return verifyFields(member.publicKey, [gasMessage(set.hash, domain, { recipient, total })], signature);
}

function groupByTotal(signed: readonly Signed[]): Map<bigint, Signed[]> {
  const groups = new Map<bigint, Signed[]>();
  for (const one of signed) groups.set(one.total, [...(groups.get(one.total) ?? []), one]);
  return groups;
}

/** As many as a quorum takes, by rising slot: each costs gas. */
function enough(group: readonly Signed[], threshold: bigint, { set }: CheckedSet): Attestation[] {
  const taken: Attestation[] = [];
  let weight = 0n;
  for (const { slot, signature } of group.toSorted((a, b) => a.slot - b.slot)) {
    if (weight >= threshold) break;
    taken.push({ slot, signature });
    weight += set.members[slot]!.weight;
  }
  return taken;
}
