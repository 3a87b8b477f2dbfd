import { writeFile } from "node:fs/promises";
import { deployGasTransaction, deployTransaction, readKey, signTransaction } from "../../circuits/index.ts";
import { connectDaClient, type DaAddresses, deployDa, deployGasVault, fundGasVault } from "../../da/index.ts";
import { GraphqlL1Client, type L1Client } from "../../l1/index.ts";
import { genesisSnapshot } from "../../ledger/index.ts";
import {
  allocated,
  checkedValidatorSet,
  DUMMY_VERIFICATION_KEY_HASH,
  defaultThreshold,
  GAS_UNITS_PER_NANOMINA,
  type Genesis,
  type GenesisJson,
  genesisFromJson,
  outerAtGenesis,
  tagToField,
  toBytes32,
} from "../../protocol/index.ts";
import { type MinaKeyPair, requestJson, systemClock } from "../../service/index.ts";
import type { LocalKeys } from "./LocalKeys.ts";

export interface LocalDeployment {
  readonly genesis: Genesis;
  readonly genesisFile: string;
  readonly addresses: DaAddresses;
}

export interface DeployLocalOptions {
  readonly daUrl: string;
  /** The devnet's root, without a path. */
  readonly l1Url: string;
  readonly genesisFile: string;
  readonly keys: LocalKeys;
  /** Nanomina on L2 from the start. */
  readonly userBalance: bigint;
}

const MINA = 1_000_000_000n;
/** What the sequencer starts with on L2 (fees go there) and, from the faucet, on L1 (commits and the deployment cost there). */
const SEQUENCER_ON_L2 = 10n * MINA;
const L1_SPARE = 1_000n * MINA;
const MINA_NETWORK = "mina:devnet";
/** Slots of three seconds: an hour. */
const SLOT_SECONDS = 3n;
const GRACE_SLOTS = 1_200n;
const DEPLOY_FEE = MINA / 10n;
/** Of the gas vault: what one day pays out, in nanomina, and what it starts with where genesis gave it nothing. */
const GAS_CAP = 1_000n * MINA;
const GAS_PERIOD_SECONDS = 86_400n;
const GAS_STOCK = 5_000n * MINA * GAS_UNITS_PER_NANOMINA;
/** What there is to lock gas with, from the faucet. */
const GAS_SPARE = 100n * MINA;
/** Posting a megabyte costs a thousandth of a coin, and validators need not wait long for it. */
const FEES = { price: 1_000_000_000n, lateWindowSeconds: 60 };

const hex = (value: bigint) => `0x${Buffer.from(toBytes32(value)).toString("hex")}`;

/** Deploys the contracts on the DA chain, writes the genesis file, registers the rollup. */
export async function deployDaSide(options: DeployLocalOptions): Promise<LocalDeployment> {
  const { keys, daUrl, genesisFile } = options;
  const members = keys.validators.map(({ publicKey }) => ({ publicKey, weight: 1n }));
  const threshold = defaultThreshold(BigInt(members.length));
  const validators = checkedValidatorSet({ epoch: 0n, threshold, members });
  const home = {
    minaNetwork: tagToField(MINA_NETWORK),
    outerKey: keys.outer.publicKey,
    salt: hex(0n) as `0x${string}`,
    graceSeconds: GRACE_SLOTS * SLOT_SECONDS,
  };
  const addresses = await deployDa(
    { url: daUrl, key: keys.daOwner, validators, home, fees: FEES },
    { clock: systemClock },
  );
  const vault = await deployVault(options, addresses);
  const json = genesisJson(options, addresses, threshold, vault);
  const genesis = genesisFromJson(json);
  await writeFile(genesisFile, `${JSON.stringify(json, null, 2)}\n`);
  const client = await connectDaClient({ url: daUrl, addresses, key: keys.daOwner }, { clock: systemClock });
  await client.registerRollup({
    salt: json.da.salt as `0x${string}`,
    minaNetwork: tagToField(genesis.minaNetwork),
    outerKey: genesis.outerKey,
    sequencerKey: genesis.sequencer,
    posters: [keys.daPoster.address as `0x${string}`],
  });
  client.close();
  return { genesis, genesisFile, addresses };
}

/** The vault that pays gas out, with coins: those that genesis gave to its address, or else some of the owner's. */
async function deployVault(
  { keys, daUrl: url }: DeployLocalOptions,
  { validatorSet, timelock }: Awaited<ReturnType<typeof deployDa>>,
): Promise<string> {
  const guardian = keys.daOwner.address as `0x${string}`;
  const vault = await deployGasVault(
    {
      url,
      key: keys.daGasVault,
      owner: timelock,
      guardian,
      validatorSet,
      minaNetwork: tagToField(MINA_NETWORK),
      gasKey: keys.gas.publicKey,
      cap: GAS_CAP,
      periodSeconds: GAS_PERIOD_SECONDS,
    },
    { clock: systemClock },
  );
  if (!(await hasCoins(url, vault)))
    await fundGasVault({ url, key: keys.daOwner, vault, units: GAS_STOCK }, { clock: systemClock });
  return vault;
}

