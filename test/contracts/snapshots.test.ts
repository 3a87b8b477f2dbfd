import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { CHUNK_BYTES } from "../../protocol/index.ts";
import { contractSnapshots, gasSnapshot } from "../../scripts/contracts/contractSnapshots.ts";

const committed = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
const advice = (path: string) =>
  `${path} is not what contracts/ makes: npm run snapshots, then argue the diff`;

describe("contract snapshots", () => {
  for (const [path, text] of Object.entries(contractSnapshots())) {
    it(`${path} follows from the sources`, () => {
      // Compared as a whole: a diff of half a megabyte helps nobody.
      assert.ok(committed(path) === text, advice(path));
    });
  }

  it("every contract fits the chain's limit with room to grow", () => {
    const sizes = JSON.parse(committed("test/snapshots/size.json")) as Record<
      string,
      { code: number; creation: number }
    >;
    for (const [name, { code, creation }] of Object.entries(sizes)) {
      assert.ok(code <= 24_576, `${name}: ${code} bytes of code`);
      assert.ok(creation <= 49_152, `${name}: ${creation} bytes of creation code`);
    }
  });

  it("gas is what the snapshot says, and within its ceilings", async () => {
    const [[path, text]] = Object.entries(await gasSnapshot()) as [[string, string]];
    assert.equal(text, committed(path), advice(path));
    const { signature, certificate, chunk } = JSON.parse(text);
    assert.ok(signature <= 150_000, `${signature} gas a signature`);
    assert.ok(certificate["5of7"] <= 5 * 150_000, `${certificate["5of7"]} gas for five signatures`);
    for (const work of [chunk.work, chunk.sealing])
      assert.ok(work <= 1.3 * CHUNK_BYTES, `${work} gas for a chunk, beyond its calldata`);
  });
});
