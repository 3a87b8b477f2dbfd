import assert from "node:assert/strict";
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { type DataDirectoryOptions, openDataDirectory } from "../../service/index.ts";
import { hasCode } from "../support/hasCode.ts";
import { temporaryDirectory } from "../support/temporaryDirectory.ts";

const parent = temporaryDirectory();
let count = 0;
const fresh = () => join(parent, `d${count++}`);
const open = (path: string, options: Partial<DataDirectoryOptions> = {}) =>
  openDataDirectory({ path, role: "signer", schema: 1, ...options });

async function holder(path: string): Promise<ChildProcess> {
  const child = fork(join(import.meta.dirname, "fixtures/holdDirectory.ts"), [path]);
  after(() => child.kill("SIGKILL"));
  await once(child, "message");
  return child;
}

describe("data directory", () => {
  it("is made with mode 0700 and reopens with what is in it", async () => {
    const path = join(fresh(), "deep");
    const directory = await open(path);
    writeFileSync(directory.file("state"), "x");
    await directory.close();
    assert.equal(statSync(path).mode & 0o777, 0o700);
    assert.deepEqual(JSON.parse(readFileSync(join(path, "schema.json"), "utf8")), {
      role: "signer",
      schema: 1,
      network: null,
    });
    await (await open(path)).close();
  });

  it("is refused to a second holder in the same process, and free again after close", async () => {
    const path = fresh();
    const first = await open(path);
    await assert.rejects(open(path), hasCode("DATA_DIRECTORY_LOCKED"));
    await first.close();
    await first.close();
    await (await open(path)).close();
  });

  it("is refused while another process holds it, and taken over when that was killed", async () => {
    const path = fresh();
    const child = await holder(path);
    await assert.rejects(open(path), { code: "DATA_DIRECTORY_LOCKED", data: { path, pid: child.pid } });
    child.kill("SIGKILL");
    await once(child, "exit");
    assert.ok(existsSync(join(path, "lock")), "the lock is stale, not gone");
    await (await open(path)).close();
  });

  it("does not take a process that uses the old holder's id for the holder", async () => {
    const path = fresh();
    await (await open(path)).close();
    writeFileSync(join(path, "lock"), JSON.stringify({ pid: process.ppid, birth: "another boot:1" }));
    await (await open(path)).close();
    writeFileSync(join(path, "lock"), JSON.stringify({ pid: process.pid, birth: "another boot:1" }));
    await (await open(path)).close();
  });

  it("takes over a lock file that a crash left unreadable", async () => {
    const path = fresh();
    await (await open(path)).close();
    writeFileSync(join(path, "lock"), "");
    await (await open(path)).close();
  });

  it("goes to one of many that come for a stale lock together", async () => {
    const path = fresh();
    await (await open(path)).close();
    writeFileSync(join(path, "lock"), JSON.stringify({ pid: 4_000_000, birth: null }));
    const results = await Promise.allSettled(Array.from({ length: 8 }, () => open(path)));
    assert.equal(results.filter(({ status }) => status === "fulfilled").length, 1);
  });

  for (const schema of [2, 0])
    it(`is refused with schema ${schema} where 1 is written, and unchanged`, async () => {
      const path = fresh();
      await (await open(path, { schema })).close();
      const before = readFileSync(join(path, "schema.json"), "utf8");
      await assert.rejects(open(path), hasCode("DATA_DIRECTORY_SCHEMA"));
      assert.equal(readFileSync(join(path, "schema.json"), "utf8"), before);
      assert.ok(!existsSync(join(path, "lock")), "a refusal leaves no lock");
      await (await open(path, { schema })).close();
    });

  it("is refused to another role and for another deployment", async () => {
    const path = fresh();
    await (await open(path, { network: "5" })).close();
    await assert.rejects(open(path, { role: "relay", network: "5" }), hasCode("DATA_DIRECTORY_OTHER_ROLE"));
    await assert.rejects(open(path, { network: "6" }), hasCode("DATA_DIRECTORY_OTHER_NETWORK"));
    await assert.rejects(open(path), hasCode("DATA_DIRECTORY_OTHER_NETWORK"));
    await (await open(path, { network: "5" })).close();
  });

  it("is refused when others may read it, closed when it is still empty", async () => {
    const path = fresh();
    mkdirSync(path, { mode: 0o755 });
    chmodSync(path, 0o755);
    await (await open(path)).close();
    assert.equal(statSync(path).mode & 0o777, 0o700);
    chmodSync(path, 0o750);
    await assert.rejects(open(path), hasCode("DATA_DIRECTORY_OPEN"));
  });

  it("is refused when it holds something that is not ours", async () => {
    const path = fresh();
    mkdirSync(path, { mode: 0o700 });
    writeFileSync(join(path, "holiday.jpg"), "x");
    await assert.rejects(open(path), hasCode("DATA_DIRECTORY_FOREIGN"));
    const damaged = fresh();
    await (await open(damaged)).close();
    writeFileSync(join(damaged, "schema.json"), '{"role":');
    await assert.rejects(open(damaged), hasCode("DATA_DIRECTORY_FOREIGN"));
  });

  it("is refused where there is a file in its place", async () => {
    const path = fresh();
    writeFileSync(path, "x");
    await assert.rejects(open(path), hasCode("DATA_DIRECTORY_UNUSABLE"));
  });
});
