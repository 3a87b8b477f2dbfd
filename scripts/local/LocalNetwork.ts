import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { requestJson } from "../../service/index.ts";
import { ChildRole } from "./ChildRole.ts";
import { deployDaSide, deployL1Accounts, type LocalDeployment } from "./deployLocal.ts";
import { freePorts } from "./freePorts.ts";
import { type LocalKeys, makeLocalKeys } from "./LocalKeys.ts";
import { type SentTransfer, sendTransfers } from "./sendTransfers.ts";
import type { Timeline } from "./Timeline.ts";

export interface LocalNetworkOptions {
  /** Empty or absent; everything that the network writes is below it. */
  readonly directory: string;
  readonly validators: number;
  readonly slotDurationMs: number;
  /** Nanomina that the user has on L2 from the start. */
  readonly userBalance: bigint;
  readonly cacheDirectory: string;
  /** What the DA chain runs on: Hardhat's network by default, or four nodes of our own. */
  readonly chain?: "hardhat" | "zekod";
}

/** L1 blocks after which locked MINA counts: nobody reorganises this network but by hand, and gas should come in a minute. */
const GAS_DEPTH = 3;

/** The chain's node is built first where the cache does not have it. */
const BUILD_MS = 30 * 60_000;

/** Root addresses on loopback, without a path. */
export interface LocalUrls {
  readonly chain: string;
  readonly l1: string;
  readonly relay: string;
  readonly sequencer: string;
  readonly signers: readonly string[];
}

/** A batch as the sequencer tells of it. */
export interface BatchView {
  readonly number: string;
  readonly step: string;
  readonly id: string | null;
  readonly transactions: number;
  readonly newAccounts: number;
  readonly proofs: Readonly<{ ledger: number; index: number }>;
  readonly proofSeconds: Readonly<Record<string, number>>;
  readonly reachedMs: Readonly<Record<string, number>>;
  readonly commit: Readonly<{ hash: string; attempt: number }> | null;
  readonly accepted: Readonly<{ height: string; hash: string; slot: string }> | null;
  readonly waitsFor: unknown;
}

/**
 * The whole rollup on this machine: DA chain, L1 devnet, validators, relay and sequencer, each a process of its own that
 * is configured and reached as an operator would.
 */
export class LocalNetwork {
  readonly #options: LocalNetworkOptions;
  readonly #timeline: Timeline;
  readonly #running: ChildRole[] = [];
  #keys: LocalKeys | undefined;
  #urls: LocalUrls | undefined;
  #gossip: readonly string[] = [];
  #deployment: LocalDeployment | undefined;
  #sequencer: ChildRole | undefined;
  #closed = false;

  constructor(options: LocalNetworkOptions, modules: { readonly timeline: Timeline }) {
    this.#options = options;
    this.#timeline = modules.timeline;
  }

