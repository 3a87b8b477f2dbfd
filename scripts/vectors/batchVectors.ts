import {
  type BatchHeader,
  batchId,
  chunkRoot,
  chunksOf,
  encodePayload,
  headerMessage,
  NONCE_BASE,
  type Payload,
  signFields,
  stateHash,
  userPermissions,
  type ZkappCommand,
} from "../../protocol/index.ts";
import { sampleState } from "./hashVectors.ts";
import { hex, sample, sampleBytes, sampleField, sampleKey } from "./samples.ts";

/** A transfer with every optional part of a command present once. Its signatures are well-formed, not valid. */
export function sampleCommand(seed: string): ZkappCommand {
  const from = sampleKey(`${seed} from`);
  const signature = signFields(from.privateKey, [sampleField(seed)]);
  const plain = {
    callDepth: 0,
    incrementNonce: false,
    useFullCommitment: false,
    implicitAccountCreationFee: false,
    mayUseToken: "no",
    nonce: null,
    validWhile: null,
    authorization: null,
  } as const;
  const memo = new Uint8Array(34);
  memo.set([1, 5, ...Buffer.from("hello")]);
  return {
    feePayer: { publicKey: from.publicKey, fee: 100_000_000n, nonce: NONCE_BASE, validUntil: 77n, signature },
    memo,
    updates: [
      {
        ...plain,
        publicKey: from.publicKey,
        balanceChange: -5_000_000_000n,
        useFullCommitment: true,
        authorization: signature,
      },
      { ...plain, publicKey: sampleKey(`${seed} to`).publicKey, balanceChange: 5_000_000_000n, callDepth: 1 },
      {
        ...plain,
        publicKey: sampleKey(`${seed} third`).publicKey,
        balanceChange: 0n,
        incrementNonce: true,
        nonce: { lower: 3n, upper: 3n },
        validWhile: { lower: 0n, upper: 9n },
        mayUseToken: "inheritFromParent",
        authorization: signature,
      },
    ],
  };
}

export function samplePayload(seed: string): Payload {
  const { publicKey } = sampleKey(`${seed} account`);
  return {
    domain: sampleField(`${seed} domain`),
    source: sampleField(`${seed} source`),
    target: sampleState(seed),
    landBy: (1n << 32n) - 1n,
    feeRecipient: publicKey,
    blocks: [
      { slot: 5n, timestampMs: 1_700_000_000_000n, commands: [sampleCommand(seed)] },
      { slot: 6n, timestampMs: 1_700_000_003_000n, commands: [] },
    ],
    changes: [
      {
        index: 1n,
        account: {
          publicKey,
          tokenId: 1n,
          tokenSymbol: "ZEKO",
          balance: 7n,
          nonce: NONCE_BASE,
          receiptChainHash: sampleField(`${seed} receipt`),
          delegate: publicKey,
          votingFor: 0n,
          timing: {
            initialMinimumBalance: 1n,
            cliffTime: 2n,
            cliffAmount: 3n,
            vestingPeriod: 4n,
            vestingIncrement: 5n,
          },
          permissions: { ...userPermissions, editState: "proof", setTiming: "impossible" },
          zkapp: {
            appState: Array.from({ length: 8 }, (_, i) => BigInt(i)),
            verificationKeyHash: sampleField(`${seed} key`),
            zkappVersion: 1n,
            actionState: Array.from({ length: 5 }, (_, i) => BigInt(10 + i)),
            lastActionSlot: 9n,
            provedState: true,
            zkappUriHash: sampleField(`${seed} uri`),
          },
        },
      },
    ],
  };
}

export function batchVectors() {
  const payload = samplePayload("payload");
  const { data, decodedLength } = encodePayload(payload);
  const header: BatchHeader = {
    number: 12n,
    source: payload.source,
    target: stateHash(payload.target),
    landBy: payload.landBy,
    dataLength: BigInt(data.length),
    decodedLength: BigInt(decodedLength),
    scheme: 1n,
  };
  const roots = chunksOf(sampleBytes("batch", 200_000)).map(chunkRoot);
  const place = { daChainId: 31337n, inbox: sample("inbox", 160), rollupId: sample("rollup", 256) };
  const dataRoot = sampleField("data root");
  return {
    payload: [{ name: "every part present", output: { data: hex(data), decodedLength } }],
    headerMessage: [
      {
        name: "header",
        input: { header, dataRoot, domain: payload.domain },
        output: headerMessage(header, dataRoot, payload.domain),
      },
    ],
    batchId: [
      {
        name: "three chunks",
        input: { place, header, chunkRoots: roots.map(hex) },
        output: hex(batchId(place, header, roots)),
      },
    ],
  };
}
