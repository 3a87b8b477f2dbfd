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
  DOCTOR_MINA_AHEAD: {
    remedy: "retry",
    message: ({ epoch }: { epoch: bigint }) =>
      `Mina has a validator set that the DA chain, at epoch ${epoch}, does not list.`,
    advice:
      "A rotation waits for its mirror: run zeko validator rotate with the proposal; it goes on once Mina holds it for good. If nobody knows of a rotation, your DA node lags or lies: ask another one.",
  },
  DOCTOR_DA_AHEAD: {
    remedy: "retry",
    message: ({ epoch }: { epoch: bigint }) =>
      `The DA chain has mirrored the rotation to epoch ${epoch}, and Mina does not have it.`,
    advice:
      "If your Mina node is not at the tip, wait. Otherwise Mina has taken the rotation back: send it again with zeko validator rotate; until then no certificate of the new epoch settles.",
  },
  DOCTOR_EPOCH_DIFFERS: {
    remedy: "retry",
    message: (d: { link: string; epoch: string; current: bigint }) =>
      `"${d.link}" works for the validators of epoch ${d.epoch}, the DA chain is at epoch ${d.current}.`,
    advice:
      "Its own DA node lags or cannot be reached: compare signer.da-url or relay.da-url with the node that you gave here, and see its log. It follows by itself once the node does; nothing that it signs meanwhile is wrong.",
  },
  DOCTOR_OTHER_DEPLOYMENT: {
    remedy: "final",
    message: ({ link }: { link: string }) => `"${link}" runs with another genesis file.`,
    advice: "Every role needs the genesis file of the one deployment; compare the files.",
  },
  DOCTOR_NOTHING_GIVEN: {
    remedy: "final",
    message: (_: Record<never, never>) => "No address is given, so there is nothing to look at.",
    advice: 'Give some of the addresses that "zeko doctor --help" lists.',
  },
} as const;

/** A pipeline that does not work. */
export class DoctorError extends errorClass("DoctorError", doctorFaults) {}
