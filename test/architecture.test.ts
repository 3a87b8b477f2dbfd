import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { describe, it } from "node:test";

/** Which folders a folder may import. The list is in order: arrows point upwards in it. */
const arrows: Record<string, readonly string[]> = {
  protocol: [],
  ledger: ["protocol"],
  service: ["protocol"],
  circuits: ["protocol", "ledger", "service"],
  l1: ["protocol", "service"],
  da: ["protocol", "service"],
  gossip: ["protocol", "service"],
  signer: ["protocol", "ledger", "circuits", "l1", "da", "service", "gossip"],
  relay: ["protocol", "circuits", "da", "service", "gossip"],
  sequencer: ["protocol", "ledger", "circuits", "l1", "da", "service", "gossip", "relay"],
  scripts: [
    "protocol",
    "ledger",
    "circuits",
    "l1",
    "da",
    "service",
    "gossip",
    "signer",
    "relay",
    "sequencer",
  ],
};
/** Entry points and generated files have no main export. */
const withoutMainExport = /(^scripts\/[^/]+\.ts$)|(\/index\.ts$)|(\.generated\.ts$)|(Process\.ts$)/;

const root = join(import.meta.dirname, "..");
const files = globSync("*/**/*.ts", {
  cwd: root,
  exclude: (path) => /^(node_modules|artifacts|cache|types)\b/.test(path),
}).sort();
const source = (file: string) => readFileSync(join(root, file), "utf8");
const folderOf = (file: string) => file.split("/")[0]!;
const production = files.filter((file) => folderOf(file) !== "test");

/** Relative imports of a file, static and dynamic, as paths from the root. */
function importsOf(file: string): string[] {
  const found = source(file).matchAll(/(?:\bfrom|\bimport|\bimport\()\s*"(\.[^"]+)"/g);
  return [...found].map(([, target]) => relative(root, join(root, dirname(file), target!)));
}

describe("architecture", () => {
  it("has every folder on its map", () => {
    assert.deepEqual(
      [...new Set(production.map(folderOf))].filter((folder) => !(folder in arrows)),
      ["contracts"].slice(1),
    );
  });

  it("imports only along the arrows", () => {
    const wrong = production.flatMap((file) =>
      importsOf(file)
        .filter((target) => folderOf(target) !== folderOf(file))
        .filter(
          (target) => folderOf(target) !== "artifacts" && !arrows[folderOf(file)]?.includes(folderOf(target)),
        )
        .map((target) => `${file} → ${target}`),
    );
    assert.deepEqual(wrong, []);
  });

  it("imports another folder only through an index.ts; tests may look into the folder that they mirror", () => {
    const open = ["scripts", "test", "artifacts"];
    const wrong = files.flatMap((file) =>
      importsOf(file)
        .filter((target) => folderOf(target) !== folderOf(file) && !open.includes(folderOf(target)))
        .filter((target) => !file.startsWith(`test/${folderOf(target)}/`))
        .filter((target) => basename(target) !== "index.ts" && !target.endsWith(".generated.ts"))
        .map((target) => `${file} → ${target}`),
    );
    assert.deepEqual(wrong, []);
  });

  it("lists public names one by one", () => {
    const wrong = files.filter((file) => /^export (\*|default)/m.test(source(file)));
    assert.deepEqual(wrong, []);
  });

  it("names a file after its export, or what the export is about", () => {
    const wrong = production.filter((file) => {
      const name = plain(basename(file, ".ts"));
      const { values, types } = exportsOf(file);
      if (
        withoutMainExport.test(file) ||
        [...values, ...types].some((exported) => plain(exported).includes(name))
      )
        return false;
      return values.length === 1 || (values.length === 0 && types.length === 1);
    });
    assert.deepEqual(wrong, []);
  });

  it("reads environment, time and chance only where a process begins", () => {
    const allowed: Record<string, RegExp> = {
      "process\\.env\\b": /^scripts\//,
      "\\bDate\\.now\\b|\\bnew Date\\(\\)": /^(scripts\/|service\/clock\/systemClock\.ts$)/,
      "\\bMath\\.random\\(": /^scripts\//,
    };
    const wrong = production.flatMap((file) =>
      Object.entries(allowed)
        .filter(
          ([pattern, where]) => new RegExp(pattern).test(withoutComments(source(file))) && !where.test(file),
        )
        .map(([pattern]) => `${file}: ${pattern}`),
    );
    assert.deepEqual(wrong, []);
  });

  it("skips no test and leaves nothing for later", () => {
    const tests = files.filter((file) => file !== "test/architecture.test.ts");
    const wrong = tests.filter((file) =>
      /\b(it|describe|test)\.(skip|only|todo)\b|\bTODO\b|\bFIXME\b/.test(source(file)),
    );
    assert.deepEqual(wrong, []);
  });
});

/** INNER_KEY and innerKey are one name, program and programs too. */
function plain(name: string): string {
  return name.replaceAll("_", "").replace(/s$/, "").toLowerCase();
}

/** Names that a file declares and exports. */
function exportsOf(file: string) {
  const declared = [
    ...source(file).matchAll(
      /^export (?:declare )?(?:abstract )?(?:async )?(const|let|class|function\*?|type|interface) (\w+)/gm,
    ),
  ];
  const isType = (kind: string) => kind === "type" || kind === "interface";
  return {
    values: declared.filter(([, kind]) => !isType(kind!)).map(([, , name]) => name!),
    types: declared.filter(([, kind]) => isType(kind!)).map(([, , name]) => name!),
  };
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/^\s*\/\/.*$/gm, "");
}
