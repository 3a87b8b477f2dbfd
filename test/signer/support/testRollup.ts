import { type ExecutedBatch, executeBatch, genesisSnapshot, type Snapshot } from "../../../ledger/index.ts";
import {
  type BatchHeader,
  type Block,
  batchId,
  chunkRoot,
  chunksOf,
  comparePublicKeys,
  dataRootOfChunks,
  defaultThreshold,
  domainHash,
  domainOf,
  encodePayload,
  type Genesis,
  type Payload,
  signHeader,
  stateHash,
  type ZkappCommand,
} from "../../../protocol/index.ts";
import { testKey, transfer } from "../../ledger/support/commands.ts";
import { testGenesis } from "../../ledger/support/genesis.ts";

export const sequencer = testKey(900);
export const stranger = testKey(901);
const feeRecipient = testKey(3).publicKey;

/** The genesis file of tests with `count` validators, and their keys by slot. */
export function testDeployment(count: number, da: Partial<Genesis["da"]> = {}) {
  const validators = Array.from({ length: count }, (_, i) => testKey(1_000 + i)).sort((a, b) =>
    comparePublicKeys(a.publicKey, b.publicKey),
  );
  const base = testGenesis();
  const genesis: Genesis = {
    ...base,
    da: { ...base.da, ...da },
    sequencer: sequencer.publicKey,
    validators: {
      epoch: 0n,
      threshold: defaultThreshold(BigInt(count)),
      members: validators.map(({ publicKey }) => ({ publicKey, weight: 1n })),
    },
  };
  return { genesis, validators, domain: domainOf(genesis), start: genesisSnapshot(genesis) };
}

/** What a test may bend on the way from commands to a posted batch. */
export interface Bend {
  readonly payload?: (payload: Payload) => Payload;
  readonly data?: (data: Uint8Array) => Uint8Array;
  readonly header?: (header: BatchHeader) => BatchHeader;
  readonly signer?: { readonly privateKey: string };
  readonly timestampMs?: bigint;
}

/** A batch as the sequencer posts it. */
export interface TestBatch {
  readonly id: `0x${string}`;
  readonly header: BatchHeader;
  readonly data: Uint8Array;
  readonly chunkRoots: readonly Uint8Array[];
  readonly dataRoot: bigint;
  readonly signature: ReturnType<typeof signHeader>;
  readonly executed: ExecutedBatch;
}

/** Executes commands on a state and encodes, hashes and signs the outcome. */
export function testBatch(
  genesis: Genesis,
  source: Snapshot,
  commands: readonly ZkappCommand[],
  bend: Bend = {},
): TestBatch {
  const blocks: Block[] = [
    { slot: source.state.lastSlot + 1n, timestampMs: bend.timestampMs ?? 1n, commands },
  ];
  const executed = executeBatch(source, { blocks, feeRecipient });
  return posted(genesis, executed, bend);
}

function posted(genesis: Genesis, executed: ExecutedBatch, bend: Bend): TestBatch {
  const domain = domainOf(genesis);
  const honest: Payload = {
    domain: domainHash(domain),
    source: stateHash(executed.source.state),
    target: executed.target.state,
    landBy: executed.landBy,
    feeRecipient: executed.feeRecipient,
    blocks: executed.blocks,
    changes: executed.changes,
  };
  const encoded = encodePayload(bend.payload?.(honest) ?? honest);
  const data = bend.data?.(encoded.data) ?? encoded.data;
  const payload = bend.payload?.(honest) ?? honest;
  const plain: BatchHeader = {
    number: payload.target.batch,
    source: honest.source,
    target: stateHash(payload.target),
    landBy: honest.landBy,
    dataLength: BigInt(data.length),
    decodedLength: BigInt(encoded.decodedLength),
    scheme: 1n,
  };
  const header = bend.header?.(plain) ?? plain;
  const chunkRoots = chunksOf(data).map(chunkRoot);
  const dataRoot = dataRootOfChunks(chunkRoots);
  const { privateKey } = bend.signer ?? sequencer;
  return {
    id: `0x${Buffer.from(batchId(domain, header, chunkRoots)).toString("hex")}`,
    header,
    data,
    chunkRoots,
    dataRoot,
    signature: signHeader(privateKey, header, dataRoot, domainHash(domain)),
    executed,
  };
}

/** `count` transfers of 1 nanomina more each from key `from` to key `to`, with its nonces from `nonce` on. */
export function transfers(
  count: number,
  { from = 0, to = 1, nonce = 0n, nonceBase = 1n << 31n } = {},
): ZkappCommand[] {
  return Array.from({ length: count }, (_, i) =>
    transfer({
      from: testKey(from),
      to: testKey(to).publicKey,
      amount: BigInt(i + 1),
      nonce: nonceBase + nonce + BigInt(i),
      fee: 1_000n,
    }),
  );
}

/** A chain of honest batches of one transfer each. */
export function testChain(genesis: Genesis, length: number): TestBatch[] {
  const batches: TestBatch[] = [];
  let source = genesisSnapshot(genesis);
  for (let i = 0; i < length; i++) {
    const batch = testBatch(genesis, source, transfers(1, { nonce: BigInt(i) }));
    batches.push(batch);
    source = batch.executed.target;
  }
  return batches;
}
