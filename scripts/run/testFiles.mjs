import { readdirSync } from "node:fs";
import { join } from "node:path";
import { root } from "./root.mjs";

/** Folders whose tests take long, need the Go chain or are no tests; each has a task of its own. */
const apart = ["test/proofs", "test/zekod", "test/bench"];

/**
 * Test files below one of `folders` (all but those apart where none is given), in a fixed order.
 *
 * @param {readonly string[]} folders such as `test/signer`, or one file
 * @throws {Error} where they hold none
 */
export function testFiles(folders = []) {
  const all = readdirSync(join(root, "test"), { recursive: true })
    .map((file) => `test/${String(file).replaceAll("\\", "/")}`)
    .filter((file) => file.endsWith(".test.ts"))
    .sort();
  const within = (file, folder) => file === folder || file.startsWith(`${folder.replace(/\/$/, "")}/`);
  if (folders.length === 0) return all.filter((file) => !apart.some((folder) => within(file, folder)));
  const files = all.filter((file) => folders.some((folder) => within(file, folder)));
  // Node's runner would take none for all.
  if (files.length === 0) throw new Error(`There are no tests in ${folders.join(", ")}.`);
  return files;
}
