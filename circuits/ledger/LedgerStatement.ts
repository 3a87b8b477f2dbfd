import { Field, Struct } from "o1js";

/** "Mina's rules lead from the σ that hashes to `from` to the σ' that hashes to `to`." */
export class LedgerStatement extends Struct({ from: Field, to: Field }) {}
