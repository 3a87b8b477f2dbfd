import { errorClass } from "../../protocol/index.ts";

export const proverFaults = {
  CIRCUIT_REFUSED: {
    remedy: "final",
    message: (d: { program: string; branch: string; assertion: string }) =>
      `${d.program}.${d.branch} refused its input: ${d.assertion}`,
    advice: "What was to be proved is not true. Compare the input with the rule that the text names.",
  },
  PROVER_TIME: {
    remedy: "retry",
    message: (d: { program: string; branch: string; limitMs: number }) =>
      `${d.program}.${d.branch} took more than ${d.limitMs} ms; its process was killed`,
    advice: "Look for other load on the machine, or raise the limit.",
  },
  PROVER_MEMORY: {
    remedy: "retry",
    message: (d: { program: string; branch: string; limitMb: number }) =>
      `${d.program}.${d.branch} took more than ${d.limitMb} MB; its process was killed`,
    advice: "Free memory or raise the limit. The figures of each program are in docs/operators.md.",
  },
  PROVER_DIED: {
    remedy: "retry",
    message: (d: { program: string; branch: string; exit: string }) =>
      `The process that proved ${d.program}.${d.branch} ended with ${d.exit}`,
    advice: "Ask again. If it happens twice, look for the system's out-of-memory log.",
  },
  PROVER_STOPPED: {
    remedy: "retry",
    message: (d: { program: string; branch: string }) => `Stopped before ${d.program}.${d.branch} was proved`,
    advice: "The role is shutting down. The job is done again after the next start.",
  },
} as const;

/** A proof that was not made. */
export class ProverError extends errorClass("ProverError", proverFaults) {}
