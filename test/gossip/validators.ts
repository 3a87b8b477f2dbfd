import {
  attestationMessage,
  base58Versions,
  comparePublicKeys,
  defaultThreshold,
  littleEndian,
  publicKeyFromBase58,
  publicKeyOf,
  toBase58,
  type ValidatorSet,
  validatorSetHash,
} from "../../protocol/index.ts";

export interface TestValidator {
  readonly privateKey: string;
  readonly publicKey: ReturnType<typeof publicKeyFromBase58>;
}

/** A key from a small number: the same in each run. */
export function testKey(seed: bigint): TestValidator {
  const privateKey = toBase58(base58Versions.privateKey, Uint8Array.of(1, ...littleEndian(seed)));
  return { privateKey, publicKey: publicKeyFromBase58(publicKeyOf(privateKey)) };
}

/** `count` validators in the order of their set, weight 1 each. */
export function testValidators(count: number, threshold = defaultThreshold(BigInt(count))) {
  const validators = Array.from({ length: count }, (_, i) => testKey(BigInt(1_000 + i))).sort((a, b) =>
    comparePublicKeys(a.publicKey, b.publicKey),
  );
  const set: ValidatorSet = {
    epoch: 0n,
    threshold,
    members: validators.map(({ publicKey }) => ({ publicKey, weight: 1n })),
  };
  return { validators, set };
}

/** The message for an arbitrary commitment, told apart by `salt`. */
export function testMessage(set: ValidatorSet, salt: bigint): bigint {
  return attestationMessage(validatorSetHash(set), {
    statement: salt,
    dataRoot: 1n,
    dataLength: 2n,
    scheme: 1n,
  });
}

export const batchNamed = (n: number): `0x${string}` => `0x${n.toString(16).padStart(64, "0")}`;
