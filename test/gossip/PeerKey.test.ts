import assert from "node:assert/strict";
import { chmodSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { readOrMakePeerKey } from "../../gossip/index.ts";
import { hasCode } from "../support/hasCode.ts";
import { temporaryDirectory } from "../support/temporaryDirectory.ts";

describe("peer key", () => {
  it("is made once, for its owner alone, and stays the same", async () => {
    const file = join(temporaryDirectory(), "peer-key");
    const made = await readOrMakePeerKey(file);
    assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.ok((await readOrMakePeerKey(file)).equals(made));
  });

  it("is refused when others can read it, or when it is none", async () => {
    const file = join(temporaryDirectory(), "peer-key");
    await readOrMakePeerKey(file);
    chmodSync(file, 0o644);
    await assert.rejects(readOrMakePeerKey(file), hasCode("KEY_FILE_OPEN"));
    writeFileSync(file, "nonsense");
    chmodSync(file, 0o600);
    await assert.rejects(readOrMakePeerKey(file), hasCode("GOSSIP_KEY"));
  });
});
