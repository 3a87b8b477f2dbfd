/**
 * Writes the golden vectors in test/vectors: `npm run vectors`.
 *
 * Inputs are fixed; outputs come from protocol/. TypeScript, circuits and Solidity are checked against these files, so
 * a diff here is a change of the protocol. Numbers are decimal strings, bytes are hex.
 */
import { writeFileSync } from "node:fs";
import { batchVectors } from "./vectors/batchVectors.ts";
import { commitmentVectors } from "./vectors/commitmentVectors.ts";
import { feeVectors } from "./vectors/feeVectors.ts";
import { gasVectors } from "./vectors/gasVectors.ts";
import { hashVectors } from "./vectors/hashVectors.ts";
import { rotationVectors } from "./vectors/rotationVectors.ts";
import { setVectors } from "./vectors/setVectors.ts";
import { signatureVectors } from "./vectors/signatureVectors.ts";

const files = {
  ...hashVectors(),
  ...commitmentVectors(),
  ...setVectors(),
  ...rotationVectors(),
  ...signatureVectors(),
  ...batchVectors(),
  ...feeVectors(),
  ...gasVectors(),
};

const directory = new URL("../test/vectors/", import.meta.url);
for (const [name, vectors] of Object.entries(files)) {
  const text = JSON.stringify(
    vectors,
    (_, value: unknown) => (typeof value === "bigint" ? value.toString() : value),
    1,
  );
  writeFileSync(new URL(`${name}.json`, directory), `${text}\n`);
}
