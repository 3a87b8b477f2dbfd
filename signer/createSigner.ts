import { Signer, type SignerModules, type SignerOptions } from "./Signer.ts";

/** Makes a signer that holds nothing yet; `start` opens its data directory and listens. */
export function createSigner(options: SignerOptions, modules: SignerModules): Signer {
  return new Signer(options, modules);
}
