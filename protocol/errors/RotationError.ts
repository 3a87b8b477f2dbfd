import { errorClass } from "./ZekoError.ts";

export const rotationFaults = {
  ROTATION_MALFORMED: {
    remedy: "final",
    message: (d: { what: string }) => `Rotation: ${d.what}`,
    advice: "Get the file again from whoever proposed the rotation.",
  },
} as const;

/** A proposal to change the validators that can not be worked with. */
export class RotationError extends errorClass("RotationError", rotationFaults) {}
