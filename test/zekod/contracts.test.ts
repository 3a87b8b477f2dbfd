import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { after, before, describe, it } from "node:test";
import { portableContractTests } from "../contracts/support/network.ts";
import { fundedKeys } from "../da/support/hardhatNode.ts";
import { type ZekodNetwork, zekodNetwork } from "./support/zekodNetwork.ts";

const LIMIT_MS = 600_000;

describe("contracts on our own chain", () => {
  let chain: ZekodNetwork;
  before(async () => {
    chain = await zekodNetwork(1);
  });
  after(() => chain?.close());

  for (const name of portableContractTests) {
    it(`${name}.test.ts passes as on Hardhat's network`, () => {
      const env = {
        ...process.env,
        NODE_TEST_CONTEXT: undefined, // or the runner inside takes itself for a part of this one
        ZEKO_TEST_RPC: chain.url,
        ZEKO_TEST_KEYS: fundedKeys.map(({ privateKey }) => privateKey.reveal()).join(","),
      };
      const file = new URL(`../contracts/${name}.test.ts`, import.meta.url).pathname;
      const { status, stdout } = spawnSync(process.execPath, ["--test", file], {
        env,
        timeout: LIMIT_MS,
        encoding: "utf8",
      });
      assert.equal(status, 0, stdout);
    });
  }
});
