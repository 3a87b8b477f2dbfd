import assert from "node:assert/strict";
import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, describe, it } from "node:test";
import { commands } from "../../scripts/cli/commands.ts";
import { describeOptions, exitCodes, newMinaKeyPair } from "../../service/index.ts";
import { temporaryDirectory } from "../support/temporaryDirectory.ts";
import { cli } from "./support/cli.ts";

describe("zeko", () => {
  it("lists every command, with and without being asked", async () => {
    const asked = await cli(["help"]);
    assert.equal(asked.code, exitCodes.ok);
    for (const { name, summary } of commands)
      assert.ok(asked.out.includes(name) && asked.out.includes(summary));
    const bare = await cli([]);
    assert.equal(bare.code, exitCodes.usage);
    assert.equal(bare.err, asked.out);
  });

  for (const { name, load } of commands)
    it(`explains every option of "${name}"`, async () => {
      const { code, out } = await cli([...name.split(" "), "--help"]);
      assert.equal(code, exitCodes.ok);
      for (const option of describeOptions((await load()).options)) {
        assert.ok(out.includes(option.description) && out.includes(option.environment), option.name);
        assert.equal(out.includes(`--${option.name}\n`), !option.secret, option.name);
      }
      assert.equal((await cli(["help", ...name.split(" ")])).out, out);
    });

  const refusals: [name: string, words: string[], code: string, environment?: Record<string, string>][] = [
    ["an unknown command", ["singer"], "CONFIG_UNKNOWN_COMMAND"],
    ["an unknown second word", ["keys", "burn"], "CONFIG_UNKNOWN_COMMAND"],
    ["help about nothing known", ["help", "singer"], "CONFIG_UNKNOWN_COMMAND"],
    ["config dump of nothing", ["config", "dump"], "CONFIG_UNKNOWN_COMMAND"],
    ["a flag before the command", ["--verbose", "devnet"], "CONFIG_UNKNOWN_COMMAND"],
    ["an unknown flag", ["devnet", "--devnet.prot", "5"], "CONFIG_UNKNOWN_FLAG"],
    ["a flag of another command", ["devnet", "--key-kind", "da"], "CONFIG_UNKNOWN_FLAG"],
    ["a wrong type", ["devnet", "--devnet.port", "http"], "CONFIG_BAD_VALUE"],
    ["a stray argument", ["devnet", "now"], "CONFIG_UNEXPECTED_ARGUMENT"],
    ["a missing argument", ["keys", "new"], "CONFIG_UNEXPECTED_ARGUMENT"],
    ["a missing option", ["verify", "certificate", "c.json"], "CONFIG_MISSING"],
    ["a password as a flag", ["keys", "new", "f", "--key-password=x"], "CONFIG_SECRET_ON_COMMAND_LINE"],
    ["a misspelt variable", ["devnet"], "CONFIG_UNKNOWN_ENVIRONMENT", { ZEKO_DEVNET_PROT: "5" }],
    [
      "a configuration file that is not there",
      ["devnet", "--config", "/nonexistent"],
      "CONFIG_FILE_UNREADABLE",
    ],
    [
      "a configuration file that is none",
      ["devnet"],
      "CONFIG_FILE_NOT_JSON",
      { ZEKO_CONFIG: import.meta.filename },
    ],
  ];
  for (const [name, words, code, environment] of refusals)
    it(`refuses ${name} with exit code 2`, async () => {
      const run = await cli(words, { environment });
      assert.equal(run.code, exitCodes.usage);
      assert.match(run.err, new RegExp(`^code: ${code}$`, "m"));
      assert.equal(run.out, "");
    });

  it("leaves alone the variables of other commands", async () => {
    const environment = { ZEKO_RELAY_PORT: "5", ZEKO_KEY_PASSWORD: "x", ZEKO_CACHE_DIR: "/tmp" };
    assert.equal((await cli(["config", "dump", "devnet"], { environment })).code, exitCodes.ok);
  });
});

describe("zeko config dump", () => {
  const directory = temporaryDirectory();

  it("prints a file that gives the same configuration again", async () => {
    const first = await cli(["config", "dump", "devnet", "--devnet.port", "9"]);
    const file = join(directory, "config.json");
    writeFileSync(file, first.out);
    const second = await cli(["config", "dump", "devnet", "--config", file]);
    assert.equal(second.out, first.out);
    assert.equal(JSON.parse(first.out)["devnet.port"], 9);
  });

  it("prefers flag to environment to file", async () => {
    const file = join(directory, "low.json");
    writeFileSync(file, '{"devnet.port": 1, "relay.whatever": 1}');
    const port = async (words: string[], environment = {}) =>
      JSON.parse((await cli(["config", "dump", "devnet", "--config", file, ...words], { environment })).out)[
        "devnet.port"
      ];
    assert.equal(await port([]), 1);
    assert.equal(await port([], { ZEKO_DEVNET_PORT: "2" }), 2);
    assert.equal(await port(["--devnet.port=3"], { ZEKO_DEVNET_PORT: "2" }), 3);
  });

  it("never prints a secret", async () => {
    const environment = { ZEKO_KEY_PASSWORD: "hunter2" };
    const { out, err } = await cli(["config", "dump", "keys", "show", "f"], { environment });
    assert.equal(JSON.parse(out)["key-password"], "[redacted]");
    assert.ok(!`${out}${err}`.includes("hunter2"));
  });
});

