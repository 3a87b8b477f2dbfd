import type { KeyFile } from "../keys/index.ts";

/** A compiled verification key in the form in which keys are pinned. */
export function compiledKey({
  verificationKey,
}: {
  verificationKey: { data: string; hash: { toString(): string } };
}): Pick<KeyFile, "hash" | "data"> {
  return { hash: verificationKey.hash.toString(), data: verificationKey.data };
}
