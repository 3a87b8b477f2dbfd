import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SigningKey, Transaction, Wallet } from "ethers";
import { gateInterface } from "../../da/contracts.ts";
import { readChunkCall } from "../../da/readChunkCall.ts";
import { signTransaction } from "../../da/rpc/signTransaction.ts";
import { writeChunkCall } from "../../da/writeChunkCall.ts";
import { CHUNK_BYTES } from "../../protocol/index.ts";
import { sampleBytes } from "../../scripts/vectors/samples.ts";

const privateKey = `0x${"4c".repeat(32)}`;
const to = `0x${"ab".repeat(20)}` as const;
const plain = {
  chainId: 93_560n,
  nonce: 7,
  tip: 10n ** 9n,
  cap: 3n * 10n ** 9n,
  gasLimit: 21_000n,
  to,
  value: 0n,
  data: "0x",
} as const;
const dataOf = (length: number) => `0x${Buffer.from(sampleBytes("data", length)).toString("hex")}` as const;

describe("signTransaction", () => {
  it("gives the bytes and the hash that ethers gives", async () => {
    const wallet = new Wallet(privateKey);
    const cases = [
      plain,
      { ...plain, nonce: 0, tip: 0n, cap: 0n },
      { ...plain, value: 10n ** 18n },
      { ...plain, nonce: 128, to: undefined, data: dataOf(1) },
      { ...plain, nonce: 2 ** 32, chainId: 1n, gasLimit: 2n ** 63n },
      { ...plain, data: "0x00" as const },
      { ...plain, data: "0x7f" as const },
      { ...plain, data: "0x80" as const },
      ...[54, 55, 56, 57, 255, 256, 65_535, 65_536, CHUNK_BYTES].map((length) => ({
        ...plain,
        data: dataOf(length),
      })),
    ];
    for (const given of cases) {
      const { tip, cap, to, ...same } = given;
      const expected = await wallet.signTransaction({
        ...same,
        type: 2,
        to: to ?? null,
        maxPriorityFeePerGas: tip,
        maxFeePerGas: cap,
      });
      const { raw, hash } = signTransaction(given, new SigningKey(privateKey));
      assert.equal(raw, expected);
      assert.equal(hash, Transaction.from(expected).hash);
    }
  });
});

describe("writeChunkCall", () => {
  it("gives what ethers encodes, and what readChunkCall reads", () => {
    const id = `0x${"c5".repeat(32)}` as const;
    const inbox = `0x${"0a".repeat(20)}` as const;
    for (const [index, length] of [0, 1, 31, 32, 33, 1_024, CHUNK_BYTES].entries()) {
      const chunk = sampleBytes("chunk", length);
      const call = writeChunkCall({ inbox, id, index, chunk });
      assert.equal(call, gateInterface.encodeFunctionData("postChunk", [inbox, id, index, chunk]));
      assert.deepEqual(Buffer.from(readChunkCall(call)!), Buffer.from(chunk));
    }
  });
});
