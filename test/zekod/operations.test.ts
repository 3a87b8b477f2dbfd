import assert from "node:assert/strict";
import { copyFile, cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { ChainBinary } from "../../scripts/chain/ChainBinary.ts";
import { ChainNetwork } from "../../scripts/chain/ChainNetwork.ts";
import { ChainNode } from "../../scripts/chain/ChainNode.ts";
import { COIN, publicAddresses } from "../../scripts/chain/chainGenesis.ts";
import { nodeIdentity } from "../../scripts/chain/nodeIdentity.ts";
import { nodePorts, PORTS_PER_NODE } from "../../scripts/chain/nodeSettings.ts";
import { runProgram } from "../../scripts/chain/runProgram.ts";
import { freePorts } from "../../scripts/local/freePorts.ts";
import { ask } from "../da/support/hardhatNode.ts";
import { Operator, type ValidatorRecord } from "./support/Operator.ts";
import { until } from "./support/until.ts";
import { zekodBinary } from "./support/zekodNetwork.ts";

/** What the chain forgives an absent validator here: an hour, or a minute in jail at least, would be long for a test. */
const LENIENCE = {
  signed_blocks_window: "10",
  min_signed_per_window: "0.500000000000000000",
  downtime_jail_duration: "60s",
};
const STAKE = 100n * COIN;
const LIMIT_MS = 120_000;
const COMMISSION = {
  rate: "100000000000000000",
  max_rate: "200000000000000000",
  max_change_rate: "10000000000000000",
};
const DESCRIPTION = '{"moniker":"joining"}';

// What docs/operators.md tells operators to do, done: each procedure goes on from the one before.
describe("operators of our own chain", () => {
  let scratch: string;
  let binary: string;
  let network: ChainNetwork;
  let joining: ChainNode;
  let restored: ChainNode;
  let operator: Operator;
  let backup: string;
  const nodes: ChainNode[] = [];
  before(async () => {
    scratch = await mkdtemp(join(tmpdir(), "zekod-"));
    binary = await zekodBinary();
    network = await ChainNetwork.create({
      directory: join(scratch, "net"),
      binary,
      nodes: 4,
      snapshotInterval: 5,
      shape: ({ app_state }) => Object.assign(app_state.slashing.params, LENIENCE),
    });
    nodes.push(...network.nodes);
    await network.start();
  });
  after(async () => {
    await Promise.all(nodes.map((node) => node.stop()));
    await rm(scratch, { recursive: true, force: true });
  });

  /** A home as `zeko chain init` writes it, beside the four. */
  async function init(name: string, options: readonly string[] = []): Promise<ChainNode> {
    const home = join(scratch, name);
    const [first, second] = network.nodes as [ChainNode, ChainNode];
    const ports = nodePorts(await freePorts(PORTS_PER_NODE));
    const peers = await Promise.all(
      [first, second].map(async (node) => `${await nodeIdentity(node.home)}@127.0.0.1:${node.ports.peers}`),
    );
    const { code, err } = await runProgram(process.execPath, [
      "scripts/zeko.ts",
      ...["chain", "init", home, `--chain.genesis=${join(first.home, "config", "genesis.json")}`],
      ...[`--chain.peers=${peers.join(",")}`, `--chain.moniker=${name}`],
      ...[`--chain.peer-port=${ports.peers}`, `--chain.json-rpc-port=${ports.jsonRpc}`],
      ...[`--chain.web-socket-port=${ports.webSocket}`, `--chain.comet-port=${ports.comet}`],
      ...options,
    ]);
    assert.equal(code, 0, err);
    const node = new ChainNode({ number: nodes.length, binary, home, ports });
    nodes.push(node);
    return node;
  }

  /** A stopped node's state, as a genesis file. */
  async function exported({ home }: ChainNode, ...options: readonly string[]): Promise<string> {
    const file = `${home}.json`;
    await new ChainBinary(binary, home).run("export", "--output-document", file, ...options);
    return await readFile(file, "utf8");
  }

  const keyOf = (node: ChainNode) => new ChainBinary(binary, node.home).run("comet", "show-validator");
  const record = async () => (await operator.validators()).get("joining") as ValidatorRecord;
  const untilRecord = (what: (record: ValidatorRecord) => boolean) =>
    until(async () => ((await record()) && what(await record()) ? true : undefined));
  const create = async (commission: object) =>
    [
      ...[
        "staking",
        "create-validator",
        "--pubkey",
        (await keyOf(joining)).trim(),
        "--value",
        `${STAKE}azeko`,
      ],
      ...["--min-self-delegation", "1", "--description", DESCRIPTION],
      ...["--commission", JSON.stringify(commission)],
    ] as const;

  it("join with a stake, and are told at once what is wrong with what they send", async () => {
    joining = await init("joining");
    joining.start({ detached: false });
    const [first] = network.nodes as [ChainNode];
    await caughtUp(joining);

    const { chainId } = network;
    operator = new Operator({ binary, home: join(scratch, "operator"), chainId, port: first.ports.comet });
    const rich = new Operator({ binary, home: first.home, chainId, port: first.ports.comet });
    const address = await operator.makeKey();
    assert.equal(await rich.tx("bank", "send", "operator", address, `${2n * STAKE}azeko`), "");
    assert.match((await operator.tx(...(await create({ ...COMMISSION, rate: "0.1" })))) || "taken", /0\.1/);
    assert.equal(await operator.tx(...(await create(COMMISSION))), "");
    assert.equal((await record()).status, "BOND_STATUS_BONDED");
    await until(() => signs(first, joining));
  });

  it("are jailed while their node is away, at little cost", async () => {
    backup = join(scratch, "backup");
    await joining.stop();
    await cp(join(joining.home, "config"), backup, { recursive: true });
    await untilRecord(({ jailed }) => jailed === true);
    assert.equal(BigInt((await record()).tokens), (STAKE * 9_999n) / 10_000n);
    assert.match(await operator.tx("slashing", "unjail"), /jailed/);
  });

  it("start a node from a snapshot, whose index needs a restart", async () => {
    const servers = network.nodes.slice(0, 2).map(({ ports }) => `http://127.0.0.1:${ports.comet}`);
    const trusted = await commit(network.nodes[0]!, 2);
    const { hash } = trusted.commit.block_id;
    restored = await init("restored", [
      `--chain.sync-servers=${servers.join(",")}`,
      ...["--chain.trust-height=2", `--chain.trust-hash=${hash}`],
    ]);
    restored.start({ detached: false });
    await caughtUp(restored);
    await restored.stop();
    // It ends at the first block that the node does not have.
    const { err } = await runProgram(binary, ["index-eth-tx", "backward", "--home", restored.home]);
    assert.match(err, /block not found/);
    restored.start({ detached: false });
    await caughtUp(restored);
    for (const address of publicAddresses().slice(0, 2))
      assert.equal(
        BigInt((await ask(restored.url, "eth_getBalance", [address, "latest"])) as string),
        10n ** 22n,
      );
    const old = { fromBlock: "0x1", toBlock: "0x2" };
    await assert.rejects(ask(restored.url, "eth_getLogs", [old]), /lowest height/); // not: no logs
  });

  it("put the consensus key of a lost machine into a node that has caught up, and leave the jail", async () => {
    await restored.stop();
    await copyFile(
      join(backup, "priv_validator_key.json"),
      join(restored.home, "config", "priv_validator_key.json"),
    );
    restored.start({ detached: false });
    await until(async () => ((await operator.tx("slashing", "unjail")) === "" ? true : undefined));
    await until(() => signs(network.nodes[0]!, restored));
    const { jailed, status } = await record();
    assert.deepEqual([jailed ?? false, status], [false, "BOND_STATUS_BONDED"]);
  });

  it("lose stake and key for good when the machine was not lost after all", async () => {
    const { tokens } = await record();
    joining.start({ detached: false });
    await untilRecord(({ jailed }) => jailed === true);
    const votes = BigInt(tokens) / COIN; // whole coins vote, and are what is at stake
    const left = BigInt(tokens) - (votes * COIN * 5n) / 100n;
    assert.equal(BigInt((await record()).tokens), left);
    await Promise.all([joining.stop(), restored.stop()]);
    const { info } = await operator.query<{ info: { tombstoned?: boolean }[] }>("slashing", "signing-infos");
    assert.equal(info.filter(({ tombstoned }) => tombstoned).length, 1);
    assert.match(await operator.tx("slashing", "unjail"), /jailed/);
    // Nor under another consensus key: the name of the validator is the operator's.
    joining = await init("other");
    assert.match(await operator.tx(...(await create(COMMISSION))), /already exist/);
  });

  it("go on from an exported state when a third will never come back", async () => {
    const [first, second, third, fourth] = network.nodes as [ChainNode, ChainNode, ChainNode, ChainNode];
    await Promise.all([third.stop(), fourth.stop()]);
    const all = await operator.validators();
    await Promise.all([first.stop(), second.stop()]);
    const staying = ["node0", "node1"].map((name) => all.get(name)!.operator_address);
    const latest = await Promise.all([first, second].map((node) => exported(node)));
    const height = Math.min(...latest.map((text) => JSON.parse(text).initial_height)) - 1;
    const goesOn = ["--height", String(height), "--jail-allowed-addrs", staying.join(",")];
    const genesis = await Promise.all([first, second].map((node) => exported(node, ...goesOn)));
    assert.equal(genesis[0], genesis[1]);
    const next = {
      ...JSON.parse(genesis[0]!),
      chain_id: "zeko-local-2",
      genesis_time: new Date().toISOString(),
    };
    for (const { home } of [first, second]) {
      await writeFile(join(home, "config", "genesis.json"), JSON.stringify(next));
      await new ChainBinary(binary, home).run("comet", "unsafe-reset-all");
    }
    const goal = height + 3;
    for (const step of ["to the first blocks", "with its index"]) {
      for (const node of [first, second]) node.start({ detached: false });
      await Promise.all([first, second].map((node) => node.waitForHeight(goal, LIMIT_MS)));
      if (step === "with its index") break;
      await Promise.all([first.stop(), second.stop()]);
      for (const { home } of [first, second])
        await runProgram(binary, ["index-eth-tx", "backward", "--home", home]);
    }
    const goingOn = await operator.validators();
    const bonded = [...goingOn]
      .filter(([, { status }]) => status === "BOND_STATUS_BONDED")
      .map(([name]) => name);
    assert.deepEqual(bonded.sort(), ["node0", "node1"]);
    assert.equal(goingOn.get("node3")!.tokens, all.get("node3")!.tokens);
    const [rich] = publicAddresses() as [string];
    assert.equal(BigInt((await ask(first.url, "eth_getBalance", [rich, "latest"])) as string), 10n ** 22n);
    assert.equal(Number(await ask(first.url, "eth_chainId")), 93_560);
  });
});

interface SignedHeader {
  readonly commit: {
    readonly height: string;
    readonly block_id: { readonly hash: string };
    readonly signatures: readonly { readonly validator_address: string }[];
  };
}

/** Waits until a node takes part and has a block of its own, as `zekod status` tells. */
async function caughtUp({ ports }: ChainNode): Promise<void> {
  await until(async () => {
    const answer = await fetch(`http://127.0.0.1:${ports.comet}/status`);
    const { result } = (await answer.json()) as {
      result: { sync_info: { catching_up: boolean; latest_block_height: string } };
    };
    const { catching_up, latest_block_height } = result.sync_info;
    return (!catching_up && latest_block_height !== "0") || undefined;
  });
}

/** What CometBFT's RPC says of a block, the latest where none is named. */
async function commit(node: ChainNode, height?: number): Promise<SignedHeader> {
  const question = height === undefined ? "" : `?height=${height}`;
  const answer = await fetch(`http://127.0.0.1:${node.ports.comet}/commit${question}`);
  return ((await answer.json()) as { result: { signed_header: SignedHeader } }).result.signed_header;
}

/** Whether a block was signed with the key of another node: the one before the latest, since votes may come late. */
async function signs(seenBy: ChainNode, node: ChainNode): Promise<true | undefined> {
  const key = await readFile(join(node.home, "config", "priv_validator_key.json"), "utf8");
  const { address } = JSON.parse(key) as { address: string };
  const { height } = (await commit(seenBy)).commit;
  const { signatures } = (await commit(seenBy, Number(height) - 1)).commit;
  return signatures.some(({ validator_address }) => validator_address === address) || undefined;
}
