import type { MinaCommandJson } from "./graphql/MinaGraphqlBackend.ts";

/**
 * Hash of a signed command, `5J…`, as nodes compute it: lets a sender write down what it is about to send.
 * Loads o1js, which takes a second and some 150 MB the first time.
 */
export async function commandHash(command: MinaCommandJson): Promise<string> {
  const { Mina } = await import("o1js");
  return Mina.Transaction.hash(command);
}
