import {
  connectDaClient,
  type DaAddresses,
  type DaClient,
  type DaReader,
  deployDa,
  type FeeTerms,
  type OpenBatch,
  type RollupId,
} from "../../../da/index.ts";
import {
  type Attestation,
  attestationMessage,
  type BatchHeader,
  chunkRoot,
  chunksOf,
  comparePublicKeys,
  mirroredMessage,
  possessionMessage,
  type Rotation,
  rotationMessage,
  signFields,
  tagToField,
  termsOf,
  type ValidatorSet,
} from "../../../protocol/index.ts";
import { sampleBytes, sampleKey } from "../../../scripts/vectors/samples.ts";

import { type EvmKey, systemClock } from "../../../service/index.ts";
import { fundedKeys } from "./hardhatNode.ts";

export const clock = systemClock;
export const sequencer = sampleKey("sequencer");
export const outer = sampleKey("outer");
/** The set's keys, in its order. */
export const validatorKeys = keysOf([0, 1, 2, 3]);
export const validators: ValidatorSet = {
  epoch: 0n,
  threshold: 3n,
  members: validatorKeys.map(({ publicKey }) => ({ publicKey, weight: 1n })),
};

export const SALT = `0x${"1".padStart(64, "0")}` as const;
export const home = {
  minaNetwork: tagToField("devnet"),
  outerKey: outer.publicKey,
  salt: SALT,
  graceSeconds: 1_000n,
};

function keysOf(numbers: readonly number[]) {
  const keys = numbers.map((i) => sampleKey(`da validator ${i}`));
  return keys.sort((a, b) => comparePublicKeys(a.publicKey, b.publicKey));
}

/** From the first set to these keys, signed by everybody. */
export function sampleRotation(domain: bigint, numbers: readonly number[]): Rotation {
  const keys = keysOf(numbers);
  const members = keys.map(({ publicKey }) => ({ publicKey, weight: 1n }));
  const next = { epoch: 1n, threshold: 3n, members };
  const terms = { domain, current: validators, next, state: 5n, until: 900n, kind: "normal" } as const;
  const signed = (by: typeof keys, message: bigint) =>
    by.map(({ privateKey }, slot) => ({ slot, signature: signFields(privateKey, [message]) }));
  return {
    ...terms,
    approvals: signed(validatorKeys, rotationMessage(termsOf(terms))),
    possessions: signed(keys, possessionMessage(termsOf(terms))),
  };
}

/** A quorum of the next set's word that Mina holds it. */
export function sampleConfirmations(rotation: Rotation, numbers: readonly number[]): Attestation[] {
  const message = mirroredMessage(termsOf(rotation));
  const sign = (privateKey: string) => signFields(privateKey, [message]);
  return keysOf(numbers)
    .slice(0, 3)
    .map(({ privateKey }, slot) => ({ slot, signature: sign(privateKey) }));
}

export interface Deployment {
  readonly url: string;
  readonly addresses: DaAddresses;
  readonly client: DaClient;
  readonly rollup: RollupId;
}

export function connect(url: string, addresses: DaAddresses, key: EvmKey = fundedKeys[0]): Promise<DaClient> {
  return connectDaClient({ url, addresses, key, receiptPollMs: 5 }, { clock });
}

/** Contracts and one rollup, whose owner and poster is the first account. Posting is free where nothing else is said. */
export async function deployment(url: string, fees?: FeeTerms): Promise<Deployment> {
  const { timelock: _, ...addresses } = await deployDa(
    { url, key: fundedKeys[0], validators, home, receiptPollMs: 5, ...(fees ? { fees } : {}) },
    { clock },
  );
  const client = await connect(url, addresses);
  const rollup = await client.registerRollup(registration(client, 1));
  return { url, addresses, client, rollup };
}

export function registration(client: DaClient, salt: number) {
  return {
    salt: `0x${salt.toString(16).padStart(64, "0")}`,
    minaNetwork: tagToField("devnet"),
    outerKey: outer.publicKey,
    sequencerKey: sequencer.publicKey,
    posters: [client.account],
  } as const;
}

export interface Sample {
  readonly request: OpenBatch;
  readonly data: Uint8Array;
  readonly chunks: readonly Uint8Array[];
}

/** A batch of pseudo-random bytes; another `number` makes it another batch. */
export function sampleBatch(rollup: RollupId, length: number, number = 1n): Sample {
  const data = sampleBytes(`da ${number}`, length);
  const chunks = chunksOf(data);
  const header: BatchHeader = {
    number,
    source: 10n * number,
    target: 10n * number + 1n,
    landBy: 77n,
    dataLength: BigInt(length),
    decodedLength: BigInt(2 * length),
    scheme: 1n,
  };
  const request = { rollup, header, chunkRoots: chunks.map(chunkRoot), signature: { r: 5n, s: 6n } };
  return { request, data, chunks };
}

/** Signatures of the given slots over an open batch, as the contract's own fields say. */
export async function attestations(reader: DaReader, id: `0x${string}`, slots: readonly number[]) {
  const [batch, set] = [(await reader.batch(id))!, await reader.validatorSet(0n)];
  const { statement, dataRoot, header } = batch;
  const commitment = { statement, dataRoot, dataLength: header.dataLength, scheme: header.scheme };
  const message = attestationMessage(set.hash, commitment);
  return slots.map((slot) => ({ slot, signature: signFields(validatorKeys[slot]!.privateKey, [message]) }));
}
