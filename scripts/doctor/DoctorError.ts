import { errorClass } from "../../protocol/index.ts";

/** What `zeko doctor` finds. */
export const doctorFaults = {
  DOCTOR_LINK_DOWN: {
    remedy: "retry",
    message: ({ link, reason }: { link: string; reason: string }) =>
      `The link "${link}" is broken: ${reason}.`,
    advice:
      "Start there: its /readyz and its log say more. What comes after it in the pipeline cannot work before it does.",
  },
  DOCTOR_NOTHING_GIVEN: {
    remedy: "final",
    message: (_: Record<never, never>) => "No address is given, so there is nothing to look at.",
    advice: 'Give some of the addresses that "zeko doctor --help" lists.',
  },
} as const;

/** A pipeline that does not work. */
export class DoctorError extends errorClass("DoctorError", doctorFaults) {}
