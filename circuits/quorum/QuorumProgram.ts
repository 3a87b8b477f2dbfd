import { Field, Provable, ZkProgram } from "o1js";
import { foldSlots } from "./foldSlots.ts";
import { QuorumOutput, QuorumRule, QuorumSlot } from "./QuorumStatement.ts";

const method = async (message: Field, rule: QuorumRule, slots: QuorumSlot[]) => ({
  publicOutput: foldSlots(message, rule, slots),
});

/**
 * "A quorum of the validator set `setHash` signed this message." Public input: the message, one field element.
 * Both branches apply one rule and give one hash for one set; the narrow one is for speed.
 */
export const QuorumProgram = ZkProgram({
  name: "zeko-quorum",
  publicInput: Field,
  publicOutput: QuorumOutput,
  methods: {
    /** Sets of up to 16 validators. */
    verify16: { privateInputs: [QuorumRule, Provable.Array(QuorumSlot, 16)], method },
    /** Sets of up to 64 validators. */
    verify64: { privateInputs: [QuorumRule, Provable.Array(QuorumSlot, 64)], method },
  },
});
