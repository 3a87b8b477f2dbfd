/** The few functions of libsodium that we call; the package's own types are not reachable through its export map. */
export interface Sodium {
  readonly ready: Promise<void>;
  readonly crypto_secretbox_KEYBYTES: number;
  readonly crypto_pwhash_ALG_ARGON2I13: number;
  randombytes_buf(length: number): Uint8Array;
  memzero(bytes: Uint8Array): void;
  crypto_secretbox_easy(message: Uint8Array, nonce: Uint8Array, key: Uint8Array): Uint8Array;
  /** Throws when the tag is wrong. */
  crypto_secretbox_open_easy(ciphertext: Uint8Array, nonce: Uint8Array, key: Uint8Array): Uint8Array;
  crypto_pwhash(
    keyBytes: number,
    password: string,
    salt: Uint8Array,
    passes: number,
    memoryBytes: number,
    algorithm: number,
  ): Uint8Array;
}
