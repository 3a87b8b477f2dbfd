import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import {
  emptyActionState,
  GraphqlL1Client,
  type GraphqlL1Options,
  nextActionState,
} from "../../../l1/index.ts";
import {
  type GasDeployment,
  type GasLock,
  gasAccountPermissions,
  gasLockFields,
  publicKeyToBase58,
} from "../../../protocol/index.ts";

interface FakeBlock {
  readonly height: number;
  readonly stateHash: string;
  readonly before: bigint;
  readonly after: bigint;
  /** Nanomina in the account once this block is there. */
  readonly balance: bigint;
  /** One account update each. */
  readonly actions: readonly (readonly bigint[])[];
}

/** What the archive answers for one block, before it is written as JSON. */
export interface ArchivedLocks {
  height: number;
  before: bigint;
  after: bigint;
  actions: (readonly bigint[])[];
}

/**
 * A daemon and its archive with one account, DaGas, over HTTP, so that the real client reads it. Blocks are made, and taken
 * away, by the test; what the archive says can be tampered with.
 */
export class FakeMina {
  readonly #gas: GasDeployment;
  readonly #server: Server;
  #blocks: FakeBlock[] = [];
  /** Changes what the archive answers. */
  archive: (blocks: ArchivedLocks[]) => ArchivedLocks[] = (blocks) => blocks;
  /** Changes the account's answer; null: there is none. */
  account: (account: Record<string, unknown>) => Record<string, unknown> | null = (account) => account;
  /** Blocks that the archive searches at most, whatever it is asked. */
  archiveRange = 10_000;
  /** Questions answered so far. */
  questions = 0;
  /** Runs between the account's answer and the next question. */
  between: () => void = () => {};

  private constructor(gas: GasDeployment) {
    this.#gas = gas;
    this.#server = createServer((request, response) => {
      let body = "";
      request.on("data", (part) => {
        body += part;
      });
      request.on("end", () => {
        response.setHeader("content-type", "application/json");
        response.end(JSON.stringify({ data: this.#answer(JSON.parse(body).query) }));
      });
    });
    this.block();
  }

  static async start(gas: GasDeployment): Promise<FakeMina> {
    const fake = new FakeMina(gas);
    await new Promise<void>((resolve) => fake.#server.listen(0, "127.0.0.1", resolve));
    return fake;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  client(options: Partial<GraphqlL1Options> = {}): GraphqlL1Client {
    const { port } = this.#server.address() as AddressInfo;
    return new GraphqlL1Client({ mina: `http://127.0.0.1:${port}`, attempts: 1, ...options });
  }

  /** Makes a block with these locks, each in an update of its own. */
  block(locks: readonly GasLock[] = [], fork = ""): void {
    this.rawBlock(
      locks.map(gasLockFields),
      locks.reduce((sum, { amount }) => sum + amount, 0n),
      fork,
    );
  }

  /** Makes a block with any actions, and so much more in the account. */
  rawBlock(actions: readonly (readonly bigint[])[], amount: bigint, fork = ""): void {
    const parent = this.#blocks.at(-1);
    const before = parent?.after ?? emptyActionState;
    const height = (parent?.height ?? 0) + 1;
    this.#blocks.push({
      height,
      stateHash: `3N${height}${fork}`,
      before,
      after: actions.reduce((state, action) => nextActionState(state, [action]), before),
      balance: (parent?.balance ?? 0n) + amount,
      actions,
    });
  }

  drop(count: number): void {
    this.#blocks.splice(-count);
  }

  #answer(query: string): unknown {
    this.questions++;
    if (query.includes("bestChain")) return { bestChain: this.#bestChain(query) };
    if (query.includes("actions(")) return { actions: this.#actions(query) };
    const account = this.account(this.#account());
    this.between();
    return { account };
  }

  #bestChain(query: string) {
    const length = Number(/maxLength: (\d+)/.exec(query)![1]);
    return this.#blocks.slice(-length).map(({ height, stateHash }) => ({
      stateHash,
      protocolState: {
        previousStateHash: "",
        consensusState: { blockHeight: height, slotSinceGenesis: height },
      },
      transactions: { zkappCommands: [] },
    }));
  }

  #account(): Record<string, unknown> {
    const { after, balance } = this.#blocks.at(-1)!;
    const { setVerificationKey: auth, ...others } = gasAccountPermissions;
    return {
      publicKey: publicKeyToBase58(this.#gas.account),
      token: "w",
      nonce: "0",
      inferredNonce: "0",
      balance: { total: balance.toString() },
      permissions: { ...others, setVerificationKey: { auth } },
      zkappState: Array(8).fill("0"),
      actionState: Array(5).fill(after.toString()),
      provedState: false,
      verificationKey: { hash: this.#gas.verificationKeyHash.toString() },
    };
  }

  #actions(query: string) {
    const bound = (name: string) => Number(new RegExp(`[^a-z]${name}: (\\d+)`).exec(query)![1]);
    const [from, to] = [bound("from"), Math.min(bound("to"), bound("from") + this.archiveRange)];
    const blocks = this.#blocks.filter(
      ({ height, actions }) => actions.length > 0 && height >= from && height < to,
    );
    return this.archive(blocks.map((block) => ({ ...block, actions: [...block.actions] }))).map(
      ({ height, before, after, actions }) => ({
        blockInfo: { height, stateHash: `3N${height}`, globalSlotSinceGenesis: height },
        actionState: { actionStateOne: after.toString(), actionStateTwo: before.toString() },
        actionData: actions.map((data, i) => ({
          accountUpdateId: height * 100 + i,
          data: data.map(String),
          transactionInfo: {
            hash: `5J${height}`,
            sequenceNumber: 0,
            zkappAccountUpdateIds: actions.map((_, j) => height * 100 + j),
          },
        })),
      }),
    );
  }
}
