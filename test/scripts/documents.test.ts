import assert from "node:assert/strict";
import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { describe, it } from "node:test";
import { cli } from "./support/cli.ts";

/** Everything written by hand that a reader may copy from or follow. */
const files = ["README.md", "CONTRIBUTING.md", ...globSync("docs/*.md").sort()];
const text = (file: string) => readFileSync(file, "utf8");
const found = (file: string, pattern: RegExp) => [...text(file).matchAll(pattern)].map(([, match]) => match!);
const own =
  "contracts|protocol|ledger|service|circuits|l1|da|gossip|signer|relay|sequencer|scripts|test|docs";

/** As GitHub makes them of headings. */
function anchorsOf(file: string): string[] {
  return found(file, /^#+ (.*)$/gm).map((heading) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

/** Lines of the shell blocks that start `npx zeko`, continued lines joined, redirections left out. */
function zekoCommands(file: string): string[] {
  return found(file, /```sh\n([\s\S]*?)```/g)
    .flatMap((block) => block.replaceAll("\\\n", " ").split("\n"))
    .filter((line) => line.startsWith("npx zeko "))
    .map((line) => line.slice("npx zeko ".length).replace(/ [<>].*$/, ""));
}

describe("documents", () => {
  for (const file of files) {
    it(`${file} links to pages and headings that exist`, () => {
      const links = found(file, /\]\(([^)\s]+)\)/g).filter((link) => !link.includes("://"));
      const broken = links.filter((link) => {
        const [path = "", anchor] = link.split("#");
        const target = path === "" ? file : normalize(join(dirname(file), path));
        return !existsSync(target) || (anchor !== undefined && !anchorsOf(target).includes(anchor));
      });
      assert.deepEqual(broken, []);
    });

    it(`${file} names files that exist`, () => {
      const named = found(file, new RegExp(`\`((?:${own})/[\\w./-]*)\``, "g"));
      assert.deepEqual(
        named.filter((path) => !existsSync(path)),
        [],
      );
    });

    it(`${file} names codes and metrics that exist`, () => {
      const codes = found(file, /`([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)`/g).filter(
        (code) => !/^(ZEKO|MINA)_/.test(code),
      );
      const metrics = found(file, /\b(zeko_[a-z0-9]+_[a-z0-9_]*[a-z0-9])\b/g);
      const known = text("docs/errors.md") + text("docs/metrics.md");
      const unknown = [...codes, ...metrics].filter(
        (name) => !known.includes(`\`${name.replace(/_bucket$/, "")}\``),
      );
      assert.deepEqual(unknown, []);
    });
  }

  const commands = ["README.md", "docs/operators.md"].flatMap((file) =>
    zekoCommands(file).map((command) => ({ file, command })),
  );
  for (const { file, command } of commands)
    it(`${file}: zeko ${command}`, async () => {
      // A reader's own values stand there as examples.
      const words = command
        .replace("B62q…", "B62qoaZ29KaQXpRK4z6GezP89jKQVr3nUFP5BvmZpqodcwwpdzqGtHc")
        .replace("0x…", `0x${"a1".repeat(20)}`)
        .replace(/^config dump /, "")
        .replace(/ --config \S+/, "")
        .split(/\s+/);
      const { code, err } = await cli(["config", "dump", ...words]);
      // What its configuration file would say is missing then, and nothing else.
      assert.ok(code === 0 || (command.includes("--config") && err.includes("CONFIG_MISSING")), err);
    });

  it("list every HTTP path that a role serves, and no other", () => {
    const sources = globSync([
      "{signer,relay}/**/*Route{,s}.ts",
      "{sequencer/http,l1/devnet,l1/graphql}/*Routes.ts",
    ]);
    const served = sources.flatMap((file) => found(file, /"(\/v1\/[\w/:-]+)"/g)).map(shape);
    const pages = text("docs/operators.md") + text("docs/devnet.md");
    const told = [...pages.matchAll(/`(?:GET|POST) (\/v1\/[^`? ]+)|, `…\/([\w-]+)`/g)].map(([, path, tail]) =>
      shape(path ?? `/v1/batches/<id>/${tail}`),
    );
    assert.deepEqual([...new Set(told)].sort(), [...new Set(served)].sort());
  });

  it("repeat the figures that are pinned", () => {
    const page = text("docs/benchmarks.md");
    const circuits = JSON.parse(text("test/snapshots/circuits.json")) as Record<string, { rows: number }>;
    const { signature, certificate, chunk, transaction, vault } = JSON.parse(text("test/snapshots/gas.json"));
    const figures = [
      ...Object.values(circuits).map(({ rows }) => rows),
      ...[signature, certificate, chunk, transaction, vault].flatMap((part) =>
        Object.values({ part }).flatMap(numbersIn),
      ),
    ].filter((figure) => figure > 0);
    const missing = figures.filter((figure) => !page.includes(figure.toLocaleString("en")));
    assert.deepEqual(missing, [], "read the change, then copy it to docs/benchmarks.md");
  });
});

function shape(path: string): string {
  return path.replace(/:\w+|<\w+>/g, "*");
}

function numbersIn(value: unknown): number[] {
  if (typeof value === "number") return [value];
  return Object.values(value as Record<string, unknown>).flatMap(numbersIn);
}
