import { compareSchnorr } from "./fuzz/compareSchnorr.ts";

/**
 * Compares the contract's verdicts with mina-signer's and o1js': `node scripts/contracts/fuzzSchnorr.ts [count] [seed]`, after
 * `npm run contracts`. Ends with 1 where they differ, and prints the cases.
 */
const [count = "10000", seed = "zeko"] = process.argv.slice(2);
const startedAt = performance.now();
const { disagreements, ...figures } = await compareSchnorr(seed, Number(count));
const seconds = Math.round((performance.now() - startedAt) / 1_000);
console.log(JSON.stringify({ seed, seconds, disagreements: disagreements.length, ...figures }, null, 2));
for (const found of disagreements)
  console.log(JSON.stringify(found, (_, value) => (typeof value === "bigint" ? value.toString() : value)));
process.exitCode = disagreements.length > 0 ? 1 : 0;
