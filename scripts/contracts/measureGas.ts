import type { HardhatEthers } from "@nomicfoundation/hardhat-ethers/types";
import type { BaseContract, Contract, ContractTransactionResponse } from "ethers";
import hre from "hardhat";
import { calldataGas, type Hex, rotateGas } from "../../da/index.ts";
import {
  type BatchHeader,
  batchId,
  CHUNK_BYTES,
  chunkRoot,
  chunksOf,
  comparePublicKeys,
  decompress,
  defaultThreshold,
  MAX_VALIDATORS,
  mirroredMessage,
  type RotationTerms,
  rollupId,
  rotationMessage,
  signFields,
  toBytes32,
  validatorSetHash,
} from "../../protocol/index.ts";
import { sampleBytes, sampleField, sampleKey } from "../vectors/samples.ts";

/** One account, one inbox and one set, on a chain of their own in this process. */
interface Deployment {
  readonly ethers: HardhatEthers;
  readonly owner: string;
  readonly set: Contract;
  readonly inbox: Contract;
  readonly fees: Contract;
  /** Implementation of the fee contract. */
  readonly feesCode: string;
  readonly keys: readonly SampleKey[];
}

type SampleKey = ReturnType<typeof sampleKey>;

const HEADER = { number: 1n, source: 1n, target: 2n, landBy: 3n, decodedLength: 1n, scheme: 1n } as const;
const SALT = toBytes32(1n);
const HOME_DOMAIN = 1n;
/** Of a decoded byte: the figures hold what paying costs. */
const PRICE = 10n ** 9n;
/** Sizes of the certificates measured: the default threshold of each set signs. */
const SETS = [4, 7, 16] as const;

/** Execution gas of checking one signature, everything included: the dearest of sixteen. */
export async function signatureGas(): Promise<number> {
  const { ethers } = await hre.network.create();
  const harness = await create(ethers, "CryptoHarness");
  let most = 0n;
  for (let i = 0; i < 16; i++) {
    const { privateKey, publicKey } = sampleKey(`gas ${i}`);
    const message = sampleField(`gas message ${i}`);
    const { x, y } = decompress(publicKey.x, publicKey.isOdd)!;
    const { r, s } = signFields(privateKey, [message]);
    const used: bigint = await harness.verify!(message, x, y, r, s);
    if (used > most) most = used;
  }
  return Number(most);
}

/** Execution gas of checking certificates of the default quorum, by "3of4" and so on. */
export async function certificateGas(): Promise<Record<string, number>> {
  const figures: Record<string, number> = {};
  for (const count of SETS) {
    const deployment = await newDeployment(count);
    const places = [await deployment.inbox.getAddress(), await deployment.set.getAddress()];
    const meter = await create(deployment.ethers, "GasMeter", deployment.feesCode, places[1]);
    const { id } = await sealedBatch(deployment, 100);
    const quorum = await votes(deployment, id);
    await meter.reserve!(id, { value: 1n });
    const used = await meter.certificate!.staticCall(...places, id, 0n, quorum);
    figures[`${quorum.length}of${count}`] = Number(used);
  }
  return figures;
}

/** Gas that whole transactions pay, calldata and storage included. */
export async function transactionGas(): Promise<Record<string, number>> {
  const deployment = await newDeployment(4);
  const full = await sealedBatch(deployment, 98_304);
  const quorum = await votes(deployment, full.id);
  const certificate = await gasOf(deployment.inbox.recordCertificate!(full.id, 0n, quorum));
  await deployment.ethers.provider.send("evm_increaseTime", [61]);
  return {
    openBatch: full.opened,
    postChunk: full.posted,
    recordCertificate: certificate,
    settle: await gasOf(deployment.fees.settle!([full.id])),
    rotate: await rotationGas(deployment),
    rotateMost: await largestRotationGas(),
  };
}

/** Sixty-four validators to as many others, and all of both sign: the dearest that the contract takes. */
async function largestRotationGas(): Promise<number> {
  const deployment = await newDeployment(MAX_VALIDATORS);
  return await rotationGas(deployment, MAX_VALIDATORS);
}

/**
 * All validators to as many others.
 * @param signers of each set; as many as the threshold takes unless given
 * @throws {RangeError} when the limit that `da/` gives the transaction would not do
 */
async function rotationGas({ set, keys }: Deployment, signers?: number): Promise<number> {
  const count = keys.length;
  const next = sortedKeys("next validator", count);
  const threshold = defaultThreshold(BigInt(count));
  const quorum = signers ?? Number(threshold);
  const nextSet = { epoch: 1n, threshold, members: next.map(({ publicKey }) => ({ publicKey, weight: 1n })) };
  const terms: RotationTerms = {
    domain: HOME_DOMAIN,
    current: (await set.epochInfo!(0n)).setHash,
    next: validatorSetHash(nextSet),
    state: 1n,
    until: 2n,
    kind: "normal",
  };
  const signed = (signers: readonly SampleKey[], message: bigint) =>
    signers.map(({ privateKey }, slot) => ({ slot, ...signFields(privateKey, [message]) }));
  const rotation = { members: pointsOf(next), threshold, state: 1n, until: 2n, removal: false };
  const approvals = signed(keys.slice(0, quorum), rotationMessage(terms));
  const confirmations = signed(next.slice(0, quorum), mirroredMessage(terms));
  const args = [rotation, approvals, confirmations];
  const data = set.interface.encodeFunctionData("rotate", args) as Hex;
  const gasLimit = rotateGas(data, count, 2 * quorum);
  const used = await gasOf(set.rotate!(...args, { gasLimit }));
  // Nearly all of it: a contract that has become dearer must be noticed here before it is by who rotates.
  if (BigInt(used) > (gasLimit * 95n) / 100n) throw new RangeError(`rotate took ${used} of ${gasLimit} gas`);
  return used;
}

