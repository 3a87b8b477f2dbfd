import { FIELD_MODULUS, SCALAR_MODULUS, signFields, verifyFields } from "../../protocol/index.ts";
import { sampleField, sampleKey } from "./samples.ts";

export function signatureVectors() {
  const { privateKey, publicKey } = sampleKey("signer");
  const other = sampleKey("another signer").publicKey;
  const message = sampleField("message");
  const good = signFields(privateKey, [message]);
  const cases = [
    { name: "signed", publicKey, message, signature: good },
    { name: "message zero", publicKey, message: 0n, signature: signFields(privateKey, [0n]) },
    {
      name: "largest message",
      publicKey,
      message: FIELD_MODULUS - 1n,
      signature: signFields(privateKey, [FIELD_MODULUS - 1n]),
    },
    { name: "another message", publicKey, message: message + 1n, signature: good },
    { name: "another key", publicKey: other, message, signature: good },
    {
      name: "the negated key",
      publicKey: { ...publicKey, isOdd: !publicKey.isOdd },
      message,
      signature: good,
    },
    { name: "s negated", publicKey, message, signature: { r: good.r, s: SCALAR_MODULUS - good.s } },
    { name: "s zero", publicKey, message, signature: { r: good.r, s: 0n } },
    { name: "r changed", publicKey, message, signature: { r: good.r + 1n, s: good.s } },
    { name: "r ≥ p", publicKey, message, signature: { r: good.r + FIELD_MODULUS, s: good.s } },
    { name: "s ≥ q", publicKey, message, signature: { r: good.r, s: good.s + SCALAR_MODULUS } },
    { name: "key zero", publicKey: { x: 0n, isOdd: false }, message, signature: good },
    { name: "key off the curve", publicKey: { x: 2n, isOdd: false }, message, signature: good },
  ];
  return {
    signature: cases.map(({ name, ...input }) => ({
      name,
      input,
      output: verifyFields(input.publicKey, [input.message], input.signature),
    })),
  };
}
