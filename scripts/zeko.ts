import { text } from "node:stream/consumers";
import type { ReadStream } from "node:tty";
import { askOnTerminal } from "../service/index.ts";
import { runCli } from "./cli/runCli.ts";

/** The command line: `zeko help`. */
const code = await runCli(process.argv.slice(2), {
  environment: process.env,
  out: (line) => void process.stdout.write(line),
  err: (line) => void process.stderr.write(line),
  readInput: () => text(process.stdin),
  ask: askOnTerminal(process.stdin as ReadStream, process.stderr),
});
// Not only the code: a role that has stopped must not hang on a handle that some library left open.
process.exit(code);
