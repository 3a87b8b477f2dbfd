import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { genesisSnapshot } from "../../ledger/index.ts";
import { stateHash } from "../../protocol/index.ts";
import { RecoveryError } from "../../sequencer/errors/RecoveryError.ts";
import type { ArchivedBatch } from "../../sequencer/index.ts";
import { pathTo } from "../../sequencer/recovery/archivedPath.ts";
import { testGenesis } from "../ledger/support/genesis.ts";
import { hasCode } from "../support/hasCode.ts";

const { state } = genesisSnapshot(testGenesis());
const START = stateHash(state);
/** A batch from one state to another. */
const from = (source: bigint, target: bigint, name = ""): ArchivedBatch => ({
  id: `${source === START ? "start" : source}-${target}${name}`,
  header: {
    ...{ number: 0n, source, target },
    ...{ landBy: 0n, dataLength: 0n, decodedLength: 0n, scheme: 1n },
  },
});

/** @param uncertified ids @returns ids on the path to state 9, and how many batches were asked for */
async function path(listed: ArchivedBatch[], uncertified: string[] = []) {
  let asked = 0;
  const found = await pathTo(listed, state, 9n, async ({ id }) => {
    asked++;
    if (uncertified.includes(id)) throw new RecoveryError("RECOVERY_NOT_CERTIFIED", { batch: id });
  });
  return { ids: found.map((candidates) => candidates.map(({ id }) => id)), asked };
}

describe("the path that a recovery follows", () => {
  it("names every rival with the same ends, and asks for nothing where there is no choice of ways", async () => {
    const listed = [from(1n, 9n), from(START, 1n, "a"), from(START, 1n, "b"), from(9n, 10n)];
    assert.deepEqual(await path(listed), { ids: [["start-1a", "start-1b"], ["1-9"]], asked: 0 });
  });

  it("is empty where we stand at the accepted state", async () => {
    assert.deepEqual(await pathTo([from(1n, START)], state, START, async () => {}), []);
  });

  // Two certified batches with one target, from different sources: only one of them leads to where we stand.
  const rivals = [from(2n, 9n), from(3n, 9n), from(START, 3n)];
  for (const [name, listed] of [
    ["the first", rivals],
    ["the second", rivals.toReversed()],
  ] as const)
    it(`goes back over a source that leads to us, though another is listed, ${name}`, async () => {
      assert.deepEqual((await path([...listed])).ids, [["start-3"], ["3-9"]]);
    });

  it("leaves a way that ends many batches back", async () => {
    const listed = [from(2n, 9n), from(4n, 2n), from(5n, 4n), from(3n, 9n), from(START, 3n), from(4n, 5n)];
    assert.deepEqual((await path(listed)).ids, [["start-3"], ["3-9"]]);
  });

  it("does not follow what is not certified, wherever on the way", async () => {
    const listed = [from(2n, 9n), from(START, 2n), from(3n, 9n), from(START, 3n)];
    assert.deepEqual((await path(listed)).ids, [["start-2"], ["2-9"]]);
    assert.deepEqual((await path(listed, ["2-9"])).ids, [["start-3"], ["3-9"]]);
    assert.deepEqual((await path(listed, ["start-2"])).ids, [["start-3"], ["3-9"]]);
    await assert.rejects(path(listed, ["start-2", "3-9"]), hasCode("RECOVERY_NOT_CERTIFIED"));
  });

  it("asks for each batch once, however many ways share it", async () => {
    const layers = [2n, 3n].flatMap((top) => [from(top, 9n), from(4n, top), from(5n, top)]);
    const listed = [...layers, from(6n, 4n), from(6n, 5n)];
    await assert.rejects(path(listed), hasCode("RECOVERY_PATH_MISSING"));
    const { asked } = await path([...listed, from(START, 6n)]);
    assert.ok(asked <= listed.length + 1, `${asked} asked`);
  });

  it("refuses a list that does not reach us, or walks in a circle", async () => {
    await assert.rejects(path([]), hasCode("RECOVERY_PATH_MISSING"));
    await assert.rejects(path([from(1n, 9n)]), hasCode("RECOVERY_PATH_MISSING"));
    await assert.rejects(path([from(1n, 9n), from(9n, 1n)]), hasCode("RECOVERY_PATH_MISSING"));
    await assert.rejects(path([from(9n, 9n)]), hasCode("RECOVERY_PATH_MISSING"));
  });
});
