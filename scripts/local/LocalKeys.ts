import { randomBytes } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { comparePublicKeys } from "../../protocol/index.ts";
import {
  type EvmKey,
  evmKeyFromHex,
  type MinaKeyPair,
  newMinaKeyPair,
  Secret,
  writeEvmKeyFile,
  writeMinaKeyFile,
} from "../../service/index.ts";

/** Accounts that Hardhat's network funds in every chain: known to everybody, of no worth elsewhere. */
const HARDHAT_KEYS = [
  "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80",
  "0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d",
  "0x5de4111afa1a4b94908f83103eb1f1706367c2e68ca870fc3fb9a804cdab365a",
  "0x7c852118294e51e653712a81e05800f419141751be58f605c371e15141b007a6",
] as const;

/** Every key of a local deployment. */
export interface LocalKeys {
  readonly outer: MinaKeyPair;
  readonly sequencer: MinaKeyPair;
  readonly council: MinaKeyPair;
  /** Has the L2 allocation that transfers are made from. */
  readonly user: MinaKeyPair;
  /** By rising public key, as in the set. */
  readonly validators: readonly MinaKeyPair[];
  /** Deploys the contracts and owns the rollup. */
  readonly daOwner: EvmKey;
  readonly daPoster: EvmKey;
  readonly daRelay: EvmKey;
  /** Deploys the gas vault and nothing else: a chain of our own gives coins to the vault's address in its genesis. */
  readonly daGasVault: EvmKey;
  /** The L1 account in which MINA is locked for gas, and one that has MINA to lock. */
  readonly gas: MinaKeyPair;
  readonly gasPayer: MinaKeyPair;
  /** Of the key files, which hold what roles read: the sequencer's, each validator's, the two DA accounts'. */
  readonly passwordFile: string;
  readonly fileOf: (name: "sequencer" | "poster" | "relay" | "gas-payer" | `validator-${number}`) => string;
}

/** Makes fresh keys, and writes those that roles read into encrypted files below `directory`. */
export async function makeLocalKeys(directory: string, validatorCount: number): Promise<LocalKeys> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const password = new Secret(randomBytes(24).toString("base64url"));
  const passwordFile = join(directory, "password");
  await writeFile(passwordFile, `${password.reveal()}\n`, { mode: 0o600, flag: "wx" });
  const validators = Array.from({ length: validatorCount }, newMinaKeyPair);
  validators.sort((a, b) => comparePublicKeys(a.publicKey, b.publicKey));
  const [daOwner, daPoster, daRelay, daGasVault] = HARDHAT_KEYS.map((key) => evmKeyFromHex(new Secret(key)));
  const keys: LocalKeys = {
    outer: newMinaKeyPair(),
    sequencer: newMinaKeyPair(),
    council: newMinaKeyPair(),
    user: newMinaKeyPair(),
    validators,
    daOwner: daOwner!,
    daPoster: daPoster!,
    daRelay: daRelay!,
    daGasVault: daGasVault!,
    gas: newMinaKeyPair(),
    gasPayer: newMinaKeyPair(),
    passwordFile,
    fileOf: (name) => join(directory, name),
  };
  // Each takes most of a second of one core, by intent of whoever made the formats.
  await Promise.all([
    writeMinaKeyFile(keys.fileOf("sequencer"), keys.sequencer, password),
    writeMinaKeyFile(keys.fileOf("gas-payer"), keys.gasPayer, password),
    ...validators.map((key, i) => writeMinaKeyFile(keys.fileOf(`validator-${i}`), key, password)),
    writeEvmKeyFile(keys.fileOf("poster"), keys.daPoster, password),
    writeEvmKeyFile(keys.fileOf("relay"), keys.daRelay, password),
  ]);
  return keys;
}
