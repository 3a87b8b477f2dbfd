import { generateKeyPair, privateKeyFromProtobuf, privateKeyToProtobuf } from "@libp2p/crypto/keys";
import type { PrivateKey } from "@libp2p/interface";
import { KeyError, readPrivateFile, writePrivateFile } from "../service/index.ts";
import { GossipError } from "./GossipError.ts";

/** The key behind a node's peer id. It names a process on the network and signs nothing else. */
export type PeerKey = PrivateKey;

/**
 * Reads the peer key in a file (0600), making one where there is none, so that a node keeps its peer id.
 * @throws {GossipError} `GOSSIP_KEY`; {KeyError} `KEY_FILE_OPEN`, `KEY_FILE_UNUSABLE`
 */
export async function readOrMakePeerKey(file: string): Promise<PeerKey> {
  try {
    return parsePeerKey(await readPrivateFile(file), file);
  } catch (error) {
    if (!(error instanceof KeyError && error.code === "KEY_FILE_MISSING")) throw error;
  }
  const key = await newPeerKey();
  await writePrivateFile(file, `${Buffer.from(privateKeyToProtobuf(key)).toString("base64")}\n`);
  return key;
}

/** A fresh Ed25519 key. */
export function newPeerKey(): Promise<PeerKey> {
  return generateKeyPair("Ed25519");
}

function parsePeerKey(text: string, file: string): PeerKey {
  try {
    return privateKeyFromProtobuf(new Uint8Array(Buffer.from(text.trim(), "base64")));
  } catch (cause) {
    throw new GossipError("GOSSIP_KEY", { file }, { cause });
  }
}
