import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  type ConfigSources,
  dumpConfig,
  type OptionGroup,
  resolveConfig,
  Secret,
  toJson,
} from "../../service/index.ts";
import { hasCode } from "../support/hasCode.ts";

const group = {
  "signer.poll-interval-ms": { type: "integer", default: 1_000, min: 100, max: 60_000, description: "pause" },
  "signer.min-fee": { type: "amount", default: 5n, description: "fee" },
  "data-dir": { type: "path", required: true, description: "place" },
  "da.url": { type: "url", default: "http://127.0.0.1:8545", description: "chain" },
  peers: { type: "list", default: [], pattern: /^\//, description: "peers" },
  gossip: { type: "boolean", default: true, description: "gossip" },
  level: { type: "choice", choices: ["a", "b"], default: "a", description: "level" },
  "api-token": { type: "string", secret: true, description: "token" },
} as const satisfies OptionGroup;

const minimal: ConfigSources = { flags: ["--data-dir", "d"] };
const resolve = (sources: ConfigSources) => resolveConfig(group, sources);
const withFile = (values: Record<string, unknown>): ConfigSources => ({
  ...minimal,
  file: { path: "f.json", values },
});
const withFlags = (...flags: string[]): ConfigSources => ({ flags: ["--data-dir", "d", ...flags] });

describe("resolveConfig", () => {
  it("takes the default where nothing else is given", () => {
    const { values, sources } = resolve(minimal);
    assert.equal(values["signer.poll-interval-ms"], 1_000);
    assert.equal(sources["signer.poll-interval-ms"], "default");
    assert.equal(values["api-token"], undefined);
  });

  it("prefers file to default, environment to file, flag to environment", () => {
    const file = { path: "f.json", values: { "signer.poll-interval-ms": 200 } };
    const environment = { ZEKO_SIGNER_POLL_INTERVAL_MS: "300" };
    const flags = [...minimal.flags!, "--signer.poll-interval-ms=400"];
    const value = (sources: ConfigSources) => resolve(sources).values["signer.poll-interval-ms"];
    assert.equal(value({ ...minimal, file }), 200);
    assert.equal(value({ ...minimal, file, environment }), 300);
    assert.equal(value({ flags, file, environment }), 400);
  });

  it("reads every type from text and from JSON", () => {
    const text = resolve(
      withFlags("--signer.min-fee", "7", "--peers", "/a,/b", "--peers=/c", "--gossip=false", "--level", "b"),
    ).values;
    assert.deepEqual(
      [text["signer.min-fee"], text.peers, text.gossip, text.level],
      [7n, ["/a", "/b", "/c"], false, "b"],
    );
    const json = resolve(withFile({ "signer.min-fee": "7", peers: ["/a"], gossip: false })).values;
    assert.deepEqual([json["signer.min-fee"], json.peers, json.gossip], [7n, ["/a"], false]);
  });

  it("takes a bare boolean flag as true and does not eat what follows it", () => {
    assert.equal(resolve(withFlags("--gossip", "--level", "b")).values.level, "b");
  });

  const refusals: [name: string, code: string, sources: ConfigSources][] = [
    ["an unknown flag", "CONFIG_UNKNOWN_FLAG", withFlags("--sinner.poll-interval-ms", "5")],
    ["a short flag", "CONFIG_UNKNOWN_FLAG", withFlags("-d")],
    ["a flag named like an inherited property", "CONFIG_UNKNOWN_FLAG", withFlags("--constructor", "5")],
    ["an unknown key in the file", "CONFIG_UNKNOWN_KEY", withFile({ "signer.pol": 5 })],
    ["a key named like an inherited property", "CONFIG_UNKNOWN_KEY", withFile({ toString: 5 })],
    [
      "an unknown ZEKO_ variable",
      "CONFIG_UNKNOWN_ENVIRONMENT",
      { ...minimal, environment: { ZEKO_SINGER: "1" } },
    ],
    ["a flag without its value", "CONFIG_NO_VALUE", withFlags("--level")],
    ["a flag given twice", "CONFIG_REPEATED", withFlags("--level=a", "--level=b")],
    ["a secret on the command line", "CONFIG_SECRET_ON_COMMAND_LINE", withFlags("--api-token=x")],
    ["a stray argument", "CONFIG_UNEXPECTED_ARGUMENT", withFlags("stray")],
    ["a missing required option", "CONFIG_MISSING", {}],
    ["text for an integer", "CONFIG_BAD_VALUE", withFlags("--signer.poll-interval-ms", "1e3")],
    ["an integer below its least", "CONFIG_BAD_VALUE", withFlags("--signer.poll-interval-ms", "99")],
    ["an integer above its most", "CONFIG_BAD_VALUE", withFlags("--signer.poll-interval-ms", "60001")],
    ["a fraction in the file", "CONFIG_BAD_VALUE", withFile({ "signer.poll-interval-ms": 100.5 })],
    ["a negative amount", "CONFIG_BAD_VALUE", withFlags("--signer.min-fee=-1")],
    [
      "an amount beyond double precision as a JSON number",
      "CONFIG_BAD_VALUE",
      withFile({ "signer.min-fee": 1e20 }),
    ],
    ["an address that is not http", "CONFIG_BAD_VALUE", withFlags("--da.url", "ftp://x")],
    ["a choice that is none", "CONFIG_BAD_VALUE", withFlags("--level", "c")],
    ["a list with a bad item", "CONFIG_BAD_VALUE", withFlags("--peers", "/a,b")],
    ["an object in the file", "CONFIG_BAD_VALUE", withFile({ level: {} })],
    ["null in the file", "CONFIG_BAD_VALUE", withFile({ level: null })],
    ["an empty path", "CONFIG_BAD_VALUE", { flags: ["--data-dir="] }],
    [
      "a wrong value that a flag overrides",
      "CONFIG_BAD_VALUE",
      { ...withFile({ level: "c" }), flags: ["--data-dir=d", "--level=a"] },
    ],
  ];
  for (const [name, code, sources] of refusals) {
    it(`refuses ${name}`, () => assert.throws(() => resolve(sources), hasCode(code)));
  }

  it("never repeats a refused value, nor what follows a misspelt flag", () => {
    for (const sources of [withFlags("--api-tokn=hunter2"), withFile({ level: "hunter2" })])
      assert.throws(
        () => resolve(sources),
        (error: Error) => !JSON.stringify([error.message, error]).includes("hunter2"),
      );
  });

  it("leaves alone what belongs to another command, and only that", () => {
    const rules = { foreign: ["relay"] };
    const values = { "relay.x": 1 };
    const environment = { ZEKO_RELAY_X: "1" };
    assert.doesNotThrow(() => resolveConfig(group, { ...withFile(values), environment }, rules));
    assert.throws(() => resolveConfig(group, withFile({ relays: 1 }), rules), hasCode("CONFIG_UNKNOWN_KEY"));
    const stray = { ...minimal, environment: { ZEKO_RELAYS: "1" } };
    assert.throws(() => resolveConfig(group, stray, rules), hasCode("CONFIG_UNKNOWN_ENVIRONMENT"));
  });
});

describe("dumpConfig", () => {
  const config = resolve({ ...minimal, environment: { ZEKO_API_TOKEN: "hunter2" } });

  it("prints a file that resolves to the same values, secrets apart", () => {
    const { "api-token": token, ...values } = JSON.parse(dumpConfig(group, config));
    assert.equal(token, "[redacted]");
    assert.deepEqual(
      { ...resolve({ file: { path: "f", values } }).values, "api-token": undefined },
      {
        ...config.values,
        "api-token": undefined,
      },
    );
  });

  it("never shows a secret, however it is printed", async () => {
    const secret = config.values["api-token"]!;
    assert.ok(secret instanceof Secret);
    const { inspect } = await import("node:util");
    const shown = [
      dumpConfig(group, config),
      `${secret}`,
      toJson(config),
      inspect(config, { depth: 9, showHidden: true }),
    ];
    assert.ok(!shown.join().includes("hunter2"));
    assert.equal(secret.reveal(), "hunter2");
  });
});
