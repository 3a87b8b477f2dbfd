import { writeFileSync } from "node:fs";
import { kill, startProcess, upOrKilled } from "../../signer/support/crashingProcess.ts";
import type { SignerProcessConfig } from "../../signer/support/signerProcess.ts";
import type { TestDevnet } from "../../signer/support/testDevnet.ts";
import type { Answering } from "./zekodRoles.ts";

export interface SignerChild extends Answering {
  /** Where other peers dial it. */
  readonly peers: readonly string[];
  /** Sets its date, so many milliseconds from the machine's. */
  setDate(offMs: number): void;
  /** Ends it at once, as a crash would. */
  kill(): Promise<void>;
}

export interface StartSignerChild {
  readonly devnet: TestDevnet;
  readonly slot: number;
  /** Of its own node. */
  readonly url: string;
  readonly directory: string;
  readonly peers: readonly string[];
  /** How far its date is off at the start, in milliseconds. */
  readonly dateOffMs?: number;
}

const script = new URL("../../signer/support/signerProcess.ts", import.meta.url);
const shiftedDate = new URL("./shiftedDate.mjs", import.meta.url);

/** A validator in a process of its own. @returns undefined when it ended before it was up */
export async function startSignerChild(options: StartSignerChild): Promise<SignerChild | undefined> {
  const { devnet, slot, url, directory, peers, dateOffMs = 0 } = options;
  const { addresses, genesis, validators } = devnet;
  const { privateKey } = validators[slot]!;
  const config: SignerProcessConfig = { url, addresses, genesis, directory, privateKey, peers };
  const dateFile = `${directory}.date`;
  writeFileSync(dateFile, String(dateOffMs));
  const child = startProcess(script, config, {
    execArgv: ["--import", shiftedDate.href],
    env: { ...process.env, ZEKO_TEST_DATE_FILE: dateFile },
  });
  const setDate = (ms: number) => {
    writeFileSync(dateFile, String(ms));
    child.kill("SIGUSR2");
  };
  const up = await upOrKilled(child);
  return up && { url: up.url, peers: up.peers, setDate, kill: () => kill(child) };
}
