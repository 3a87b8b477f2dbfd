import { type ChildProcess, type ForkOptions, fork } from "node:child_process";
import { once } from "node:events";

/** What a role in a process of its own tells the test. */
export type ProcessMessage = { readonly url: string; readonly peers: readonly string[] };

/** Sends bigints through the process border as what they are. */
export function startProcess(script: URL, config: unknown, options: ForkOptions = {}): ChildProcess {
  const child = fork(script, {
    serialization: "advanced",
    stdio: ["ignore", "inherit", "inherit", "ipc"],
    ...options,
  });
  child.send(config as object);
  return child;
}

/** @returns what it said when it was up, or undefined when it was killed before */
export async function upOrKilled(child: ChildProcess): Promise<ProcessMessage | undefined> {
  return await Promise.race([
    once(child, "message").then(([message]) => message as ProcessMessage),
    once(child, "exit").then(() => undefined),
  ]);
}

/** Waits for the end that a crash point makes. @returns the signal */
export async function killed(child: ChildProcess): Promise<NodeJS.Signals | null> {
  if (child.signalCode === null && child.exitCode === null) await once(child, "exit");
  return child.signalCode;
}

/** Ends a process that still runs, as a supervisor would not: at once. */
export async function kill(child: ChildProcess): Promise<void> {
  if (child.signalCode !== null || child.exitCode !== null) return;
  const gone = once(child, "exit");
  child.kill("SIGKILL");
  await gone;
}