async function hasCoins(url: string, address: string): Promise<boolean> {
  const question = { jsonrpc: "2.0", id: 1, method: "eth_getBalance", params: [address, "latest"] };
  const { result } = (await requestJson({ url, json: question })) as { result?: string };
  return BigInt(result ?? 0) > 0n;
}

function genesisJson(
  { keys, userBalance }: DeployLocalOptions,
  addresses: DaAddresses,
  threshold: bigint,
  gasVault: string,
): GenesisJson {
  return {
    version: 1,
    name: "local",
    minaNetwork: MINA_NETWORK,
    outerKey: keys.outer.address,
    da: {
      chainId: addresses.chainId.toString(),
      inbox: addresses.inbox,
      validatorSet: addresses.validatorSet,
      owner: keys.daOwner.address,
      salt: hex(0n),
    },
    sequencer: keys.sequencer.address,
    council: keys.council.address,
    validators: {
      threshold: threshold.toString(),
      members: keys.validators.map(({ address }) => ({ publicKey: address, weight: "1" })),
    },
    allocations: [
      { publicKey: keys.user.address, balance: userBalance.toString() },
      { publicKey: keys.sequencer.address, balance: SEQUENCER_ON_L2.toString() },
    ],
    innerVerificationKeyHash: hex(BigInt(DUMMY_VERIFICATION_KEY_HASH)),
    accountCreationFee: MINA.toString(),
    // Slots of three seconds: a batch may land within an hour of its last block.
    delays: {
      claim: "20",
      maxLag: "1200",
      open: "2400",
      freeze: "28800",
      freezeNotice: "4800",
      grace: GRACE_SLOTS.toString(),
      governance: "57600",
    },
    gas: {
      account: keys.gas.address,
      verificationKeyHash: hex(BigInt(readKey("gas").hash)),
      vault: gasVault,
    },
  };
}

/**
 * Deploys the outer account with the state that the genesis leads to, and the account in which MINA is locked for gas; funds
 * who pays for them, and one that has MINA to lock. DaGas goes first, and the other behind it at once: the devnet prepares to
 * check proofs of each key that it meets in a block, which takes long for the outer account's and holds up the next.
 */
export async function deployL1Accounts(options: DeployLocalOptions, genesis: Genesis): Promise<void> {
  const { keys, l1Url } = options;
  const l1 = new GraphqlL1Client({ mina: `${l1Url}/graphql` }, { clock: systemClock });
  const fund = (publicKey: string, amount: bigint) =>
    requestJson({ url: `${l1Url}/v1/dev/fund`, json: { publicKey, amount: amount.toString() } });
  await fund(keys.sequencer.address, allocated(genesis) + L1_SPARE);
  await fund(keys.gasPayer.address, GAS_SPARE);
  await until(async () => (await l1.account(keys.sequencer.address)) !== null);
  const nonce = BigInt((await l1.account(keys.sequencer.address))!.inferredNonce);
  const feePayer = { publicKey: keys.sequencer.address, fee: DEPLOY_FEE };
  const outer = deployTransaction({
    outerKey: keys.outer.address,
    allocated: allocated(genesis),
    state: outerAtGenesis(genesis, genesisSnapshot(genesis).state),
    feePayer: { ...feePayer, nonce: nonce + 1n },
  });
  const gas = deployGasTransaction({
    gasKey: keys.gas.address,
    feePayer: { ...feePayer, nonce },
  });
  const send = async (unsigned: string, key: MinaKeyPair) => {
    const secrets = { feePayer: keys.sequencer.privateKey.reveal(), others: [key.privateKey.reveal()] };
    return await l1.send(JSON.parse(signTransaction(unsigned, secrets, "devnet")));
  };
  const hashes = [await send(gas, keys.gas), await send(outer, keys.outer)];
  for (const hash of hashes) await until(() => isIncluded(l1, hash));
  await until(async () => (await l1.account(keys.gasPayer.address)) !== null);
}

async function isIncluded(l1: L1Client, hash: string): Promise<boolean> {
  const status = await l1.status(hash);
  if (status.kind === "failed") throw new Error(`the deployment failed on L1: ${status.failures.join(", ")}`);
  return status.kind === "included";
}

/** Looks again and again; gives up after two minutes. */
async function until(check: () => Promise<boolean>): Promise<void> {
  for (let look = 0; look < 600; look++) {
    if (await check()) return;
    await systemClock.sleep(200);
  }
  throw new Error("L1 took no notice within two minutes");
}
