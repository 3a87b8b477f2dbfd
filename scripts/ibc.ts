import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { HDNodeWallet } from "ethers";
import { defaultCacheDirectory } from "../circuits/index.ts";
import { evmKeyFromHex, resolveConfig, Secret } from "../service/index.ts";
import { buildChain } from "./chain/buildChain.ts";
import { ChainNetwork } from "./chain/ChainNetwork.ts";
import { bech32Address, COIN, DENOM, publicAccount } from "./chain/chainGenesis.ts";
import { adviceOf } from "./cli/adviceOf.ts";
import { earnFees } from "./ibc/earnFees.ts";
import { CHANNEL, Hermes } from "./ibc/Hermes.ts";
import { Wallet } from "./ibc/Wallet.ts";
import { Timeline } from "./local/Timeline.ts";

/**
 * Cashing out, rehearsed: two local networks of our chain with Hermes 1.10.5 between them. A validator claims its fees on
 * the first, sends them to the second and a part of them back, and gets back what a stopped relayer left lying.
 *
 *     node scripts/ibc.ts --hermes <path>
 */
const options = {
  hermes: { type: "string", default: "hermes", description: "The relayer, by path or name" },
} as const;

/** Which of the public accounts does what. */
const [OWNER, VALIDATOR, RECEIVER, RELAYER] = [0, 5, 6, 19];
const FEE = 5n * COIN;
const RETURNED = 2n * COIN;
const LATE = COIN;
const SHORT_SECONDS = 10;

const { values } = resolveConfig(options, { flags: process.argv.slice(2) }, { positionals: [0, 0] });
const timeline = new Timeline((line) => process.stdout.write(line));
const directory = await mkdtemp(join(tmpdir(), "zeko-ibc-"));
const running: { stop(): Promise<void> }[] = [];
try {
  await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  const advice = adviceOf(error);
  if (advice) process.stderr.write(`${advice}\n`);
  process.exitCode = 1;
} finally {
  for (const part of running.toReversed()) await part.stop();
  await rm(directory, { recursive: true, force: true });
}

async function main(): Promise<void> {
  const { binary } = await timeline.step("Node's program", () =>
    buildChain(defaultCacheDirectory(process.env)),
  );
  const [a, b] = await timeline.step("Two networks", async () => [
    await network("zeko-a-1", binary),
    await network("zeko-b-1", binary),
  ]);
  const hermes = new Hermes({
    program: values.hermes,
    directory,
    chains: [a!, b!],
    ...publicAccount(RELAYER),
  });
  await timeline.step("Relayer's keys", () => hermes.prepare());
  await timeline.step("Clients, connection, channel", () => hermes.connect());
  hermes.start();
  running.push(hermes);

  const here = await Wallet.open(a!, keyOf(VALIDATOR), binary);
  const there = await Wallet.open(b!, keyOf(RECEIVER), binary);
  const owner = evmKeyFromHex(new Secret(keyOf(OWNER).privateKey));
  const validator = evmKeyFromHex(new Secret(keyOf(VALIDATOR).privateKey));
  const url = a!.urls[0]!;
  const claim = () => earnFees({ url, owner, validator, fee: FEE });
  await timeline.step("Validator earns and claims its fees", claim, (paid) => `${paid} ${DENOM}`);

  const voucher = voucherOf(DENOM);
  const held = () => here.balanceOf(escrowOf(), DENOM);
  await timeline.step("Fees to the other chain", async () => {
    await here.transfer(there.address, FEE, DENOM);
    await there.waitFor("vouchers there", FEE, () => there.balance(voucher));
    await here.waitFor("held here", FEE, held);
  });
  await timeline.step("A part of them back", async () => {
    await there.transfer(here.address, RETURNED, voucher);
    await here.waitFor("held here", FEE - RETURNED, held);
  });
  await timeline.step("What a stopped relayer leaves lying comes back", async () => {
    await hermes.stop();
    await here.transfer(there.address, LATE, DENOM, SHORT_SECONDS);
    await here.waitFor("held here", FEE - RETURNED + LATE, held);
    await new Promise((resolve) => setTimeout(resolve, SHORT_SECONDS * 1_500));
    hermes.start();
    await here.waitFor("held here", FEE - RETURNED, held);
    await there.waitFor("vouchers there", FEE - RETURNED, () => there.balance(voucher));
  });
  timeline.say("All coins are where they belong");
}

async function network(chainId: string, binary: string): Promise<ChainNetwork> {
  const made = await ChainNetwork.create({
    directory: join(directory, chainId),
    binary,
    nodes: 1,
    chainId,
    grpc: true,
  });
  running.push(made);
  await made.start();
  return made;
}

function keyOf(index: number) {
  const { mnemonic, path } = publicAccount(index);
  const { address, privateKey } = HDNodeWallet.fromPhrase(mnemonic, undefined, path);
  return { mnemonic, path, address, privateKey };
}

/** What the other chain calls our coin. ICS-20: `ibc/` and the SHA-256 of its way there. */
function voucherOf(denom: string): string {
  const way = `transfer/${CHANNEL}/${denom}`;
  return `ibc/${createHash("sha256").update(way).digest("hex").toUpperCase()}`;
}

/** Holds coins that are elsewhere. ICS-20: the first 20 bytes of SHA-256 over version, zero byte, port and channel. */
function escrowOf(): string {
  const digest = createHash("sha256").update(`ics20-1\0transfer/${CHANNEL}`).digest();
  return bech32Address(`0x${digest.subarray(0, 20).toString("hex")}`);
}
