import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { Transaction } from "ethers";
import { validatorSetInterface } from "../../da/contracts.ts";
import {
  connectDaClient,
  connectDaReader,
  type DaClient,
  type DaReader,
  deployDa,
  type Hex,
} from "../../da/index.ts";
import { ManualClock } from "../../service/index.ts";
import { hasCode } from "../support/hasCode.ts";
import {
  clock,
  connect,
  type Deployment,
  deployment,
  home,
  sampleBatch,
  sampleConfirmations,
  sampleRotation,
  validators,
} from "./support/deployment.ts";
import { ask, fundedKeys, type HardhatNode, hardhatNode } from "./support/hardhatNode.ts";
import { type RpcAnswer, type RpcProxy, rpcProxy, times } from "./support/rpcProxy.ts";

const NOTHING: Hex = `0x${"ab".repeat(32)}`;
type Fields = Record<string, string>;

describe("DaClient when its node fails", () => {
  let node: HardhatNode;
  let proxy: RpcProxy;
  let d: Deployment;
  let client: DaClient;
  let number = 100n;
  before(async () => {
    node = await hardhatNode();
    proxy = await rpcProxy(node.url);
    d = await deployment(node.url);
    client = await connect(proxy.url, d.addresses);
  });
  after(async () => {
    client?.close();
    d?.client.close();
    await proxy?.close();
    await node?.close();
  });
  beforeEach(() => {
    proxy.fate = () => "pass";
    number += 1n;
  });
  const batch = (length = 60) => sampleBatch(d.rollup, length, number);

  it("says that the node cannot be reached", async () => {
    proxy.fate = () => "drop";
    await assert.rejects(client.head(), hasCode("DA_UNREACHABLE"));
    proxy.fate = () => 503;
    await assert.rejects(client.head(), hasCode("DA_UNREACHABLE"));
  });

  it("says that an answer cannot be read", async () => {
    for (const result of [null, "0x", 7, {}, { number: "12" }, []]) {
      proxy.fate = () => () => ({ result });
      await assert.rejects(client.head(), hasCode("DA_ANSWER_MALFORMED"), JSON.stringify(result));
    }
    proxy.fate = () => () => ({});
    await assert.rejects(client.head(), hasCode("DA_ANSWER_MALFORMED"));
    proxy.fate = () => () => ({ result: "0x1234" });
    await assert.rejects(client.currentEpoch(), hasCode("DA_ANSWER_MALFORMED"));
    await assert.rejects(client.rollup(d.rollup), hasCode("DA_ANSWER_MALFORMED"));
  });

  it("tells a node's own error from a contract's refusal", async () => {
    proxy.fate = () => () => ({ error: { code: -32_005, message: "limit exceeded" } });
    await assert.rejects(client.head(), hasCode("DA_RPC"));
    await assert.rejects(client.batch(NOTHING), hasCode("DA_RPC"));
    await assert.rejects(client.openBatch(batch().request), hasCode("DA_RPC"));
  });

  it("sends once when the answer to its transaction is lost", async () => {
    proxy.fate = times(1, "eth_sendRawTransaction", "lose");
    const { request } = batch();
    await assert.rejects(client.openBatch(request), hasCode("DA_UNREACHABLE"));
    const id = await client.openBatch(request); // finds it open
    assert.equal((await client.batch(id))?.poster, client.account);
    await client.postChunks(id, batch().chunks); // and the next nonce is right
  });

  it("waits for a node that has just started and takes nothing yet", async () => {
    const refusal = () => ({ error: { code: -32_000, message: "exceeds block gas limit" } });
    proxy.fate = times(2, "eth_sendRawTransaction", () => refusal());
    const id = await client.openBatch(batch().request);
    assert.ok(await client.batch(id));
  });

  it("takes the next nonce when another transaction waits at the one it meant to take", async () => {
    await client.openBatch(batch().request); // and keeps the next nonce in mind
    await ask(node.url, "evm_setAutomine", [false]);
    const count = (tag: string) => ask(node.url, "eth_getTransactionCount", [client.account, tag]);
    number += 1n;
    const first = d.client.openBatch(batch().request);
    while ((await count("pending")) === (await count("latest"))) await clock.sleep(5);
    number += 1n;
    const sent = () => proxy.seen.filter((method) => method === "eth_sendRawTransaction").length;
    const already = sent();
    const second = client.openBatch(batch().request);
    while (sent() < already + 2) await clock.sleep(5);
    await ask(node.url, "evm_setAutomine", [true]);
    await ask(node.url, "evm_mine");
    for (const id of [await first, await second]) assert.ok(await client.batch(id));
  });

  it("goes on waiting when receipts do not come at first", async () => {
    proxy.fate = times(3, "eth_getTransactionReceipt", "drop");
    const id = await client.openBatch(batch().request);
    assert.ok(await client.batch(id));
  });

  it("gives up on a chain that does not mine, and finds out later that it did", async () => {
    const manual = new ManualClock();
    const outcomes = new Set<string>();
    const slow = await connectDaClient(
      { url: node.url, addresses: d.addresses, key: fundedKeys[0], receiptPollMs: 1_000 },
      { clock: manual, onTransaction: (outcome) => outcomes.add(outcome) },
    );
    await ask(node.url, "evm_setAutomine", [false]);
    const { request } = batch();
    const opened = assert.rejects(slow.openBatch(request), hasCode("DA_RECEIPT_TIMEOUT"));
    let over = false;
    void opened.finally(() => {
      over = true;
    });
    while (!over) {
      manual.advance(1_000);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await opened;
    await ask(node.url, "evm_mine");
    await ask(node.url, "evm_setAutomine", [true]);
    assert.ok(await slow.batch(await slow.openBatch(request)));
    slow.close();
    // How often it was sent again meanwhile depends on how fast the node answers beside this clock.
    assert.ok(outcomes.has("late"));
  });

  it("takes the next nonce after somebody else used the account", async () => {
    await client.openBatch(batch().request);
    const same = await connect(node.url, d.addresses); // the same key, against the advice
    number += 1n;
    await same.openBatch(batch().request);
    number += 1n;
    assert.ok(await client.batch(await client.openBatch(batch().request)));
    same.close();
  });

  it("gives up when its nonce is taken again and again", async () => {
    const taken = { error: { code: -32_000, message: "nonce too low" } };
    proxy.fate = ({ method }) => {
      if (method === "eth_sendRawTransaction") return () => taken;
      return method === "eth_getTransactionByHash" ? () => ({ result: null }) : "pass";
    };
    await assert.rejects(client.openBatch(batch().request), hasCode("DA_NONCE"));
  });

  it("says that the account cannot pay", async () => {
    const balance = await ask(node.url, "eth_getBalance", [fundedKeys[1].address, "latest"]);
    const poor = await connect(node.url, d.addresses, fundedKeys[1]);
    await ask(node.url, "hardhat_setBalance", [fundedKeys[1].address, "0x1"]);
    await assert.rejects(poor.registerRollup({ ...registrationOf(poor) }), hasCode("DA_FUNDS"));
    await ask(node.url, "hardhat_setBalance", [fundedKeys[1].address, balance]);
    await poor.registerRollup(registrationOf(poor));
    poor.close();
  });

  it("mirrors a rotation that the node would not estimate, with no more votes than it takes", async () => {
    const own = await deployment(node.url);
    const mirror = await connect(proxy.url, own.addresses);
    const { domain } = (await mirror.rollup(own.rollup))!;
    const rotation = sampleRotation(domain, [1, 2, 3, 4]);
    const sent: string[] = [];
    proxy.fate = ({ method, params }) => {
      if (method === "eth_sendRawTransaction") sent.push(String(params[0]));
      const error = { code: -32_000, message: "gas required exceeds allowance" };
      return method === "eth_estimateGas" ? { instead: { error } } : "pass";
    };
    await mirror.rotateValidators(rotation, sampleConfirmations(rotation, [1, 2, 3, 4]));
    assert.equal(await mirror.currentEpoch(), 1n);
    const call = validatorSetInterface.parseTransaction({ data: Transaction.from(sent[0]!).data })!;
    assert.deepEqual([call.args[1].length, call.args[2].length], [3, 3]);
    mirror.close();
    own.client.close();
  });

  it("watches on through faults without losing or repeating an event", async () => {
    const { number: head } = await client.head();
    const ids: string[] = [];
    for (const length of [61, 62]) ids.push(await d.client.openBatch(batch(length).request));
    const stop = new AbortController();
    let asked = 0;
    proxy.fate = ({ method }) => (method === "eth_getLogs" && ++asked % 2 === 1 ? "drop" : "pass");
    const reader = await connectDaReader({ ...d, url: proxy.url, logPageBlocks: 1 }, { clock });
    const seen: string[] = [];
    for await (const page of reader.watch({ from: head + 1, signal: stop.signal, pollIntervalMs: 5 })) {
      seen.push(...page.events.map((event) => event.batch));
      if (seen.length >= 2) stop.abort();
    }
    assert.deepEqual(seen, ids);
    reader.close();
  });
});

describe("DaClient when its node lies", () => {
  let node: HardhatNode;
  let proxy: RpcProxy;
  let d: Deployment;
  let reader: DaReader & { close(): void };
  let id: `0x${string}`;
  let other: `0x${string}`;
  before(async () => {
    node = await hardhatNode();
    proxy = await rpcProxy(node.url);
    d = await deployment(node.url);
    reader = await connectDaReader({ ...d, url: proxy.url }, { clock });
    const [first, second] = [sampleBatch(d.rollup, 200, 1n), sampleBatch(d.rollup, 200, 2n)];
    id = await d.client.openBatch(first.request);
    other = await d.client.openBatch(second.request);
    await d.client.postChunks(id, first.chunks);
    await d.client.postChunks(other, second.chunks);
  });
  after(async () => {
    reader?.close();
    d?.client.close();
    await proxy?.close();
    await node?.close();
  });
  beforeEach(() => {
    proxy.fate = () => "pass";
  });
  const changeTransaction = (change: (fields: Fields) => Fields) => {
    proxy.fate = ({ method }) =>
      method === "eth_getTransactionByHash"
        ? (answer: RpcAnswer) => ({ ...answer, result: change(answer.result as Fields) })
        : "pass";
  };
  const flip = (text: string, at: number) =>
    text.slice(0, at) + (text[at] === "0" ? "1" : "0") + text.slice(at + 1);

  it("believes no poster but the one who signed", async () => {
    changeTransaction((fields) => ({ ...fields, from: fundedKeys[2].address }));
    assert.equal((await reader.opening(id)).poster, d.client.account);
    changeTransaction((fields) => ({ ...fields, r: flip(fields.r!, 20) }));
    await assert.rejects(reader.opening(id), hasCode("DA_ANSWER_MALFORMED"));
  });

  it("finds that a transaction's bytes were changed", async () => {
    changeTransaction((fields) => ({ ...fields, input: flip(fields.input!, fields.input!.length - 100) }));
    await assert.rejects(reader.data(id), hasCode("DA_CHUNK_CORRUPT"));
    await assert.rejects(reader.opening(id), hasCode("DA_ANSWER_MALFORMED"));
  });

  it("finds that another transaction was passed off as the opening or the posting", async () => {
    const logs = (name: string) =>
      d.client.events(0).then(({ events }) => events.filter(({ kind }) => kind === name));
    const swap = async (name: string) => {
      const [first, second] = await logs(name);
      proxy.fate = ({ method }) =>
        method === "eth_getLogs"
          ? (answer) => JSON.parse(JSON.stringify(answer).replaceAll(first!.transaction, second!.transaction))
          : "pass";
    };
    await swap("BatchOpened");
    await assert.rejects(reader.opening(id), hasCode("DA_OPENING_NOT_FOUND"));
    await swap("ChunkPosted");
    await assert.rejects(reader.data(id), hasCode("DA_CHUNK_CORRUPT"));
  });

  it("says that a chunk is gone when the node has pruned its transaction", async () => {
    proxy.fate = ({ method }) => (method === "eth_getTransactionByHash" ? () => ({ result: null }) : "pass");
    await assert.rejects(reader.data(id), hasCode("DA_CHUNK_NOT_FOUND"));
    await assert.rejects(reader.opening(id), hasCode("DA_OPENING_NOT_FOUND"));
  });

  it("says that an opening is gone when the node hides its log", async () => {
    proxy.fate = ({ method }) => (method === "eth_getLogs" ? () => ({ result: [] }) : "pass");
    await assert.rejects(reader.batch(id), hasCode("DA_ANSWER_MALFORMED"));
  });
});

describe("deploying the DA chain's contracts", () => {
  it("hands them to a timelock, which the deployer leads and cannot hurry", async () => {
    const node = await hardhatNode();
    const { timelock, ...addresses } = await deployDa(
      { url: node.url, key: fundedKeys[0], validators, home, upgradeDelaySeconds: 3_600, receiptPollMs: 5 },
      { clock },
    );
    const OWNER = "0x8da5cb5b";
    const MIN_DELAY = "0xf27a0c92";
    const call = (to: string, data: string) => ask(node.url, "eth_call", [{ to, data }, "latest"]);
    for (const to of [addresses.inbox, addresses.validatorSet])
      assert.equal(BigInt((await call(to, OWNER)) as string), BigInt(timelock));
    assert.equal(BigInt((await call(timelock, MIN_DELAY)) as string), 3_600n);
    await node.close();
  });

  it("refuses a set that the protocol refuses, before anything is sent", async () => {
    const node = await hardhatNode();
    const bad = { ...validators, threshold: 2n };
    const options = { url: node.url, key: fundedKeys[0], validators: bad, home, receiptPollMs: 5 };
    await assert.rejects(deployDa(options, { clock }), hasCode("SET_THRESHOLD"));
    assert.equal(await ask(node.url, "eth_blockNumber"), "0x0");
    await node.close();
  });
});

function registrationOf(client: DaClient) {
  const key = { x: 1n, isOdd: false };
  return {
    salt: `0x${"77".repeat(32)}`,
    minaNetwork: 1n,
    outerKey: key,
    sequencerKey: key,
    posters: [client.account],
  } as const;
}
