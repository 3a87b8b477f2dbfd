import { NANOMINA } from "../../protocol/index.ts";

/** `5`, `0.1`: nine decimals at most. */
export const MINA_PATTERN = /^(0|[1-9][0-9]{0,10})(\.[0-9]{1,9})?$/;

/** @param text matches {@link MINA_PATTERN} @returns nanomina */
export function minaToNanomina(text: string): bigint {
  const [whole = "0", fraction = ""] = text.split(".");
  return BigInt(whole) * NANOMINA + BigInt(fraction.padEnd(9, "0"));
}

/** Without zeros at the end. */
export function nanominaToMina(nanomina: bigint): string {
  const fraction = (nanomina % NANOMINA).toString().padStart(9, "0").replace(/0+$/, "");
  return `${nanomina / NANOMINA}${fraction && `.${fraction}`}`;
}
