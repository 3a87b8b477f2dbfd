import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, it } from "node:test";
import { AccountUpdate, Field } from "o1js";
import {
  actionsHash,
  type ChainChange,
  commandHash,
  compareChains,
  emptyActionState,
  GraphqlL1Client,
  type L1Block,
  nextActionState,
  stateHashToBase58,
  testAccounts,
} from "../../l1/index.ts";
import { withDevnet } from "./devnetProcess.ts";
import { quietBackend, withGraphql } from "./graphqlServer.ts";
import { transferCommand } from "./transferCommand.ts";

const [alice, bob] = testAccounts(2) as [{ publicKey: string; privateKey: string }, { publicKey: string }];

/** A chain of blocks named by letters: `a` stands on genesis, each other on the one before. */
function chain(names: string, first = 2): L1Block[] {
  return [...names].map((name, i) => ({
    height: first + i,
    slot: first + i,
    stateHash: name,
    previousStateHash: i === 0 ? "genesis" : names[i - 1]!,
    commands: [],
  }));
}
const summary = ({ added, dropped, linked }: ChainChange) =>
  [dropped.map((b) => b.stateHash).join(""), added.map((b) => b.stateHash).join(""), linked] as const;

describe("compareChains", () => {
  it("tells new blocks, oldest first", () => {
    assert.deepEqual(summary(compareChains(chain("abc"), chain("abcde"))), ["", "de", true]);
  });
  it("tells dropped blocks, tip first, whatever order they are known in", () => {
    assert.deepEqual(summary(compareChains(chain("abcd").reverse(), chain("abx").reverse())), [
      "dc",
      "x",
      true,
    ]);
  });
  it("tells a chain that only became shorter", () => {
    assert.deepEqual(summary(compareChains(chain("abcd"), chain("ab"))), ["dc", "", true]);
  });
  it("says nothing when nothing moved", () => {
    assert.deepEqual(summary(compareChains(chain("abc"), chain("abc"))), ["", "", true]);
  });
  it("does not take blocks beneath the window for dropped ones", () => {
    const window = chain("abcdef").slice(3);
    assert.deepEqual(summary(compareChains(chain("abcd"), window)), ["", "ef", true]);
  });
  it("says that blocks in between were not seen", () => {
    const window = chain("abcdef").slice(4);
    assert.deepEqual(summary(compareChains(chain("ab"), window)), ["", "ef", false]);
  });
});

describe("action states", () => {
  it("are o1js'", () => {
    assert.equal(emptyActionState, AccountUpdate.Actions.emptyActionState().toBigInt());
    for (const actions of [[], [[1n, 2n, 3n]], [[1n], [], [2n, 3n]]]) {
      const { hash } = AccountUpdate.Actions.fromJSON(actions.map((action) => action.map(String)));
      assert.equal(actionsHash(actions), hash.toBigInt());
      const next = AccountUpdate.Actions.updateSequenceState(Field(7), hash);
      assert.equal(nextActionState(7n, actions), next.toBigInt());
    }
  });
});

