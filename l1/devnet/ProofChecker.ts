import { createHash } from "node:crypto";
import { Field, Mina, VerificationKey, verify } from "o1js";
import { DevnetError } from "../errors/DevnetError.ts";
import type { MinaCommandJson } from "../graphql/MinaGraphqlBackend.ts";

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
  readonly #good = new Set<string>();

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
    const good = await this.#once(["proof", proof, ...publicInput, key.data], () =>
      verify({ proof, publicInput: [...publicInput], publicOutput: [], maxProofsVerified: 2 }, key.data),
    );
    if (!good) throw new DevnetError("DEVNET_PROOF_INVALID", { update });
  }

  async #checkKey(update: number, { data, hash }: KeyJson): Promise<void> {
    const good = await this.#once(["key", data, hash], () =>
      VerificationKey.checkValidity(new VerificationKey({ data, hash: Field(hash) })),
    );
    if (!good) throw new DevnetError("DEVNET_VERIFICATION_KEY_INVALID", { update });
  }

  /** Runs a check unless the same one succeeded lately. What cannot even be parsed throws inside o1js: that is a no. */
  async #once(parts: readonly string[], check: () => Promise<boolean>): Promise<boolean> {
    const id = createHash("sha256").update(parts.join("\n")).digest("base64");
    if (this.#good.has(id)) return true;
    const good = await check().catch(() => false);
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
