import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { domainHash } from "../../protocol/index.ts";
import { checkPayload } from "../../signer/checks/checkPayload.ts";
import { hasCode } from "../support/hasCode.ts";
import { testBatch, testDeployment, transfers } from "./support/testRollup.ts";

const { genesis, domain, start } = testDeployment(4);
const batch = testBatch(genesis, start, transfers(12));

/** A clock by which every piece of work takes its whole slice, or none takes any time. */
const clock = (stepMs: number) => {
  let time = 0;
  return () => {
    time += stepMs;
    return time;
  };
};
/** Decodes, and counts how often others had their turn meanwhile. */
async function turnsDuring(stepMs: number, data = batch.data) {
  let turns = 0;
  let isOver = false;
  const others = () => {
    turns++;
    if (!isOver) setImmediate(others);
  };
  setImmediate(others);
  try {
    await checkPayload(data, batch.header, domainHash(domain), clock(stepMs));
  } finally {
    isOver = true;
  }
  return turns;
}

describe("decoding of a batch", () => {
  it("gives way to others once its slice is over, also in the middle", async () => {
    assert.ok((await turnsDuring(30)) >= 12, "once a command");
    assert.ok((await turnsDuring(0)) <= 1, "never within a slice");
  });

  it("still refuses what is wrong at the end", async () => {
    const data = Uint8Array.from(batch.data);
    data[data.length - 3]! ^= 1;
    await assert.rejects(turnsDuring(30, data), hasCode("PAYLOAD_MALFORMED"));
  });
});
