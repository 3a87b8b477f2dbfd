import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { gasRecipient } from "../../protocol/index.ts";
import { hasCode } from "../support/hasCode.ts";

/** The first of Hardhat's accounts, with its checksum. */
const ADDRESS = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";

describe("the recipient of gas", () => {
  it("is read in letters of one case, or with its checksum", () => {
    const digits = ADDRESS.slice(2);
    for (const text of [ADDRESS, `0x${digits.toLowerCase()}`, `0x${digits.toUpperCase()}`])
      assert.equal(gasRecipient(text), BigInt(ADDRESS));
    assert.equal(gasRecipient(`0x${"0".repeat(39)}1`), 1n);
  });

  it("is refused when one digit or the case of one letter is another", () => {
    const wrong = [
      ADDRESS.replace("f39F", "f39f"),
      ADDRESS.replace("e51", "e52"),
      ADDRESS.replace("66", "67"),
    ];
    for (const text of wrong) assert.throws(() => gasRecipient(text), hasCode("GAS_RECIPIENT"), text);
  });

  it("is refused when it is no address, or the zero address", () => {
    for (const text of [
      "",
      "0x",
      ADDRESS.slice(2),
      `${ADDRESS}0`,
      ADDRESS.slice(0, -1),
      `0x${"0".repeat(40)}`,
    ])
      assert.throws(() => gasRecipient(text), hasCode("GAS_RECIPIENT"), text);
  });
});
