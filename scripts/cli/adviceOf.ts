import { type Catalogue, ZekoError } from "../../protocol/index.ts";

/** What a person should do about an error, from the catalogue of its class; null for errors that are not ours. */
export function adviceOf(error: unknown): string | null {
  if (!(error instanceof ZekoError)) return null;
  const { catalogue } = error.constructor as { catalogue?: Catalogue };
  return catalogue?.[error.code]?.advice ?? null;
}
