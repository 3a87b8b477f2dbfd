import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, describe, it } from "node:test";
import { exitCodes } from "../../service/index.ts";
import { temporaryDirectory } from "../support/temporaryDirectory.ts";

const directory = temporaryDirectory();
const root = join(import.meta.dirname, "../..");

type Line = { message: string; code?: string; url?: string };
type Process = {
  child: ChildProcess;
  lines: Line[];
  exit: Promise<number>;
  until: (message: string) => Promise<Line>;
};

/** Starts `zeko` as an operator would. */
function zeko(words: readonly string[], environment: Record<string, string> = {}): Process {
  const { PATH = "", HOME = "" } = process.env;
  const options = { cwd: directory, env: { PATH, HOME, ...environment } };
  const child = spawn(process.execPath, [join(root, "scripts/zeko.ts"), ...words], options);
  after(() => child.kill("SIGKILL"));
  const lines: Line[] = [];
  const reader = createInterface({ input: child.stdout! });
  reader.on("line", (line) => lines.push(JSON.parse(line)));
  const exit = once(child, "close").then(([code]) => code as number);
  const until = async (message: string) => {
    for (;;) {
      const found = lines.find((line) => line.message === message);
      if (found) return found;
      await Promise.race([
        once(reader, "line"),
        exit.then((code) => assert.fail(`ended with ${code}: ${JSON.stringify(lines)}`)),
      ]);
    }
  };
  return { child, lines, exit, until };
}

describe("a role as a process", () => {
  const words = ["devnet", "--devnet.port", "0", "--devnet.data-dir", join(directory, "devnet")];

  it("logs JSON, serves its state and metrics on loopback, and drains on SIGTERM", async () => {
    const role = zeko(words);
    const { url } = await role.until("listening");
    assert.equal(new URL(url!).hostname, "127.0.0.1");
    assert.equal((await fetch(`${url}/livez`)).status, 200);
    assert.equal((await fetch(`${url}/readyz`)).status, 200);
    assert.match(await (await fetch(`${url}/metrics`)).text(), /process_resident_memory_bytes/);
    await role.until("running");
    role.child.kill("SIGTERM");
    assert.equal(await role.exit, exitCodes.ok);
    assert.equal(role.lines.at(-1)!.message, "ended");
  });

  it("is refused a data directory that another process holds, with exit code 3, and takes over that of a killed one", async () => {
    const first = zeko(words);
    await first.until("running");
    const second = zeko(words);
    assert.equal(await second.exit, exitCodes.locked);
    assert.ok(second.lines.some(({ code }) => code === "DATA_DIRECTORY_LOCKED"));
    first.child.kill("SIGKILL");
    await first.exit;
    assert.ok(existsSync(join(directory, "devnet/lock")));
    const third = zeko(words);
    await third.until("running");
    third.child.kill("SIGINT");
    assert.equal(await third.exit, exitCodes.ok);
  });

  it("is refused a data directory of a newer program, with exit code 4", async () => {
    const schema = { role: "devnet", schema: 1_000, network: null };
    writeFileSync(join(directory, "devnet/schema.json"), JSON.stringify(schema));
    const role = zeko(words);
    assert.equal(await role.exit, exitCodes.dataDirectory);
    assert.ok(role.lines.some(({ code }) => code === "DATA_DIRECTORY_SCHEMA"));
  });

  const signer = [
    "signer",
    "--signer.da-url",
    "http://127.0.0.1:1",
    "--signer.key-file",
    join(directory, "key"),
  ];
  const genesis = join(directory, "genesis.json");

  it("ends with exit code 2 where the genesis file is missing or no genesis", async () => {
    const missing = zeko([...signer, "--genesis", genesis]);
    assert.equal(await missing.exit, exitCodes.usage);
    assert.equal(missing.lines[0]!.code, "CONFIG_FILE_UNREADABLE");
    writeFileSync(genesis, "{}");
    const empty = zeko([...signer, "--genesis", genesis]);
    assert.equal(await empty.exit, exitCodes.usage);
    assert.equal(empty.lines[0]!.code, "GENESIS_MALFORMED");
  });
});
