import { runCli } from "../../../scripts/cli/runCli.ts";

type Setting = {
  readonly environment?: Record<string, string> | undefined;
  readonly input?: string;
  /** What a person types; not given, there is no terminal. */
  readonly answers?: readonly string[];
};

/** Runs the command line in this process. */
export async function cli(words: readonly string[], { environment = {}, input = "", answers }: Setting = {}) {
  let out = "";
  let err = "";
  const left = [...(answers ?? [])];
  const code = await runCli(words, {
    environment,
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    readInput: async () => input,
    ask: answers ? async () => left.shift()! : null,
  });
  return { code, out, err };
}
