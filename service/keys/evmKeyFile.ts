import { Wallet } from "ethers";
import { Secret } from "../config/Secret.ts";
import { KeyError } from "../errors/KeyError.ts";
import { parseJson } from "./minaKeyFile.ts";
import { readPrivateFile, writePrivateFile } from "./privateFile.ts";

/** A key of the DA chain. */
export interface EvmKey {
  /** 0x and 64 hexadecimal digits. */
  readonly privateKey: Secret;
  /** 0x and 40 hexadecimal digits, with checksum. */
  readonly address: string;
}

/** A fresh key from the system's randomness. */
export function newEvmKey(): EvmKey {
  return evmKey(Wallet.createRandom().privateKey);
}

/** @throws {KeyError} `KEY_PRIVATE_MALFORMED` */
export function evmKeyFromHex(privateKey: Secret): EvmKey {
  try {
    return evmKey(privateKey.reveal());
  } catch {
    // Without its cause, which quotes the key.
    throw new KeyError("KEY_PRIVATE_MALFORMED", { kind: "DA" });
  }
}

/** Writes a Web3 keystore (version 3, scrypt), which every Ethereum tool reads. @throws as `writeMinaKeyFile` */
export async function writeEvmKeyFile(file: string, key: EvmKey, password: Secret): Promise<void> {
  const keystore = await new Wallet(key.privateKey.reveal()).encrypt(password.reveal());
  await writePrivateFile(file, keystore);
  await writePrivateFile(`${file}.pub`, `${key.address}\n`, 0o644);
}

/** Opens a Web3 keystore. @throws as `readMinaKeyFile` */
export async function readEvmKeyFile(file: string, password: Secret): Promise<EvmKey> {
  const text = await readPrivateFile(file);
  parseJson(text, file);
  try {
    return evmKey((await Wallet.fromEncryptedJson(text, password.reveal())).privateKey);
  } catch (error) {
    if ((error as { shortMessage?: string }).shortMessage === "incorrect password")
      throw new KeyError("KEY_PASSWORD_WRONG", { file });
    throw new KeyError("KEY_FILE_MALFORMED", { file, reason: "not a Web3 keystore" });
  }
}

function evmKey(privateKey: string): EvmKey {
  const { address } = new Wallet(privateKey);
  return { privateKey: new Secret(privateKey), address };
}