  get keys(): LocalKeys {
    return this.#keys!;
  }
  get urls(): LocalUrls {
    return this.#urls!;
  }
  get deployment(): LocalDeployment {
    return this.#deployment!;
  }
  get sequencerDirectory(): string {
    return join(this.#options.directory, "sequencer");
  }

  /** Starts everything but the sequencer, and deploys. What fails leaves nothing running once `down` is called. */
  async up(): Promise<void> {
    const { directory, validators } = this.#options;
    await mkdir(join(directory, "logs"), { recursive: true, mode: 0o700 });
    await this.#choosePorts();
    const chain = this.#launchChain();
    const devnet = this.#launch("devnet", {
      "devnet.port": portOf(this.urls.l1),
      "devnet.data-dir": join(directory, "devnet"),
      "devnet.slot-duration-ms": String(this.#options.slotDurationMs),
    });
    this.#keys = await this.#timeline.step("Keys", () => makeLocalKeys(join(directory, "keys"), validators));
    await this.#timeline.step("DA chain and L1 devnet", async () => {
      if (this.#options.chain === "zekod") await chain.waitUntil(() => hasBlocks(this.urls.chain), BUILD_MS);
      else await chain.waitUntil(() => answersRpc(this.urls.chain), 60_000);
      await devnet.waitUntilReady(this.urls.l1);
    });
    const deploy = {
      daUrl: this.urls.chain,
      l1Url: this.urls.l1,
      genesisFile: join(directory, "genesis.json"),
      keys: this.#keys,
      userBalance: this.#options.userBalance,
    };
    this.#deployment = await this.#timeline.step("Contracts on the DA chain", () => deployDaSide(deploy));
    await this.#writeConfig();
    const { genesis } = this.#deployment;
    // Validators do with an L1 on which nothing stands yet: they would start before the deployment too.
    await Promise.all([
      this.#timeline.step("Outer account and DaGas on L1", () => deployL1Accounts(deploy, genesis)),
      this.#timeline.step(`${validators} validators and the relay`, () => this.#launchValidators()),
    ]);
  }

  /** Starts the sequencer on what its data directory holds. */
  async startSequencer(): Promise<void> {
    const role = this.#launch("sequencer", { "sequencer.http-port": portOf(this.urls.sequencer) });
    this.#sequencer = role;
    await role.waitUntilReady(this.urls.sequencer, 120_000);
  }

  /** Ends the sequencer as a crash would, and deletes all that it had. */
  async loseSequencer(): Promise<void> {
    await this.#sequencer?.kill();
    await rm(this.sequencerDirectory, { recursive: true, force: true });
  }

  /** Kills the sequencer at once; its disk stays. */
  async killSequencer(): Promise<void> {
    await this.#sequencer?.kill();
  }

  /**
   * Sends transfers from the user's account as a user would, and waits until all are in L2 blocks.
   * @param receiver an existing account; without it each transfer makes a new one
   */
  async transfer(count: number, receiver?: string): Promise<SentTransfer[]> {
    const sent = await sendTransfers({
      graphqlUrl: `${this.urls.sequencer}/graphql`,
      privateKey: this.keys.user.privateKey.reveal(),
      count,
      ...(receiver === undefined ? {} : { receiver }),
    });
    for (const { hash } of sent) await this.#untilIncluded(hash);
    return sent;
  }

  /** Closes the batch in hand. */
  async closeBatch(): Promise<BatchView> {
    return (await requestJson({ url: `${this.urls.sequencer}/v1/batch`, json: {} })) as BatchView;
  }

  async batch(number: string): Promise<BatchView> {
    return (await requestJson({ url: `${this.urls.sequencer}/v1/batches/${number}` })) as BatchView;
  }

  /**
   * Waits until L1 has accepted a batch, and tells of each step on the way.
   * @throws {Error} after `limitMs`
   */
  async waitUntilAccepted(number: string, limitMs: number): Promise<BatchView> {
    const deadline = Date.now() + limitMs;
    let seen = "";
    for (;;) {
      const batch = await this.batch(number).catch(() => undefined);
      if (!this.#sequencer?.running) throw new Error("the sequencer ended; see logs/sequencer.log");
      const proofs = Object.keys(batch?.proofSeconds ?? {}).length;
      const news = batch ? `${batch.step}${proofs > 0 ? `, ${proofs} proofs made` : ""}` : seen;
      if (news !== seen) this.#timeline.say(`  batch ${number}: ${news}`);
      seen = news;
      if (batch?.accepted) return batch;
      if (Date.now() > deadline) {
        throw new Error(
          `batch ${number} is not accepted after ${limitMs / 1000} s: ${JSON.stringify(batch?.waitsFor)}`,
        );
      }
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }

  /** Largest resident set of every process that runs, in MB, by its name. */
  peakMb(): Record<string, number> {
    const peaks = this.#running.map((role) => [role.name, role.peakMb] as const);
    return Object.fromEntries(peaks.filter((peak): peak is [string, number] => peak[1] !== undefined));
  }

  /** Stops every process, the last started first, and starts no more. */
  async down(): Promise<void> {
    this.#closed = true;
    for (let role = this.#running.pop(); role; role = this.#running.pop()) await role.stop();
  }

  async #untilIncluded(hash: string): Promise<void> {
    for (let look = 0; look < 300; look++) {
      const url = `${this.urls.sequencer}/v1/transactions/${hash}`;
      const { status } = (await requestJson({ url })) as { status?: string };
      if (status === "included") return;
      if (status === "dropped") throw new Error(`transfer ${hash} was dropped`);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    throw new Error(`transfer ${hash} is in no block`);
  }

  async #choosePorts(): Promise<void> {
    const { validators } = this.#options;
    const ports = await freePorts(4 + 2 * validators + 1);
    const url = (i: number) => `http://127.0.0.1:${ports[i]}`;
    const [chain, l1, relay, sequencer] = [0, 1, 2, 3].map(url) as [string, string, string, string];
    const signers = Array.from({ length: validators }, (_, i) => url(4 + i));
    this.#urls = { chain, l1, relay, sequencer, signers };
    this.#gossip = ports.slice(4 + validators).map((port) => `/ip4/127.0.0.1/tcp/${port}`);
  }

  #launchChain(): ChildRole {
    if (this.#options.chain === "zekod") return this.#launchZekod();
    const hardhat = "node_modules/hardhat/dist/src/cli.js";
    const args = [hardhat, "node", "--hostname", "127.0.0.1", "--port", portOf(this.urls.chain)];
    return this.#run("chain", args);
  }

  #launchZekod(): ChildRole {
    const directory = `--directory=${join(this.#options.directory, "chain")}`;
    return this.#run("chain", ["scripts/chain.ts", "run", directory, `--port=${portOf(this.urls.chain)}`]);
  }

  /** One file for all roles; what differs between validators is given as flags. */
  async #writeConfig(): Promise<void> {
    const { directory, cacheDirectory } = this.#options;
    const { keys, urls } = this;
    const graphql = `${urls.l1}/graphql`;
    const config = {
      genesis: this.deployment.genesisFile,
      "password-file": keys.passwordFile,
      "cache-dir": cacheDirectory,
      "signer.da-url": urls.chain,
      "signer.l1-url": graphql,
      "signer.gas-depth": GAS_DEPTH,
      "gas.l1-url": graphql,
      "gas.poll-ms": 1_000,
      "gas.relay-url": urls.relay,
      "gas.signers": urls.signers,
      "gas.da-url": urls.chain,
      "gas.key-file": keys.fileOf("gas-payer"),
      "relay.da-url": urls.chain,
      "relay.da-key-file": keys.fileOf("relay"),
      "relay.data-dir": join(directory, "relay"),
      "relay.http-port": Number(portOf(urls.relay)),
      "relay.gossip-listen": [this.#gossip.at(-1)],
      "relay.gossip-peers": this.#gossip.slice(0, -1),
      "relay.signers": keys.validators.map(({ address }, i) => `${address}=${urls.signers[i]}`),
      "validator.da-url": urls.chain,
      "sequencer.da-url": urls.chain,
      "sequencer.l1-url": graphql,
      "sequencer.relay-url": urls.relay,
      "sequencer.recovery-url": urls.signers[0],
      "sequencer.fee-recipient": keys.sequencer.address,
      "sequencer.key-file": keys.fileOf("sequencer"),
      "sequencer.da-key-file": keys.fileOf("poster"),
      "sequencer.data-dir": this.sequencerDirectory,
      "sequencer.batch-age-ms": 86_400_000, // batches are closed by hand here
      "sequencer.finality-depth": 20,
    };
    await writeFile(this.#configFile, `${JSON.stringify(config, null, 2)}\n`);
  }

  async #launchValidators(): Promise<void> {
    const { directory } = this.#options;
    const signers = this.urls.signers.map((url, i) =>
      this.#launch(
        "signer",
        {
          "signer.key-file": this.keys.fileOf(`validator-${i}`),
          "signer.data-dir": join(directory, `signer-${i}`),
          "signer.http-port": portOf(url),
          "signer.gossip-listen": this.#gossip[i]!,
          "signer.gossip-peers": this.#gossip.filter((_, other) => other !== i).join(","),
        },
        `signer-${i}`,
      ),
    );
    const relay = this.#launch("relay", {});
    await Promise.all(signers.map((role, i) => role.waitUntilReady(this.urls.signers[i]!, 120_000)));
    await relay.waitUntilReady(this.urls.relay, 120_000);
  }

  get #configFile(): string {
    return join(this.#options.directory, "zeko.json");
  }

  #launch(role: string, flags: Readonly<Record<string, string>>, name = role): ChildRole {
    const file = role === "devnet" ? [] : ["--config", this.#configFile];
    const options = Object.entries(flags).map(([flag, value]) => `--${flag}=${value}`);
    return this.#run(name, ["scripts/zeko.ts", role, ...file, ...options]);
  }

  #run(name: string, args: readonly string[]): ChildRole {
    // Told to stop while it was still coming up: a process started now would be nobody's.
    if (this.#closed) throw new Error("the network is going down");
    const logFile = join(this.#options.directory, "logs", `${name}.log`);
    const role = new ChildRole({ name, args, logFile, environment: { NODE_OPTIONS: "" } });
    this.#running.push(role);
    role.start();
    return role;
  }
}

function portOf(url: string): string {
  return new URL(url).port;
}

/** On a node that makes its first block nothing can be deployed yet. */
async function hasBlocks(url: string): Promise<boolean> {
  const question = { jsonrpc: "2.0", id: 1, method: "eth_blockNumber", params: [] };
  const { result } = (await requestJson({ url, json: question })) as { result?: string };
  return Number(result) >= 2;
}

async function answersRpc(url: string): Promise<boolean> {
  const question = { jsonrpc: "2.0", id: 1, method: "eth_chainId", params: [] };
  const { result } = (await requestJson({ url, json: question })) as { result?: string };
  return typeof result === "string";
}