describe("zeko keys", () => {
  const directory = temporaryDirectory();
  const environment = { ZEKO_KEY_PASSWORD: "pw" };
  const file = join(directory, "key");
  let made: Awaited<ReturnType<typeof cli>>;
  before(async () => {
    made = await cli(["keys", "new", file], { environment });
  });
  const put = (name: string, text: string, mode: number) => {
    const path = join(directory, name);
    writeFileSync(path, text);
    chmodSync(path, mode);
    return path;
  };

  it("new makes a key that show opens", async () => {
    assert.equal(made.code, exitCodes.ok);
    assert.match(made.out, /^B62q\w+\n$/);
    assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.equal(readFileSync(`${file}.pub`, "utf8"), made.out);
    assert.deepEqual(await cli(["keys", "show", file], { environment }), made);
  });

  it("new makes a DA key when asked", async () => {
    const da = join(directory, "da");
    const { out } = await cli(["keys", "new", da, "--key-kind", "da"], { environment });
    assert.match(out, /^0x[0-9a-fA-F]{40}\n$/);
    assert.equal((await cli(["keys", "show", da], { environment })).out, out);
  });

  it("import takes the key from standard input, or by asking", async () => {
    const key = newMinaKeyPair();
    const input = `${key.privateKey.reveal()}\n`;
    const piped = await cli(["keys", "import", join(directory, "piped")], { environment, input });
    assert.equal(piped.out, `${key.address}\n`);
    const answers = [key.privateKey.reveal(), "pw", "pw"];
    const asked = await cli(["keys", "import", join(directory, "asked")], { answers });
    assert.equal(asked.out, `${key.address}\n`);
  });

  it("show prefers our variable for the password to Mina's, and takes that too", async () => {
    const both = { MINA_PRIVKEY_PASS: "no", ZEKO_KEY_PASSWORD: "pw" };
    assert.equal((await cli(["keys", "show", file], { environment: both })).code, exitCodes.ok);
    assert.equal(
      (await cli(["keys", "show", file], { environment: { MINA_PRIVKEY_PASS: "pw" } })).code,
      exitCodes.ok,
    );
  });

  it("show takes a private password file", async () => {
    const words = ["keys", "show", file, "--password-file", put("password", "pw\n", 0o600)];
    assert.equal((await cli(words)).code, exitCodes.ok);
  });

  const unknown = { ZEKO_KEY_PASSWORD: "hunter2" };
  const fresh = join(directory, "fresh");
  const refusals: [name: string, code: string, run: () => ReturnType<typeof cli>][] = [
    [
      "show with a wrong password",
      "KEY_PASSWORD_WRONG",
      () => cli(["keys", "show", file], { environment: unknown }),
    ],
    ["new over an old key", "KEY_FILE_EXISTS", () => cli(["keys", "new", file], { environment })],
    [
      "show of a key that others may read",
      "KEY_FILE_OPEN",
      () => cli(["keys", "show", put("open", readFileSync(file, "utf8"), 0o644)], { environment }),
    ],
    [
      "show with a password file that others may read",
      "KEY_FILE_OPEN",
      () => cli(["keys", "show", file, "--password-file", put("open-password", "pw", 0o644)]),
    ],
    [
      "show of what is no key file",
      "KEY_FILE_MALFORMED",
      () => cli(["keys", "show", put("text", "hunter2", 0o600)], { environment }),
    ],
    [
      "import of what is no key",
      "KEY_PRIVATE_MALFORMED",
      () => cli(["keys", "import", fresh], { environment, input: "hunter2" }),
    ],
    ["new without a password or anybody to ask", "KEY_PASSWORD_MISSING", () => cli(["keys", "new", fresh])],
    [
      "new with two different passwords",
      "KEY_PASSWORD_MISMATCH",
      () => cli(["keys", "new", fresh], { answers: ["a", "b"] }),
    ],
  ];
  for (const [name, code, run] of refusals)
    it(`refuses ${name} with exit code 5, and leaves nothing behind`, async () => {
      const { code: exit, err, out } = await run();
      assert.equal(exit, exitCodes.key);
      assert.match(err, new RegExp(`^code: ${code}$`, "m"));
      assert.ok(!`${out}${err}`.includes("hunter2"));
      assert.ok(!existsSync(fresh) && !existsSync(`${fresh}.pub`));
    });
});
