import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { ChainNetwork } from "../../scripts/chain/ChainNetwork.ts";
import { ChainNode } from "../../scripts/chain/ChainNode.ts";
import { publicAddresses } from "../../scripts/chain/chainGenesis.ts";
import { nodeIdentity } from "../../scripts/chain/nodeIdentity.ts";
import { nodePorts, PORTS_PER_NODE } from "../../scripts/chain/nodeSettings.ts";
import { runProgram } from "../../scripts/chain/runProgram.ts";
import { freePorts } from "../../scripts/local/freePorts.ts";
import { ask } from "../da/support/hardhatNode.ts";
import { hasCode } from "../support/hasCode.ts";
import { zekodBinary } from "./support/zekodNetwork.ts";

describe("local network of our own chain", () => {
  let scratch: string;
  let binary: string;
  let network: ChainNetwork | undefined;
  before(async () => {
    scratch = await mkdtemp(join(tmpdir(), "zekod-"));
    binary = await zekodBinary();
  });
  after(async () => {
    await network?.stop();
    await rm(scratch, { recursive: true, force: true });
  });

  it("leaves a directory alone that holds something else", async () => {
    const directory = join(scratch, "foreign");
    await mkdir(directory);
    await writeFile(join(directory, "notes"), "mine");
    await assert.rejects(
      ChainNetwork.create({ directory, binary, nodes: 1 }),
      hasCode("CHAIN_DIRECTORY_FOREIGN"),
    );
    await assert.rejects(ChainNetwork.open({ directory, binary }), hasCode("CHAIN_ABSENT"));
    assert.deepEqual(await readdir(directory), ["notes"]);
    await writeFile(join(directory, "network.json"), "{");
    await assert.rejects(ChainNetwork.open({ directory, binary }), hasCode("CHAIN_DIRECTORY_FOREIGN"));
  });

  it("leaves a directory empty in which a network could not be made, to be tried again", async () => {
    const directory = join(scratch, "failed");
    await assert.rejects(ChainNetwork.create({ directory, binary: process.execPath, nodes: 1 }));
    assert.deepEqual(await readdir(directory), []);
  });

  it("has blocks with an explicit gas limit, a fee floor, and coins for everybody's accounts", async () => {
    network = await ChainNetwork.create({ directory: join(scratch, "net"), binary, nodes: 1 });
    await network.start();
    const [url] = network.urls as [string];
    const block = (await ask(url, "eth_getBlockByNumber", ["latest", false])) as Record<string, string>;
    assert.equal(Number(block.gasLimit), 100_000_000);
    assert.ok(BigInt(block.baseFeePerGas!) >= 1_000_000n);
    assert.equal(Number(await ask(url, "eth_chainId")), 93_560);
    for (const address of publicAddresses())
      assert.equal(BigInt((await ask(url, "eth_getBalance", [address, "latest"])) as string), 10n ** 22n);
  });

  it("knows a node by the identity that the node gives itself", async () => {
    const [node] = network!.nodes;
    const answer = await fetch(`http://127.0.0.1:${node!.ports.comet}/status`);
    const { result } = (await answer.json()) as { result: { node_info: { id: string } } };
    assert.equal(await nodeIdentity(node!.home), result.node_info.id);
  });

  it("takes a home that the command line writes from its genesis file, as a node that validates nothing", async () => {
    const [first] = network!.nodes;
    const home = join(scratch, "joining");
    const ports = nodePorts(await freePorts(PORTS_PER_NODE));
    const flags = {
      genesis: join(first!.home, "config", "genesis.json"),
      peers: `${await nodeIdentity(first!.home)}@127.0.0.1:${first!.ports.peers}`,
      "peer-port": ports.peers,
      "json-rpc-port": ports.jsonRpc,
      "web-socket-port": ports.webSocket,
      "comet-port": ports.comet,
      "metrics-port": ports.metrics,
    };
    const options = Object.entries(flags).map(([name, value]) => `--chain.${name}=${value}`);
    const init = (...more: readonly string[]) =>
      runProgram(process.execPath, ["scripts/zeko.ts", "chain", "init", home, ...options, ...more]);
    const alone = await init("--chain.sync-servers=http://127.0.0.1:26657");
    assert.match(alone.err, /CONFIG_MISSING/); // no block to trust
    const made = await init();
    assert.equal(made.code, 0, made.err);
    assert.match(made.out, new RegExp(`^${await nodeIdentity(home)}\n`));
    const again = await init();
    assert.notEqual(again.code, 0);
    assert.match(again.err, /CHAIN_DIRECTORY_FOREIGN/);

    const joining = new ChainNode({ number: 1, binary, home, ports });
    joining.start({ detached: false });
    await joining.waitForHeight(await first!.height(), 60_000);
    await joining.stop();
  });

  it("goes on after a stop where it was, with another process", async () => {
    const [node] = network!.nodes;
    const [pid, height] = [node!.pid, await node!.height()];
    await network!.stop();
    assert.equal(node!.pid, undefined);
    const again = await ChainNetwork.open({ directory: network!.directory, binary });
    await again.start();
    assert.notEqual(again.nodes[0]!.pid, pid);
    assert.ok((await again.nodes[0]!.height()) >= height);
  });

  it("starts nothing while another program has one of its ports", async () => {
    await network!.stop();
    const [node] = network!.nodes as [ChainNode];
    const other = createServer().listen(node.ports.peers, "127.0.0.1");
    await once(other, "listening");
    await assert.rejects(network!.start(), hasCode("CHAIN_PORT_TAKEN"));
    assert.equal(node.pid, undefined);
    other.close();
  });
});
