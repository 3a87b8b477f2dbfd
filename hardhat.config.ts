import { fileURLToPath } from "node:url";
import hardhatEthers from "@nomicfoundation/hardhat-ethers";
import { defineConfig } from "hardhat/config";

const chain = { type: "edr-simulated", chainType: "l1", hardfork: "prague" } as const;

/** A node that runs already, for contract tests that need nothing but Ethereum's own methods. */
const { ZEKO_TEST_RPC: url, ZEKO_TEST_KEYS: keys } = process.env;
const remote =
  url === undefined ? {} : { remote: { type: "http", url, accounts: keys?.split(",") ?? [] } as const };

export default defineConfig({
  plugins: [hardhatEthers],
  paths: { sources: "contracts" },
  solidity: {
    version: "0.8.37",
    // The package's own compiler: nothing is downloaded.
    path: fileURLToPath(import.meta.resolve("solc/soljson.js")),
    settings: {
      viaIR: true, // the curve arithmetic needs more than sixteen stack slots
      optimizer: { enabled: true, runs: 1_000_000 },
      evmVersion: "cancun", // what every Ethermint-compatible chain of today runs
      metadata: { bytecodeHash: "none" }, // so that bytecode changes only when code does
    },
  },
  test: {
    solidity: {
      fuzz: { seed: "0x7a656b6f", runs: 256 },
      // What is refused is no failure. Some 3 000 calls an invariant, from one seed.
      invariant: { runs: 48, depth: 64, failOnRevert: false },
    },
  },
  // Tests and `hardhat node` alike: the rules that Ethermint-compatible chains have today.
  networks: { default: chain, node: chain, ...remote },
});
