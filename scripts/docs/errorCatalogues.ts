import { globSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Catalogue } from "../../protocol/index.ts";

export type ErrorCatalogue = {
  /** `ConfigError` */
  readonly name: string;
  readonly file: string;
  readonly catalogue: Catalogue;
};

/** Folders that may define errors. */
const PATTERN = "{protocol,ledger,circuits,l1,da,service,gossip,signer,relay,sequencer,scripts}/**/*.ts";

/**
 * Every error class made by `errorClass`, with its codes. Found by reading the sources, so that none can be forgotten; only
 * the files that define one are imported, and these import nothing heavy.
 */
export async function errorCatalogues(root = "."): Promise<ErrorCatalogue[]> {
  const files = globSync(PATTERN, { cwd: root }).filter((file) =>
    /\berrorClass\(/.test(readFileSync(resolve(root, file), "utf8")),
  );
  const found: ErrorCatalogue[] = [];
  for (const file of files.sort()) {
    const exported = (await import(resolve(root, file))) as Record<string, unknown>;
    for (const [name, value] of Object.entries(exported)) {
      const catalogue = (value as { catalogue?: Catalogue } | undefined)?.catalogue;
      if (typeof value === "function" && catalogue) found.push({ name, file, catalogue });
    }
  }
  return found;
}
