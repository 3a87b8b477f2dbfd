import { type Delays, domainOf, type Genesis } from "./genesis.ts";
import { INNER_KEY } from "./innerKey.ts";
import { hash } from "./poseidon.ts";
import { type PublicKey, publicKeyFields } from "./publicKey.ts";
import { MAX_UINT32 } from "./quantities.ts";
import type { RotationTerms } from "./rotation.ts";
import { cursorHash, domainHash, type State, stateCoreHash } from "./state.ts";
import { tags } from "./tags.ts";
import { validatorSetHash } from "./validatorSet.ts";

/** One of fields 1–3: a root of the owed map that claims may be made against. */
export interface OwedSlot {
  readonly root: bigint;
  readonly batch: bigint;
  /** Last slot at which that batch could be accepted; the claim delay counts from it. */
  readonly upper: bigint;
}

/** Field 5. Slots are 32 bits; 0 stands for "not". */
export interface Status {
  /** No commit before this slot. */
  readonly pausedUntil: bigint;
  /** Anybody may commit, since this slot. */
  readonly openSince: bigint;
  readonly freezeAnnouncedAt: bigint;
  readonly frozen: boolean;
}

/** Field 6: hashes of validator sets, and the slot up to which the previous one is still good. */
export interface ValidatorEpochs {
  readonly current: bigint;
  readonly previous: bigint;
  readonly graceEnd: bigint;
}

/** Field 7: who may do what. */
export interface Governance {
  /** `domainHash`; set at deploy, never changes. */
  readonly domain: bigint;
  /** {@link contextHash}; set at deploy, never changes. */
  readonly context: bigint;
  /** Signs commits. */
  readonly sequencer: PublicKey;
  readonly council: PublicKey;
  /** Hash of a change that waits, 0 for none. */
  readonly queued: bigint;
  readonly delays: Delays;
}

/** What the eight fields of the outer account stand for. */
export interface OuterState {
  /** Fields 0 and 4. */
  readonly core: bigint;
  readonly cursor: bigint;
  /** Fields 1, 2, 3. */
  readonly pending: OwedSlot;
  readonly matured: OwedSlot;
  readonly previous: OwedSlot;
  /** Fields 5, 6, 7. */
  readonly status: Status;
  readonly validators: ValidatorEpochs;
  readonly governance: Governance;
}

/** What L2's rules need to know of their deployment. Nobody's choice after genesis. */
export interface LedgerConstants {
  /** `domainHash`. */
  readonly domain: bigint;
  readonly nonceBase: bigint;
  /** Nanomina. */
  readonly creationFee: bigint;
  readonly innerKey: PublicKey;
  readonly innerVerificationKeyHash: bigint;
}

export function ledgerConstants(genesis: Genesis): LedgerConstants {
  return {
    domain: domainHash(domainOf(genesis)),
    nonceBase: genesis.nonceBase,
    creationFee: genesis.accountCreationFee,
    innerKey: INNER_KEY,
    innerVerificationKeyHash: genesis.innerVerificationKeyHash,
  };
}

/** `ctx` of the ledger and index statements. Twin: `LedgerContext.hash` in circuits/. */
export function contextHash(c: LedgerConstants): bigint {
  return hash(tags.context, [
    c.domain,
    c.nonceBase,
    c.creationFee,
    ...publicKeyFields(c.innerKey),
    c.innerVerificationKeyHash,
  ]);
}

/** One of fields 1–3. */
export function owedSlotHash(slot: OwedSlot): bigint {
  return hash(tags.owedRoot, [slot.root, slot.batch, slot.upper]);
}

/** Field 5. */
export function statusHash(s: Status): bigint {
  return hash(tags.status, [s.pausedUntil, s.openSince, s.freezeAnnouncedAt, s.frozen ? 1n : 0n]);
}

/** Field 6. */
export function validatorEpochsHash(v: ValidatorEpochs): bigint {
  return hash(tags.validators, [v.current, v.previous, v.graceEnd]);
}

export function delaysHash(d: Delays): bigint {
  return hash(tags.delays, [d.claim, d.maxLag, d.open, d.freeze, d.freezeNotice, d.grace, d.governance]);
}