describe("GraphqlL1Client", () => {
  it("tells an account that does not exist from an endpoint that does not answer", async () => {
    await withGraphql({ backend: quietBackend() }, async (url) => {
      assert.equal(await clientOf(`${url}/graphql`).account(alice.publicKey), null);
    });
    await assert.rejects(clientOf("http://127.0.0.1:1/graphql").account(alice.publicKey), {
      code: "L1_UNREACHABLE",
      remedy: "retry",
    });
  });

  it("asks again until it is answered", () =>
    withGraphql({ backend: quietBackend() }, (url) =>
      withFlaky(`${url}/graphql`, 3, async (flaky, tries) => {
        assert.equal((await clientOf(flaky, 4).head()).height, 1);
        assert.equal(tries(), 4);
        await assert.rejects(clientOf(flaky, 3).head(), { code: "L1_UNREACHABLE" });
      }),
    ));

  it("does not repeat what was refused for good", () =>
    withGraphql({ backend: quietBackend() }, (url) =>
      withFlaky(url, 0, async (flaky, tries) => {
        await assert.rejects(clientOf(`${flaky}/nowhere`).head(), { code: "L1_QUERY_REFUSED" });
        assert.equal(tries(), 1);
      }),
    ));

  it("refuses an answer of another shape", () =>
    withAnswer({ data: { bestChain: [{ stateHash: 5 }] } }, async (url) => {
      await assert.rejects(clientOf(url).head(), { code: "L1_ANSWER_MALFORMED" });
    }));

  it("reads a best chain from either end", () => {
    const blocks = [3, 1, 2].map((height) => ({
      stateHash: stateHashToBase58(BigInt(height)),
      protocolState: {
        previousStateHash: stateHashToBase58(BigInt(height - 1)),
        consensusState: { blockHeight: String(height), slotSinceGenesis: String(height) },
      },
      transactions: { zkappCommands: [] },
    }));
    return withAnswer({ data: { bestChain: blocks } }, async (url) => {
      assert.deepEqual(
        (await clientOf(url).blocks(3)).map(({ height }) => height),
        [1, 2, 3],
      );
    });
  });

  it("reads a daemon's sentences where there are no codes", async () => {
    const command = transferCommand({ from: alice, to: bob.publicKey, amount: 1n, nonce: 0 });
    const says = (message: string) => ({ data: null, errors: [{ message }] });
    await withAnswer(says("Couldn't send zkApp command: (Duplicate)"), async (url) => {
      assert.equal(await clientOf(url).send(command), await commandHash(command));
    });
    await withAnswer(says("Couldn't send zkApp command: (Invalid_nonce)"), async (url) => {
      await assert.rejects(clientOf(url).send(command), { code: "L1_NONCE_STALE" });
    });
    await withAnswer(says("Couldn't send zkApp command: (Invalid_signature)"), async (url) => {
      await assert.rejects(clientOf(url).send(command), { code: "L1_COMMAND_REFUSED", remedy: "final" });
    });
  });

  it("says when an answer is too large, and does not ask for it again", async () => {
    await withAnswer({ data: { actions: [], padding: "x".repeat(10_000) } }, async (url) => {
      const small = new GraphqlL1Client({ mina: url, maxAnswerBytes: 5_000, attempts: 99, retryMs: 1e9 });
      await assert.rejects(small.actions(alice.publicKey), { code: "L1_ANSWER_TOO_LARGE", remedy: "retry" });
    });
  });

  it("refuses actions that do not hash from one end to the other", async () => {
    const block = (before: bigint, value: bigint, height: number) => ({
      blockInfo: { height, stateHash: "3N", globalSlotSinceGenesis: height },
      actionState: {
        actionStateOne: nextActionState(before, [[value]]).toString(),
        actionStateTwo: before.toString(),
      },
      actionData: [
        {
          accountUpdateId: "1",
          data: [value.toString()],
          transactionInfo: { hash: "5J", sequenceNumber: 0, zkappAccountUpdateIds: [1] },
        },
      ],
    });
    const one = nextActionState(emptyActionState, [[1n]]);
    const two = nextActionState(one, [[2n]]);
    const [first, second] = [block(emptyActionState, 1n, 5), block(one, 2n, 6)];
    const changed = structuredClone(second);
    changed.actionData[0]!.data = ["3"];
    const ask = (actions: unknown[], range: object) => {
      let result: Promise<unknown> = Promise.resolve();
      return withAnswer({ data: { actions } }, async (url) => {
        result = clientOf(url).actions(alice.publicKey, range);
        await result;
      });
    };
    const incomplete = { code: "L1_ACTIONS_INCOMPLETE" };
    await ask([second, first], { to: two });
    await ask([first, second], { from: one, to: two });
    await ask([first, second], { to: one });
    await ask([], { from: two, to: two });
    await assert.rejects(ask([second], { to: two }), incomplete, "a gap at the front");
    await assert.rejects(ask([first], { to: two }), incomplete, "a gap at the end");
    await assert.rejects(ask([first, changed], {}), incomplete, "an invented action");
    await assert.rejects(ask([], { to: two }), incomplete, "nothing at all");
  });

  it("follows the best chain through a reorganisation", () =>
    withDevnet(
      async (devnet) => {
        const known = await devnet.client.blocks(10);
        const stop = new AbortController();
        const changes = devnet.client.watch(known, stop.signal);
        const next = async () => {
          const waiting = changes.next();
          // The first look is at once, each other after the client's pause on the same clock.
          for (let done = false; !done; ) {
            const look = devnet.clock.advance(1);
            done = await Promise.race([waiting.then(() => true), look.then(() => false)]);
          }
          return (await waiting).value as ChainChange;
        };
        const send = (nonce: number) =>
          devnet.client.send(transferCommand({ from: alice, to: bob.publicKey, amount: 1n, nonce }));
        const hash = await send(0);
        await devnet.slot();
        const first = await next();
        assert.deepEqual([first.added.length, first.dropped.length, first.linked], [1, 0, true]);
        assert.deepEqual(
          first.added[0]!.commands.map((command) => command.hash),
          [hash],
        );
        await devnet.command("reorg", { depth: 1 });
        await send(0);
        await devnet.slot();
        const second = await next();
        assert.deepEqual(
          second.dropped.map(({ stateHash }) => stateHash),
          [first.added[0]!.stateHash],
        );
        assert.deepEqual([second.added.length, second.linked], [1, true]);
        stop.abort();
        assert.equal((await changes.next()).done, true);
      },
      {},
      { pollMs: 1 },
    ));

  it("knows the network", () =>
    withDevnet(async (devnet) => {
      const { networkId, slotDurationMs, accountCreationFee } = await devnet.client.network();
      assert.deepEqual(
        [networkId, slotDurationMs, accountCreationFee],
        ["mina:devnet", 1_000, 1_000_000_000n],
      );
    }));
});

function clientOf(mina: string, attempts = 2): GraphqlL1Client {
  return new GraphqlL1Client({ mina, attempts, retryMs: 1 });
}

/** A node that answers everything with the same. */
async function withAnswer(answer: unknown, use: (url: string) => Promise<void>): Promise<void> {
  await withHttp((_, reply) => reply(200, JSON.stringify(answer)), use);
}

/** A proxy that breaks the first exchanges of each `failures + 1`. */
async function withFlaky(
  target: string,
  failures: number,
  use: (url: string, tries: () => number) => Promise<void>,
): Promise<void> {
  let tries = 0;
  const forward = async (path: string, body: string) => {
    const headers = { "content-type": "application/json" };
    const response = await fetch(target + (path === "/" ? "" : path), { method: "POST", headers, body });
    return [response.status, await response.text()] as const;
  };
  await withHttp(
    async (request, reply) => {
      tries += 1;
      if (tries % (failures + 1) !== 0) return reply(null, "");
      reply(...(await forward(request.path, request.body)));
    },
    (url) => use(url, () => tries),
  );
}

type Reply = (status: number | null, body: string) => void;
async function withHttp(
  answer: (request: { readonly path: string; readonly body: string }, reply: Reply) => unknown,
  use: (url: string) => Promise<void>,
): Promise<void> {
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const part of request) body += part;
    answer({ path: request.url!, body }, (status, text) => {
      if (status === null) request.socket.destroy();
      else response.writeHead(status, { "content-type": "application/json" }).end(text);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}
