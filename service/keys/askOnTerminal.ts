import type { ReadStream } from "node:tty";
import type { AskPassword } from "./readPassword.ts";

const ENTER = /[\r\n]/;
const INTERRUPT = "\u0003";
const END_OF_INPUT = "\u0004";
const ERASE = /[\b\u007f]/;

/** A question on the terminal whose answer is not shown; null where input is not a terminal. */
export function askOnTerminal(input: ReadStream, output: NodeJS.WritableStream): AskPassword {
  if (!input.isTTY) return null;
  return async (question) => {
    output.write(question);
    input.setRawMode(true);
    input.setEncoding("utf8");
    try {
      return await readHiddenLine(input);
    } finally {
      input.setRawMode(false);
      input.pause();
      output.write("\n");
    }
  };
}

async function readHiddenLine(input: ReadStream): Promise<string> {
  let line = "";
  for await (const text of input.iterator({ destroyOnReturn: false })) {
    for (const key of text as string) {
      if (ENTER.test(key) || key === END_OF_INPUT) return line;
      // In raw mode the terminal no longer makes a signal of it.
      if (key === INTERRUPT) process.kill(process.pid, "SIGINT");
      else line = ERASE.test(key) ? [...line].slice(0, -1).join("") : line + key;
    }
  }
  return line;
}
