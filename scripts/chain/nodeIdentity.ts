import { createHash, createPrivateKey, createPublicKey } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";

/** PKCS #8 around a bare Ed25519 seed. */
const PREFIX = Buffer.from("302e020100300506032b657004220420", "hex");

/** By which other nodes know this one: the first 20 bytes of SHA-256 over the public key of `node_key.json`. */
export async function nodeIdentity(home: string): Promise<string> {
  const file = await readFile(join(home, "config", "node_key.json"), "utf8");
  const seed = Buffer.from(JSON.parse(file).priv_key.value, "base64").subarray(0, 32);
  const secret = createPrivateKey({ key: Buffer.concat([PREFIX, seed]), format: "der", type: "pkcs8" });
  const raw = createPublicKey(secret).export({ format: "der", type: "spki" }).subarray(-32);
  return createHash("sha256").update(raw).digest("hex").slice(0, 40);
}
