import { testFiles } from "./testFiles.mjs";

const script = (title, ...args) => ({ title, command: ["node", ...args] });

const contracts = { title: "contracts", command: ["hardhat", "build", "--no-tests", "--quiet"] };
const types = { title: "types", command: ["tsc", "--project", "."] };
const lint = { title: "lint and format", command: ["biome", "check", "--error-on-warnings", "."] };
const lintSolidity = {
  title: "lint and format of contracts",
  command: ["node", "scripts/checkSolidity.ts"],
};

/** Two cores and 24 GB: two files at a time keep both busy, and two o1js processes fit beside each other. */
const CONCURRENCY = 2;

/** What hangs must fail. The longest test settles a batch with real proofs, minutes on an idle machine. */
const TEST_LIMIT_MS = 1_800_000;

/** One test process a file, so that o1js' global state and memory end with it. */
function tests(files, { concurrency = CONCURRENCY } = {}) {
  const flags = [
    `--test-concurrency=${concurrency}`,
    `--test-timeout=${TEST_LIMIT_MS}`,
    "--test-reporter=spec",
  ];
  const command = ["node", "--test", ...flags, ...files];
  return { title: `${files.length} test files`, command };
}

/** Every `npm run` script: what it is for, and its steps. */
export const tasks = {
  start: {
    about: "the whole system on this machine; -- --once ends after two settled batches",
    steps: (args) => [script("start", "scripts/start.ts", ...args)], // its contracts are in da/contracts.generated.ts
  },
  zeko: {
    about: "the command line, from the sources",
    steps: (args) => [script("zeko", "scripts/zeko.ts", ...args)],
  },
  chain: {
    about: "the DA chain's own node; -- build | up | status | logs | down",
    steps: (args) => [script("chain", "scripts/chain.ts", ...args)],
  },
  test: {
    about: "types, lint, contracts and all tests but the long ones; -- test/signer for a part",
    steps: (args) =>
      args.length > 0
        ? [contracts, tests(testFiles(args))]
        : [contracts, types, lint, lintSolidity, tests(testFiles())],
  },
  "test:proofs": {
    about: "the tests with real proofs",
    steps: () => [contracts, tests(testFiles(["test/proofs"]), { concurrency: 1 })],
  },
  "test:zekod": {
    about: "the tests that need the Go chain",
    steps: () => [contracts, tests(testFiles(["test/zekod"]), { concurrency: 1 })],
  },
  dev: {
    about: "tests of one folder, again at each change: npm run dev -- signer",
    steps: (args) => [
      {
        title: "watch",
        command: ["node", "--test", "--watch", ...testFiles(args.map((name) => `test/${name}`))],
      },
    ],
  },
  check: {
    about: "types, lint, format, arrows between folders, generated documents",
    steps: () => [
      contracts,
      types,
      lint,
      lintSolidity,
      tests(testFiles(["test/architecture.test.ts", "test/scripts"])),
    ],
  },
  format: {
    about: "puts every file into shape",
    steps: () => [
      { title: "biome", command: ["biome", "check", "--write", "."] },
      script("prettier", "scripts/checkSolidity.ts", "--write"),
    ],
  },
  analyse: {
    about: "slither over the contracts; fails where it cannot run",
    steps: (args) => [script("analyse", "scripts/analyse.ts", ...args)],
  },
  "test:invariants": {
    about: "fuzz and invariant tests in Solidity, compiled with what they test",
    steps: () => [{ title: "invariants", command: ["hardhat", "test", "solidity"] }],
  },
  coverage: {
    about: "lines and branches of the contracts that their tests execute; fails below 95%",
    steps: () => [script("coverage", "scripts/coverage.ts")],
  },
  docs: {
    about: "rewrites the generated pages: configuration, errors, metrics",
    steps: () => [script("docs", "scripts/docs.ts")],
  },
  vectors: {
    about: "rewrites test/vectors; read the diff as code",
    steps: (args) => [script("vectors", "scripts/vectors.ts", ...args)],
  },
  snapshots: {
    about: "rewrites test/snapshots; read the diff as code",
    steps: (args) => [contracts, script("snapshots", "scripts/snapshots.ts", ...args)],
  },
  bench: {
    about: "figures as JSON lines; -- --only <prefix> for a part",
    steps: (args) => [contracts, script("bench", "scripts/bench.ts", ...args)],
  },
};
