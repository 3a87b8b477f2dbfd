import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Offences } from "../../gossip/Offences.ts";
import { ManualClock } from "../../service/index.ts";

const offend = (offences: Offences, peer: string, times: number) => {
  for (let i = 0; i < times; i++) offences.note(peer);
};

describe("Offences", () => {
  it("loses patience with the eighth within a minute, with that peer alone", () => {
    const offences = new Offences(new ManualClock());
    offend(offences, "a", 7);
    assert.equal(offences.isIgnored("a"), false);
    offend(offences, "a", 1);
    assert.equal(offences.isIgnored("a"), true);
    assert.equal(offences.isIgnored("b"), false);
  });

  it("listens again when a minute is over", async () => {
    const clock = new ManualClock();
    const offences = new Offences(clock);
    offend(offences, "a", 100);
    await clock.advance(59_999);
    assert.equal(offences.isIgnored("a"), true);
    await clock.advance(1);
    assert.equal(offences.isIgnored("a"), false);
  });

  it("remembers the latest offenders when there are too many", () => {
    const offences = new Offences(new ManualClock());
    offend(offences, "first", 8);
    for (let i = 0; i < 1_024; i++) offend(offences, `peer ${i}`, 8);
    assert.equal(offences.isIgnored("first"), false);
    assert.equal(offences.isIgnored("peer 1023"), true);
  });
});
