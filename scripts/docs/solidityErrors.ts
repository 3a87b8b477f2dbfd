import { globSync, readFileSync } from "node:fs";
import { resolve } from "node:path";

export type SolidityError = { readonly name: string; readonly file: string; readonly notice: string };

/** Custom errors of the contracts with their `@notice`, from the sources. */
export function solidityErrors(root = "."): SolidityError[] {
  const files = globSync("contracts/**/*.sol", { cwd: root }).filter(
    (file) => !file.includes("contracts/test/"),
  );
  const found = new Map<string, SolidityError>();
  for (const file of files.sort()) {
    const source = readFileSync(resolve(root, file), "utf8");
    for (const [, comment = "", name = ""] of source.matchAll(
      /((?:^[ \t]*\/\/\/.*\n)*)^[ \t]*error\s+(\w+)\s*\(/gm,
    )) {
      const text = comment.replace(/^[ \t]*\/\/\/[ \t]?/gm, "").trim();
      const notice = text
        .replace(/^@notice\s+/, "")
        .split(/^@\w+/m)[0]!
        .replace(/\s+/g, " ")
        .trim();
      found.set(`${name} ${file}`, { name, file, notice });
    }
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}
