import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { after, before, describe, it } from "node:test";
import { runProgram } from "../../scripts/chain/runProgram.ts";
import { exitCodes } from "../../service/index.ts";

const units = globSync("docs/systemd/*.service").sort();
const roles = ["relay", "sequencer", "signer"];

/** Every `Key=value` of a unit, by section; a key may stand several times. */
function settings(file: string): Map<string, string[]> {
  const found = new Map<string, string[]>();
  let section = "";
  for (const line of readFileSync(file, "utf8").split("\n")) {
    section = /^\[(\w+)\]$/.exec(line)?.[1] ?? section;
    const [, key, value] = /^(\w+)=(.*)$/.exec(line) ?? [];
    if (key) found.set(`${section}.${key}`, [...(found.get(`${section}.${key}`) ?? []), value!]);
  }
  return found;
}

describe("units for systemd", () => {
  let scratch: string;
  before(async () => {
    scratch = await mkdtemp(join(tmpdir(), "zeko-units-"));
  });
  after(() => rm(scratch, { recursive: true, force: true }));

  it("are there for the node and for every role", () => {
    const names = units.map((file) => basename(file, ".service"));
    assert.deepEqual(names, ["zeko-node", ...roles.map((role) => `zeko-${role}`)]);
  });

  it("have lines of one form only: section, setting, comment", () => {
    for (const file of units)
      for (const line of readFileSync(file, "utf8").split("\n"))
        assert.match(line, /^(|#.*|\[(Unit|Service|Install)\]|[A-Z]\w+=.*)$/, `${file}: ${line}`);
  });

  it("run each process as a user of its own, that may write to its own directory alone", () => {
    const users = units.map((file) => settings(file).get("Service.User")?.[0]);
    assert.equal(new Set(users).size, units.length);
    for (const file of units) {
      const of = (key: string) => settings(file).get(`Service.${key}`)?.[0];
      assert.equal(of("User"), basename(file, ".service"));
      assert.equal(of("StateDirectory"), of("User"));
      assert.equal(of("ProtectSystem"), "strict");
      assert.equal(of("NoNewPrivileges"), "yes");
      assert.equal(of("CapabilityBoundingSet"), "");
    }
  });

  it("do not start a role again that cannot be helped by it", () => {
    const hopeless = [exitCodes.usage, exitCodes.locked, exitCodes.dataDirectory, exitCodes.key];
    for (const role of roles) {
      const found = settings(`docs/systemd/zeko-${role}.service`).get("Service.RestartPreventExitStatus");
      assert.deepEqual(found, [hopeless.join(" ")]);
    }
  });

  it("pass systemd's own check where it is installed", async () => {
    for (const file of units) {
      // The programs of the units are not on this machine.
      const text = readFileSync(file, "utf8").replace(/^ExecStart=\S+/m, `ExecStart=${process.execPath}`);
      await writeFile(join(scratch, basename(file)), text);
    }
    const copies = units.map((file) => join(scratch, basename(file)));
    const { code, out, err } = await runProgram("systemd-analyze", ["verify", "--man=no", ...copies]).catch(
      (error: NodeJS.ErrnoException) => {
        assert.equal(error.code, "ENOENT"); // no systemd: the tests above are what is left
        return { code: 0, out: "", err: "" };
      },
    );
    assert.equal(`${out}${err}`, "");
    assert.equal(code, 0);
  });
});
