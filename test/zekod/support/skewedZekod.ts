import assert from "node:assert/strict";
import { cp, readFile, writeFile } from "node:fs/promises";
import { join, sep } from "node:path";
import { defaultCacheDirectory } from "../../../circuits/index.ts";
import { buildChain } from "../../../scripts/chain/buildChain.ts";
import { ChainNode } from "../../../scripts/chain/ChainNode.ts";
import { runProgram } from "../../../scripts/chain/runProgram.ts";

const MODULE = "github.com/cometbft/cometbft";
/** Where consensus looks at the clock. Go asks the kernel past anything that could be put before it. */
const CLOCK = join("types", "time", "time.go");
const VARIABLE = "ZEKOD_TEST_CLOCK";

/** The node with a consensus clock that is off by what the environment says, built once and kept. */
export async function skewedZekod(): Promise<string> {
  const { binary } = await buildChain(defaultCacheDirectory(process.env), {
    name: "clock off by the environment, 1",
    async prepare(directory, sources) {
      const copy = join(directory, "cometbft");
      await cp(await moduleDirectory(sources), copy, { recursive: true, filter: isSource });
      await makeWritable(copy);
      const clock = join(copy, CLOCK);
      await writeFile(clock, shifted(await readFile(clock, "utf8")));
      const [mod, sum] = await Promise.all(["go.mod", "go.sum"].map((name) => readFile(join(sources, name))));
      const replaced = join(directory, "go.mod");
      await writeFile(replaced, `${mod}\nreplace ${MODULE} => ${copy}\n`);
      await writeFile(join(directory, "go.sum"), sum!);
      return [`-modfile=${replaced}`];
    },
  });
  return binary;
}

/** The same node, on the same home, with its clock off. The other one must have ended. */
export function startSkewed({ number, home, ports }: ChainNode, binary: string, minutes: number): ChainNode {
  const node = new ChainNode({ number, home, ports, binary });
  node.start({ detached: false, environment: { [VARIABLE]: `${minutes}m` } });
  return node;
}

async function moduleDirectory(sources: string): Promise<string> {
  const { out } = await runProgram("go", ["list", "-m", "-f", "{{.Dir}}", MODULE], { cwd: sources });
  return out.trim();
}

/** Without what is not compiled, which is most of it. */
function isSource(path: string): boolean {
  return (
    !/_test\.go$|\.md$/.test(path) && !["docs", "spec", ".git"].some((name) => path.endsWith(sep + name))
  );
}

/** Module caches are read only. */
async function makeWritable(directory: string): Promise<void> {
  const { code, err } = await runProgram("chmod", ["-R", "u+w", directory]);
  assert.equal(code, 0, err);
}

function shifted(source: string): string {
  const clock = source
    .replace("import (\n", 'import (\n\t"os"\n')
    .replace("Canonical(time.Now())", "Canonical(time.Now().Add(off))");
  assert.match(clock, /Add\(off\)/);
  return `${clock}\nvar off, _ = time.ParseDuration(os.Getenv("${VARIABLE}"))\n`;
}