/** @param hardfork another one than the configuration's */
export async function newDeployment(count: number, hardfork?: "cancun"): Promise<Deployment> {
  const { ethers } = await hre.network.create(hardfork ? { override: { hardfork } } : {});
  const owner = await (await ethers.getSigners())[0]!.getAddress();
  const keys = sortedKeys("validator", count);
  const threshold = defaultThreshold(BigInt(count));
  const set = await createBehindProxy(
    ethers,
    "ValidatorSet",
    ...[owner, owner, pointsOf(keys), threshold, 0n, HOME_DOMAIN, 0n],
  );
  const feesCode = await (await create(ethers, "DaFees")).getAddress();
  const places = [owner, owner, await set.getAddress(), feesCode];
  const inbox = await createBehindProxy(ethers, "BatchInbox", ...places, { price: PRICE, lateWindow: 60n });
  const key = keys[0]!.publicKey;
  await inbox.registerRollup!(SALT, 1n, key, key, [owner]);
  const fees = await attach(ethers, "DaFees", await inbox.fees!());
  await fees.prepay!(toBytes32(rollupId(BigInt(owner), 1n)), { value: 10n ** 18n });
  return { ethers, owner, set, inbox, fees, feesCode, keys };
}

function sortedKeys(name: string, count: number): SampleKey[] {
  const keys = Array.from({ length: count }, (_, i) => sampleKey(`${name} ${i}`));
  return keys.sort((a, b) => comparePublicKeys(a.publicKey, b.publicKey));
}

function pointsOf(keys: readonly SampleKey[]) {
  return keys.map(({ publicKey }) => ({ ...decompress(publicKey.x, publicKey.isOdd)!, weight: 1n }));
}

/**
 * Gas of posting a chunk of 96 KiB that does not seal and of one that does, beyond what its calldata costs anybody: measured
 * where calldata has no floor price, which would hide it.
 */
export async function chunkGas(): Promise<Record<string, number>> {
  const deployment = await newDeployment(4, "cancun");
  const { id, chunks } = await openBatch(deployment, 2 * CHUNK_BYTES);
  const used: number[] = [];
  for (const [index, chunk] of chunks.entries()) {
    const sent = await postChunk(deployment, id, index, chunk);
    used.push((await gasOf(sent)) - Number(calldataGas(sent.data as Hex).billed));
  }
  return { work: used[0]!, sealing: used[1]! };
}

async function sealedBatch(deployment: Deployment, length: number) {
  const { id, opened, chunks } = await openBatch(deployment, length);
  const posted = await gasOf(await postChunk(deployment, id, 0, chunks[0]!));
  return { id, opened, posted };
}

async function openBatch({ inbox, owner }: Deployment, length: number) {
  const chunks = chunksOf(sampleBytes("gas", length));
  const header: BatchHeader = { ...HEADER, dataLength: BigInt(length) };
  const rollup = rollupId(BigInt(owner), 1n);
  const roots = chunks.map(chunkRoot);
  const place = { daChainId: 31_337n, inbox: BigInt(await inbox.getAddress()), rollupId: rollup };
  const id = batchId(place, header, roots);
  const opened = await gasOf(inbox.openBatch!(toBytes32(rollup), header, roots, 1n, 1n));
  return { id, opened, chunks };
}

async function postChunk(
  { ethers, inbox }: Deployment,
  id: Uint8Array,
  index: number,
  chunk: Uint8Array,
): Promise<ContractTransactionResponse> {
  const gate = await attach(ethers, "ChunkGate", await inbox.chunkGate!());
  return await gate.postChunk!(await inbox.getAddress(), id, index, chunk);
}

async function votes({ inbox, keys }: Deployment, id: Uint8Array) {
  const message: bigint = await inbox.attestationMessage!(id, 0n);
  const quorum = Number(defaultThreshold(BigInt(keys.length)));
  return keys
    .slice(0, quorum)
    .map(({ privateKey }, slot) => ({ slot, ...signFields(privateKey, [message]) }));
}

export async function gasOf(
  sent: ContractTransactionResponse | Promise<ContractTransactionResponse>,
): Promise<number> {
  return Number((await (await sent).wait())!.gasUsed);
}

async function create(ethers: HardhatEthers, name: string, ...args: unknown[]): Promise<Contract> {
  return (await ethers.deployContract(name, args)) as BaseContract as Contract;
}

export async function createBehindProxy(
  ethers: HardhatEthers,
  name: string,
  ...args: unknown[]
): Promise<Contract> {
  const implementation = await create(ethers, name);
  const data = implementation.interface.encodeFunctionData("initialize", args);
  const proxy = await create(ethers, "ZekoProxy", await implementation.getAddress(), data);
  return await attach(ethers, name, await proxy.getAddress());
}

async function attach(ethers: HardhatEthers, name: string, address: string): Promise<Contract> {
  return (await ethers.getContractAt(name, address)) as BaseContract as Contract;
}
