import { type Payout, payoutMessage } from "../../protocol/index.ts";
import { sample, sampleKey } from "./samples.ts";

export function feeVectors() {
  const plain: Payout = {
    daChainId: 31_337n, // the EVM computes with its own
    fees: sample("fees", 160),
    validator: sampleKey("earning").publicKey,
    receiver: sample("receiver", 160),
    counter: 0n,
  };
  const cases: [string, Payout][] = [
    ["first address", plain],
    ["second address", { ...plain, counter: 1n }],
    ["largest counter", { ...plain, counter: (1n << 64n) - 1n }],
    ["another contract", { ...plain, fees: sample("other fees", 160) }],
    ["the negated key", { ...plain, validator: { ...plain.validator, isOdd: !plain.validator.isOdd } }],
    ["largest addresses", { ...plain, fees: (1n << 160n) - 1n, receiver: (1n << 160n) - 1n }],
  ];
  return { payoutMessage: cases.map(([name, input]) => ({ name, input, output: payoutMessage(input) })) };
}
