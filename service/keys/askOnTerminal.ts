import type { ReadStream } from "node:tty";
import type { AskPassword } from "./readPassword.ts";

const ENTER = /[\r\n]/;
const INTERRUPT = "\u0003";
const END_OF_INPUT = "\u0004";
const ERASE = /[\b\u007f]/;

/** A question on the terminal whose answer is not shown; null where input is not a terminal. */
export function askOnTerminal(input: ReadStream, output: NodeJS.WritableStream): AskPassword {
  if (!input.isTTY) return null;
  /** Keys behind the last line break: whoever pastes gives several lines at once. */
  let ahead = "";
  return async (question) => {
    output.write(question);
    input.setRawMode(true);
    input.setEncoding("utf8");
    try {
      const answer = await readHiddenLine(ahead, input);
      ahead = answer.ahead;
      return answer.line;
    } finally {
      input.setRawMode(false);
      input.pause();
      output.write("\n");
    }
  };
}

async function readHiddenLine(ahead: string, input: ReadStream): Promise<{ line: string; ahead: string }> {
  let line = "";
  for await (const keys of chunks(ahead, input)) {
    for (const [index, key] of [...keys].entries()) {
      if (ENTER.test(key) || key === END_OF_INPUT)
        return { line, ahead: [...keys].slice(index + 1).join("") };
      // In raw mode the terminal no longer makes a signal of it.
      if (key === INTERRUPT) process.kill(process.pid, "SIGINT");
      else line = ERASE.test(key) ? [...line].slice(0, -1).join("") : line + key;
    }
  }
  return { line, ahead: "" };
}

async function* chunks(ahead: string, input: ReadStream): AsyncGenerator<string> {
  if (ahead !== "") yield ahead;
  for await (const keys of input.iterator({ destroyOnReturn: false })) yield keys as string;
}
