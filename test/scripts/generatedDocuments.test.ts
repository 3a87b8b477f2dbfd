import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { errorCatalogues } from "../../scripts/docs/errorCatalogues.ts";
import { generatedDocuments } from "../../scripts/docs/generatedDocuments.ts";

const documents = await generatedDocuments();
const catalogues = await errorCatalogues();

describe("generated documents", () => {
  for (const [path, content] of Object.entries(documents))
    it(`${path} is what "npm run docs" writes`, () => {
      const found = readFileSync(path, "utf8");
      assert.ok(found === content, `${path} is out of date: npm run docs`);
    });
});

describe("error codes", () => {
  const all = catalogues.flatMap(({ name, catalogue }) =>
    Object.keys(catalogue).map((code) => ({ code, name })),
  );

  it("exist once each", () => {
    const twice = all.filter(({ code }, index) => all.findIndex((other) => other.code === code) !== index);
    assert.deepEqual(twice, []);
  });

  it("have the form of a code, a message and an advice", () => {
    for (const { catalogue, file } of catalogues)
      for (const [code, { advice, remedy }] of Object.entries(catalogue)) {
        assert.match(code, /^[A-Z][A-Z0-9]*(_[A-Z0-9]+)+$/, file);
        assert.ok(advice.length > 0 && ["retry", "final", "bug"].includes(remedy), code);
      }
  });

  it("are each raised somewhere", () => {
    const sources = globSync(
      "{protocol,ledger,circuits,l1,da,service,gossip,signer,relay,sequencer,scripts}/**/*.ts",
    );
    const text = sources.map((file) => readFileSync(file, "utf8")).join("\n");
    const unused = all.filter(({ code }) => text.split(`"${code}"`).length < 2);
    assert.deepEqual(unused, []);
  });

  it("are documented by class", () => {
    for (const { code } of all) assert.ok(documents["docs/errors.md"]!.includes(`\`${code}\``), code);
  });
});
