import { Bool, Field, UInt32, UInt64 } from "o1js";
import type {
  Domain,
  ValidatorEpochs as EpochsValue,
  Governance as GovernanceValue,
  OuterState,
  OwedSlot as OwedSlotValue,
  State,
  Status as StatusValue,
} from "../../protocol/index.ts";
import { owedSlotHash } from "../../protocol/index.ts";
import { publicKeyFrom } from "../mina/index.ts";
import { rollupState } from "../wrapper/index.ts";
import { CommitWitness } from "./applyCommit.ts";
import { Delays, DomainParts, Governance, OwedSlot, Status, ValidatorEpochs } from "./OuterFields.ts";

/** What a commit is made from, besides its two proofs. */
export interface CommitInput {
  /** The outer account as L1 holds it. */
  readonly outer: OuterState;
  readonly domain: Domain;
  readonly target: State;
  readonly landBy: bigint;
  /** What the quorum signed with the statement. */
  readonly dataRoot: bigint;
  readonly dataLength: bigint;
  readonly scheme: bigint;
}

export function commitWitness(input: CommitInput): CommitWitness {
  const { outer, domain } = input;
  return new CommitWitness({
    core: Field(outer.core),
    cursor: Field(outer.cursor),
    pending: owedSlot(outer.pending),
    matured: Field(owedSlotHash(outer.matured)),
    previous: Field(owedSlotHash(outer.previous)),
    status: status(outer.status),
    validators: validatorEpochs(outer.validators),
    governance: governance(outer.governance),
    domain: new DomainParts({
      minaNetwork: Field(domain.minaNetwork),
      daChainId: Field(domain.daChainId),
      inbox: Field(domain.inbox),
      rollupIdHigh: Field(domain.rollupId >> 128n),
      rollupIdLow: Field(domain.rollupId & ((1n << 128n) - 1n)),
    }),
    target: rollupState(input.target),
    landBy: UInt32.from(input.landBy),
    dataRoot: Field(input.dataRoot),
    dataLength: UInt32.from(input.dataLength),
    scheme: Field(input.scheme),
  });
}

function owedSlot({ root, batch, upper }: OwedSlotValue): OwedSlot {
  return new OwedSlot({ root: Field(root), batch: UInt64.from(batch), upper: UInt32.from(upper) });
}

function status(s: StatusValue): Status {
  return new Status({
    pausedUntil: UInt32.from(s.pausedUntil),
    openSince: UInt32.from(s.openSince),
    freezeAnnouncedAt: UInt32.from(s.freezeAnnouncedAt),
    frozen: Bool(s.frozen),
  });
}

export function validatorEpochs({ current, previous, graceEnd }: EpochsValue): ValidatorEpochs {
  return new ValidatorEpochs({
    current: Field(current),
    previous: Field(previous),
    graceEnd: UInt32.from(graceEnd),
  });
}

export function governance(g: GovernanceValue): Governance {
  const { delays } = g;
  return new Governance({
    domain: Field(g.domain),
    context: Field(g.context),
    sequencer: publicKeyFrom(g.sequencer),
    council: publicKeyFrom(g.council),
    queued: Field(g.queued),
    delays: new Delays({
      claim: UInt32.from(delays.claim),
      maxLag: UInt32.from(delays.maxLag),
      open: UInt32.from(delays.open),
      freeze: UInt32.from(delays.freeze),
      freezeNotice: UInt32.from(delays.freezeNotice),
      grace: UInt32.from(delays.grace),
      governance: UInt32.from(delays.governance),
    }),
  });
}
