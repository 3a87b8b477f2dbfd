import { createHash } from "node:crypto";
import { Mina } from "o1js";
import { DevnetError } from "../errors/DevnetError.ts";
import type { MinaCommandJson } from "../graphql/MinaGraphqlBackend.ts";
import type { ProofQuestion, ProofVerifier } from "./ProofVerifier.ts";

/** A key as accounts keep it. */
export interface KeyJson {
  readonly data: string;
  readonly hash: string;
}

/** Keys that an account has, or will have once what waits for a block is in one. */
export type KnownKeys = (publicKey: string, tokenId: string) => readonly KeyJson[];

const REMEMBERED = 1_024;

/**
 * Checks every proof of a command, and every verification key that it sets.
 *
 * A proof is checked against the key whose hash its update names, whatever permissions the account has; that the account has
 * this key when the command reaches a block is checked there, by Mina's own logic. Answers are remembered, so that a command
 * sent again after a reorganisation costs nothing.
 */
export class ProofChecker {
  readonly #verifier: ProofVerifier;
  readonly #good = new Set<string>();

  constructor(verifier: ProofVerifier) {
    this.#verifier = verifier;
  }

  /** @throws {DevnetError} `DEVNET_PROOF_INVALID`, `DEVNET_VERIFICATION_KEY_INVALID`, `DEVNET_VERIFICATION_KEY_MISMATCH` */
  async check(command: MinaCommandJson, knownKeys: KnownKeys): Promise<void> {
    const setHere = new Map<string, KeyJson>();
    const inputs = publicInputs(command);
    for (const [update, { body, authorization }] of command.accountUpdates.entries()) {
      const account = `${body.publicKey};${body.tokenId}`;
      if (authorization.proof !== null) {
        const own = setHere.get(account);
        const candidates = own ? [own] : knownKeys(body.publicKey, body.tokenId);
        const key = candidates.find(({ hash }) => hash === body.authorizationKind.verificationKeyHash);
        if (!key) throw new DevnetError("DEVNET_VERIFICATION_KEY_MISMATCH", { update });
        await this.#checkProof(update, authorization.proof, inputs[update]!, key);
      }
      const key = body.update.verificationKey;
      if (key) {
        await this.#checkKey(update, key);
        setHere.set(account, key);
      }
    }
  }

  async #checkProof(
    update: number,
    proof: string,
    publicInput: readonly string[],
    key: KeyJson,
  ): Promise<void> {
    const good = await this.#once({ kind: "proof", proof, publicInput, key: key.data });
    if (!good) throw new DevnetError("DEVNET_PROOF_INVALID", { update });
  }

  async #checkKey(update: number, { data, hash }: KeyJson): Promise<void> {
    const good = await this.#once({ kind: "key", data, hash });
    if (!good) throw new DevnetError("DEVNET_VERIFICATION_KEY_INVALID", { update });
    // A key is set before its first proof comes; that one need not wait then.
    this.#verifier.ask({ kind: "warm", key: data }).catch(() => {});
  }

  /** Asks unless the same was good lately. */
  async #once(question: ProofQuestion): Promise<boolean> {
    const id = createHash("sha256").update(JSON.stringify(question)).digest("base64");
    if (this.#good.has(id)) return true;
    const good = await this.#verifier.ask(question);
    if (good) this.#remember(id);
    return good;
  }

  #remember(id: string): void {
    const oldest = this.#good.size >= REMEMBERED ? this.#good.values().next().value : undefined;
    if (oldest !== undefined) this.#good.delete(oldest);
    this.#good.add(id);
  }
}

/** Per update what its proof must be about: the update's hash and that of the calls beneath it. */
function publicInputs(command: MinaCommandJson): string[][] {
  if (command.accountUpdates.every(({ authorization }) => authorization.proof === null)) return [];
  const { transaction } = Mina.Transaction.fromJSON(command);
  return transaction.accountUpdates.map((update) => {
    const { accountUpdate, calls } = update.toPublicInput(transaction);
    return [accountUpdate.toString(), calls.toString()];
  });
}
