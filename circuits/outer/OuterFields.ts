import { Bool, Field, Poseidon, PublicKey, Struct, UInt32, UInt64 } from "o1js";
import { tags } from "../../protocol/index.ts";

/** One of fields 1–3. Twin of this and all below: protocol/outerState.ts. */
export class OwedSlot extends Struct({ root: Field, batch: UInt64, upper: UInt32 }) {
  hash(): Field {
    return Poseidon.hashWithPrefix(tags.owedRoot, [this.root, this.batch.value, this.upper.value]);
  }
}

/** Field 5; slots, 0 for "not". */
export class Status extends Struct({
  pausedUntil: UInt32,
  openSince: UInt32,
  freezeAnnouncedAt: UInt32,
  frozen: Bool,
}) {
  hash(): Field {
    return Poseidon.hashWithPrefix(tags.status, [
      this.pausedUntil.value,
      this.openSince.value,
      this.freezeAnnouncedAt.value,
      this.frozen.toField(),
    ]);
  }
}

/** Field 6. */
export class ValidatorEpochs extends Struct({ current: Field, previous: Field, graceEnd: UInt32 }) {
  hash(): Field {
    return Poseidon.hashWithPrefix(tags.validators, [this.current, this.previous, this.graceEnd.value]);
  }
}

/** Times in slots. */
export class Delays extends Struct({
  claim: UInt32,
  maxLag: UInt32,
  open: UInt32,
  freeze: UInt32,
  freezeNotice: UInt32,
  grace: UInt32,
  governance: UInt32,
}) {
  hash(): Field {
    return Poseidon.hashWithPrefix(tags.delays, [
      this.claim.value,
      this.maxLag.value,
      this.open.value,
      this.freeze.value,
      this.freezeNotice.value,
      this.grace.value,
      this.governance.value,
    ]);
  }
}

/** Field 7. */
export class Governance extends Struct({
  domain: Field,
  context: Field,
  sequencer: PublicKey,
  council: PublicKey,
  queued: Field,
  delays: Delays,
}) {
  hash(): Field {
    return Poseidon.hashWithPrefix(tags.governance, [
      this.domain,
      this.context,
      this.sequencer.x,
      this.sequencer.isOdd.toField(),
      this.council.x,
      this.council.isOdd.toField(),
      this.queued,
      new Delays(this.delays).hash(),
    ]);
  }
}

/** What the domain hash holds besides the outer key, which is the account's own. */
export class DomainParts extends Struct({
  minaNetwork: Field,
  daChainId: Field,
  inbox: Field,
  rollupIdHigh: Field,
  rollupIdLow: Field,
}) {
  /** Domain of the rollup whose outer account is `outerKey`. Twin: `domainHash` in protocol/. */
  hash(outerKey: PublicKey): Field {
    return Poseidon.hashWithPrefix(tags.domain, [
      this.minaNetwork,
      outerKey.x,
      outerKey.isOdd.toField(),
      this.daChainId,
      this.inbox,
      this.rollupIdHigh,
      this.rollupIdLow,
    ]);
  }
}
