import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Figure } from "./Figure.ts";

/**
 * Runs one bench in a process of its own, so that neither memory nor compiled circuits of one touch another's figures.
 *
 * @param script this command line's own script; with `--child` it runs one bench
 * @throws {Error} when the process fails; what it printed before counts
 */
export async function* runBench(script: string, file: string, name: string): AsyncGenerator<Figure> {
  const child = spawn(process.execPath, [script, "--child", file, name], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise<string | null>((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("exit", (code, signal) => resolve(code === 0 ? null : (signal ?? `exit code ${code}`)));
  });
  for await (const line of createInterface({ input: child.stdout! })) {
    const figure = parseFigure(line);
    if (figure) yield figure;
    else process.stderr.write(`${line}\n`); // what libraries print is no figure, but may explain a failure
  }
  const failure = await ended;
  if (failure) throw new Error(`${name}: ${failure}`);
}

function parseFigure(line: string): Figure | null {
  try {
    const { name, value, unit } = JSON.parse(line);
    const whole = typeof name === "string" && typeof unit === "string" && Number.isFinite(value);
    return whole ? { name, value, unit } : null;
  } catch {
    return null;
  }
}
