import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { generatedDocuments } from "./docs/generatedDocuments.ts";

/** Rewrites the generated documents: `npm run docs`. */
for (const [path, content] of Object.entries(await generatedDocuments())) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  process.stdout.write(`${path}\n`);
}
