import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";

export interface ProgramOptions {
  readonly cwd?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

export interface ProgramResult {
  /** Exit code; 1 where a signal ended it. */
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a program to its end. @throws {Error} of the system where it cannot be started, code `ENOENT` where there is none */
export async function runProgram(
  program: string,
  args: readonly string[],
  { cwd, environment }: ProgramOptions = {},
): Promise<ProgramResult> {
  const child = spawn(program, args, {
    ...(cwd === undefined ? {} : { cwd }),
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = new Promise<number>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve(code ?? 1));
  });
  const [code, out, err] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  return { code, out, err };
}
