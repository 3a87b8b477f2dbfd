import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  createDevnet,
  type DevnetOptions,
  type DevnetRole,
  type DevnetRoleModules,
  GraphqlL1Client,
  type GraphqlL1Options,
} from "../../l1/index.ts";
import { ManualClock, silentLogger } from "../../service/index.ts";

export const SLOT_MS = 1_000;
const MINA = 1_000_000_000n;

/** A devnet whose slots pass when the test says so. */
export interface TestDevnet {
  readonly role: DevnetRole;
  readonly clock: ManualClock;
  readonly directory: string;
  readonly client: GraphqlL1Client;
  /** Begins the next slot, and makes its block when there is something to put in. */
  slot(): Promise<void>;
  /** POST to one of the devnet's own paths. */
  command(path: "slot" | "reorg" | "fund", body: unknown): Promise<{ status: number; json: DevAnswer }>;
  state(): Promise<DevState>;
  /** Stops it and starts it again on the same data. */
  restart(changes?: Partial<DevnetOptions>): Promise<void>;
}

export interface DevState {
  readonly slot: number;
  readonly tip: { readonly height: number; readonly slot: number; readonly stateHash: string };
}
export type DevAnswer = Partial<DevState> & {
  readonly hash?: string;
  readonly error?: { readonly code: string };
};

const settings = {
  "devnet.host": "127.0.0.1",
  "devnet.port": 0,
  "devnet.slot-duration-ms": SLOT_MS,
  "devnet.empty-block-slots": 0,
  "devnet.accounts": 3,
  "devnet.account-balance": 1_000n * MINA,
  "devnet.check-proofs": true,
} as const;

/** Runs a devnet in a directory of its own while `use` runs; its slots pass by hand, unless it is given another clock. */
export async function withDevnet(
  use: (devnet: TestDevnet) => Promise<void>,
  changes: Partial<DevnetOptions> = {},
  client: Partial<GraphqlL1Options> = {},
  others: Partial<Pick<DevnetRoleModules, "clock" | "verifier">> = {},
): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), "zeko-devnet-"));
  const clock = new ManualClock(1_700_000_000_000);
  const modules = { log: silentLogger, clock, ...others };
  let role = createDevnet({ ...settings, dataDirectory: directory, ...changes }, modules);
  await role.start();
  const clientOf = () =>
    new GraphqlL1Client({ mina: role.graphqlUrl, attempts: 2, retryMs: 1, ...client }, { clock });
  const devnet: TestDevnet = {
    get role() {
      return role;
    },
    clock,
    directory,
    get client() {
      return clientOf();
    },
    async slot() {
      await clock.advance(SLOT_MS);
      await devnet.state(); // answered after the block: one thing at a time sees the chain
    },
    async command(path, body) {
      const response = await fetch(`${role.url}/v1/dev/${path}`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      });
      return { status: response.status, json: (await response.json()) as DevAnswer };
    },
    async state() {
      return (await (await fetch(`${role.url}/v1/dev/state`)).json()) as DevState;
    },
    async restart(again = {}) {
      await role.stop();
      role = createDevnet({ ...settings, dataDirectory: directory, ...changes, ...again }, modules);
      await role.start();
    },
  };
  try {
    await use(devnet);
  } finally {
    await role.stop();
    await rm(directory, { recursive: true, force: true });
  }
}
