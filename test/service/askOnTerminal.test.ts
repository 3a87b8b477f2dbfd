import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { describe, it } from "node:test";
import type { ReadStream } from "node:tty";
import { askOnTerminal } from "../../service/index.ts";

/** A terminal on which somebody types `keys`. */
function terminal(...keys: string[]) {
  const raw: boolean[] = [];
  const input = Object.assign(new PassThrough(), {
    isTTY: true,
    setRawMode: (mode: boolean) => raw.push(mode),
  });
  for (const key of keys) input.write(key);
  let shown = "";
  const output = new PassThrough();
  output.on("data", (text) => {
    shown += text;
  });
  const ask = askOnTerminal(input as unknown as ReadStream, output)!;
  return { ask, raw, shown: () => shown };
}

describe("askOnTerminal", () => {
  it("returns the line, with what was erased taken out, and shows none of it", async () => {
    const { ask, raw, shown } = terminal("hub\u007fnt", "er2\r");
    assert.equal(await ask("Password: "), "hunter2");
    assert.equal(shown(), "Password: \n");
    assert.deepEqual(raw, [true, false]);
  });

  it("asks again on the same terminal, also when both answers came at once", async () => {
    const { ask } = terminal("one\n", "two\nthree\n");
    assert.equal(await ask("First: "), "one");
    assert.equal(await ask("Second: "), "two");
    assert.equal(await ask("Third: "), "three");
  });

  it("takes the end of input for the end of the line", async () => {
    assert.equal(await terminal("abc\u0004").ask("? "), "abc");
  });

  it("is not there where input is no terminal", () => {
    assert.equal(askOnTerminal(new PassThrough() as unknown as ReadStream, new PassThrough()), null);
  });
});
