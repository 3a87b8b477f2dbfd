import { L1Error } from "./errors/L1Error.ts";
import type { MinaCommandJson } from "./graphql/MinaGraphqlBackend.ts";
import type { L1Client } from "./L1Client.ts";
import { type FeePayment, signCommand } from "./signCommand.ts";

export interface SendSignedOptions {
  readonly command: MinaCommandJson;
  readonly payment: Omit<FeePayment, "nonce">;
  /** Public key of the payment's private key. */
  readonly publicKey: string;
  /** Told of each signed command right before it goes out: write it down, so that a crash cannot make it two. */
  readonly beforeSend?: (signed: MinaCommandJson) => Promise<void>;
  /** Nonces to try, when others send from the same account; 3 by default. */
  readonly attempts?: number;
}

/**
 * Signs a command with the account's next nonce and sends it; again with a fresh nonce when that one has gone meanwhile.
 *
 * @returns hash and the command as sent
 * @throws {L1Error} `L1_ACCOUNT_MISSING`, `L1_NONCE_STALE` after the last attempt, and what `L1Client.send` throws
 */
export async function sendSigned(
  client: Pick<L1Client, "account" | "send">,
  { command, payment, publicKey, beforeSend, attempts = 3 }: SendSignedOptions,
): Promise<{ readonly hash: string; readonly command: MinaCommandJson }> {
  for (let attempt = 1; ; attempt++) {
    const account = await client.account(publicKey);
    if (!account) throw new L1Error("L1_ACCOUNT_MISSING", { publicKey });
    const signed = signCommand(command, { ...payment, nonce: account.inferredNonce });
    await beforeSend?.(signed);
    try {
      return { hash: await client.send(signed), command: signed };
    } catch (error) {
      const stale = error instanceof L1Error && error.code === "L1_NONCE_STALE";
      if (!stale || attempt >= attempts) throw error;
    }
  }
}
