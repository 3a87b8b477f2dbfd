import type { GasCertificate } from "../../da/index.ts";
import type { CheckedSet } from "../../gossip/index.ts";
import {
  type Attestation,
  fromBytes32,
  gasMessage,
  type Signature,
  verifyFields,
} from "../../protocol/index.ts";
import { type Clock, requestJson, systemClock } from "../../service/index.ts";

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
  /** The system's by default. */
  readonly clock?: Clock;
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
/** Time that the rest has once a quorum has answered, in milliseconds. */
const LATE_MS = 1_000;
/**
 * Totals that are tried: each is another question to the validators that are ahead of it. A third of them may each have made up
 * one that nobody signs.
 */
const maxTries = ({ set }: CheckedSet) => Math.floor(set.members.length / 3) + 1;

/**
 * Asks every signer for its signature over a recipient's total. Nobody is believed: what is no member's signature over this
 * total, for this vault, by the set in force, is left out, and who is slow is not waited for once a quorum has answered.
 *
 * Signers that look at L1 at different times sign different totals. Then those that are ahead are asked for the largest total
 * that a quorum has reached: they have seen it too. So nobody can keep a quorum from agreeing by locking again and again.
 */
export async function collectGasTotal(question: GasQuestion): Promise<GasAnswer> {
  const { recipient, set: checked } = question;
  const { epoch, threshold } = checked.set;
  const said = await askAll(question);
  const [first, ...others] = agreeable([...said.values()], checked).slice(0, maxTries(checked));
  const tried = async (total: bigint): Promise<GasCertificate | undefined> => {
    const group = await signedBy(total, said, question);
    if (weightOf(group, checked) < threshold) return undefined;
    return { recipient, total, epoch, attestations: enough(group, checked) };
  };
  const certificate =
    first === undefined
      ? undefined
      : // Who says that it is ahead, and does not sign, holds up one round, not one for each total.
        ((await tried(first)) ?? (await Promise.all(others.map(tried))).find((made) => made));
  const all = [...said.values()];
  const most = all.reduce((best, { total }) => (total > best ? total : best), 0n);
  const weight = weightOf(
    all.filter(({ total }) => total === most),
    checked,
  );
  return { certificate, best: { total: most, weight }, threshold };
}

/** Totals that signers of a quorum's weight have reached, the largest first. */
function agreeable(all: readonly Signed[], checked: CheckedSet): bigint[] {
  const totals = [...new Set(all.map(({ total }) => total))].sort((a, b) => (a > b ? -1 : 1));
  const reached = (total: bigint) => all.filter((signed) => signed.total >= total);
  return totals.filter((total) => weightOf(reached(total), checked) >= checked.set.threshold);
}

/** Signatures over this very total, from who has given one, and from who is ahead and gives one now. */
async function signedBy(
  total: bigint,
  said: ReadonlyMap<number, Signed>,
  question: GasQuestion,
): Promise<Signed[]> {
  const there = [...said.values()].filter((signed) => signed.total === total);
  const lacking = question.set.set.threshold - weightOf(there, question.set);
  if (lacking <= 0n) return there;
  // All of them: who hands on another's signature must not be asked in its place.
  const counted = new Set(there.map(({ slot }) => slot));
  const more = await askAll(question, { total, least: lacking, counted });
  return [...there, ...more.values()];
}

/**
 * Asks all at once; over when all have answered, or a moment after those with enough weight have.
 * @param wanted one total, of which `least` weight is needed beside the `counted` slots; else whatever each has, and a quorum
 * @returns by slot, the largest total of who answers twice
 */
async function askAll(
  question: GasQuestion,
  wanted?: { readonly total: bigint; readonly least: bigint; readonly counted: ReadonlySet<number> },
): Promise<Map<number, Signed>> {
  const { set: checked, signers, signal, clock = systemClock } = question;
  const bySlot = new Map<number, Signed>();
  const over = new AbortController();
  const { promise: enoughSaid, resolve } = Promise.withResolvers<void>();
  const least = wanted?.least ?? checked.set.threshold;
  const stop = signal ? AbortSignal.any([signal, over.signal]) : over.signal;
  const asked = signers.map(async (url) => {
    const signed = await ask(url, { ...question, signal: stop }, wanted?.total).catch(() => undefined);
    if (!signed || over.signal.aborted || !isValid(signed, question)) return;
    if (wanted && (signed.total !== wanted.total || wanted.counted.has(signed.slot))) return;
    const known = bySlot.get(signed.slot);
    if (!known || known.total < signed.total) bySlot.set(signed.slot, signed);
    if (weightOf([...bySlot.values()], checked) >= least) resolve();
  });
  const late = enoughSaid.then(() => clock.sleep(LATE_MS, over.signal));
  await Promise.race([Promise.all(asked), late]);
  over.abort();
  return bySlot;
}

function weightOf(group: readonly Signed[], { set }: CheckedSet): bigint {
  return group.reduce((sum, { slot }) => sum + set.members[slot]!.weight, 0n);
}

async function ask(
  url: string,
  { recipient, set, signal }: GasQuestion,
  wanted?: bigint,
): Promise<Signed | undefined> {
  const query = wanted === undefined ? "" : `?total=${wanted}`;
  const path = `/v1/gas/0x${recipient.toString(16).padStart(40, "0")}${query}`;
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

/** As many as a quorum takes, by rising slot: each costs gas. */
function enough(group: readonly Signed[], { set }: CheckedSet): Attestation[] {
  const taken: Attestation[] = [];
  let weight = 0n;
  for (const { slot, signature } of group.toSorted((a, b) => a.slot - b.slot)) {
    if (weight >= set.threshold) break;
    taken.push({ slot, signature });
    weight += set.members[slot]!.weight;
  }
  return taken;
}