/** Field 7. */
export function governanceHash(g: Governance): bigint {
  return hash(tags.governance, [
    g.domain,
    g.context,
    ...publicKeyFields(g.sequencer),
    ...publicKeyFields(g.council),
    g.queued,
    delaysHash(g.delays),
  ]);
}

/** The eight fields, in order, as the outer account holds them. */
export function outerFields(o: OuterState): bigint[] {
  return [
    o.core,
    owedSlotHash(o.pending),
    owedSlotHash(o.matured),
    owedSlotHash(o.previous),
    o.cursor,
    statusHash(o.status),
    validatorEpochsHash(o.validators),
    governanceHash(o.governance),
  ];
}

/**
 * What `deploy` sets.
 * @param state the L2 state that the genesis leads to, batch 0
 */
export function outerAtGenesis(genesis: Genesis, state: State): OuterState {
  const nothingOwed: OwedSlot = { root: state.owedRoot, batch: 0n, upper: 0n };
  return {
    core: stateCoreHash(state),
    cursor: cursorHash(state),
    pending: nothingOwed,
    matured: nothingOwed,
    previous: nothingOwed,
    status: { pausedUntil: 0n, openSince: 0n, freezeAnnouncedAt: 0n, frozen: false },
    validators: { current: validatorSetHash(genesis.validators), previous: 0n, graceEnd: 0n },
    governance: {
      domain: domainHash(domainOf(genesis)),
      context: contextHash(ledgerConstants(genesis)),
      sequencer: genesis.sequencer,
      council: genesis.council,
      queued: 0n,
      delays: genesis.delays,
    },
  };
}

/** Slots in which L1 accepts a commit. */
export interface LandingWindow {
  readonly lower: bigint;
  readonly upper: bigint;
}

const ascending = (a: bigint, b: bigint) => (a < b ? -1 : Number(a > b));

/**
 * [lastSlot, min(landBy, lastSlot + maxLag)], and not before a pause is over. Empty when `upper < lower`.
 */
export function landingWindow(o: OuterState, target: State, landBy: bigint): LandingWindow {
  const { lastSlot } = target;
  const { pausedUntil } = o.status;
  const ends = [landBy, lastSlot + o.governance.delays.maxLag, MAX_UINT32];
  const starts = [lastSlot, pausedUntil];
  return {
    lower: starts.sort(ascending).at(-1)!,
    upper: ends.sort(ascending).at(0)!,
  };
}

/** Slots in which L1 takes a rotation that ends at `until`: bounded, so that the grace, which counts from the end, is too. */
export function rotationWindow({ governance }: OuterState, until: bigint): LandingWindow {
  const { grace, maxLag } = governance.delays;
  const length = grace + maxLag;
  return { lower: length < until ? until - length : 0n, upper: until };
}

/** The outer account after a rotation. Twin: `applyRotation` in circuits/outer. */
export function outerAfterRotation(
  o: OuterState,
  { next, until, kind }: Pick<RotationTerms, "next" | "until" | "kind">,
): OuterState {
  const graceEnd = until + o.governance.delays.grace;
  const validators =
    kind === "removal"
      ? { current: next, previous: 0n, graceEnd: 0n }
      : {
          current: next,
          previous: o.validators.current,
          graceEnd: graceEnd < MAX_UINT32 ? graceEnd : MAX_UINT32,
        };
  return { ...o, validators };
}

/** The outer account after `commit` accepted this step. Twin: `applyCommit` in circuits/outer. */
export function outerAfterCommit(o: OuterState, target: State, landBy: bigint): OuterState {
  const { upper } = landingWindow(o, target, landBy);
  const cursor = cursorHash(target);
  const moved = cursor !== o.cursor;
  const mature = o.pending.upper + o.governance.delays.claim <= target.lastSlot;
  return {
    ...o,
    core: stateCoreHash(target),
    cursor,
    ...(mature && {
      pending: { root: target.owedRoot, batch: target.batch, upper },
      matured: o.pending,
      previous: o.matured,
    }),
    status: moved ? { ...o.status, openSince: 0n, freezeAnnouncedAt: 0n } : o.status,
  };
}
