import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";

/** A directory of mode 0700 that is gone after the tests of the suite, or file, that asks for it. */
export function temporaryDirectory(): string {
  const path = mkdtempSync(join(tmpdir(), "zeko-test-"));
  after(() => rmSync(path, { recursive: true, force: true }));
  return path;
}
