import {
  MAX_UINT32,
  mirroredMessage,
  possessionMessage,
  type RotationKind,
  rotationMessage,
} from "../../protocol/index.ts";
import { sample, sampleField } from "./samples.ts";

/** What the old set and the new one sign when validators change. */
export function rotationVectors() {
  const cases: [name: string, kind: RotationKind, until: bigint][] = [
    ["normal", "normal", sample("rotation until", 32)],
    ["removal", "removal", sample("rotation until", 32)],
    ["up to the last slot of all", "normal", MAX_UINT32],
  ];
  const terms = {
    domain: sampleField("rotation domain"),
    current: sampleField("rotation current"),
    next: sampleField("rotation next"),
    state: sampleField("rotation state"),
  };
  return {
    rotationMessage: cases.map(([name, kind, until]) => {
      const input = { ...terms, until, kind };
      return { name, input, output: rotationMessage(input) };
    }),
    mirroredMessage: cases.map(([name, kind, until]) => {
      const input = { ...terms, until, kind };
      return { name, input, output: mirroredMessage(input) };
    }),
    possessionMessage: [{ name: "of a state", input: terms, output: possessionMessage(terms) }],
  };
}
