import type { ArchiveEntry, MinaCommandJson } from "../graphql/MinaGraphqlBackend.ts";
import type { DevnetBlock } from "./DevnetBlock.ts";

/** Events and actions of one account in one block. */
export interface ArchivedBlock {
  readonly block: DevnetBlock;
  readonly events: readonly ArchiveEntry[];
  readonly actions: readonly ArchiveEntry[];
  /** The account's action state before and after the block, decimal. */
  readonly before: string;
  readonly after: string;
}

/** Key of an account: public key and token id, base58. */
export function accountKey(publicKey: string, tokenId: string): string {
  return `${publicKey};${tokenId}`;
}

/** Accounts whose action state a command may move. */
export function accountsWithActions(command: MinaCommandJson): Set<string> {
  const acting = command.accountUpdates.filter(({ body }) => body.actions.length > 0);
  return new Set(acting.map(({ body }) => accountKey(body.publicKey, body.tokenId)));
}

/**
 * Our own archive node: per account the blocks in which it emitted something, in order.
 * o1js' `LocalBlockchain` keeps one too, but with the actions of failed commands in it.
 */
export class Archive {
  readonly #accounts = new Map<string, ArchivedBlock[]>();

  /** Adds a block. `states` has before and after for each account that emitted actions in it. */
  add(
    block: DevnetBlock,
    states: ReadonlyMap<string, { readonly before: string; readonly after: string }>,
  ): void {
    const found = new Map<string, { events: ArchiveEntry[]; actions: ArchiveEntry[] }>();
    for (const [sequenceNumber, { command, hash, failures }] of block.commands.entries()) {
      if (failures) continue; // what a failed command emits never happened
      const ids = command.accountUpdates.map((_, i) => block.height * 1_000_000 + sequenceNumber * 1_000 + i);
      for (const [i, { body }] of command.accountUpdates.entries()) {
        if (body.events.length + body.actions.length === 0) continue;
        const key = accountKey(body.publicKey, body.tokenId);
        const transaction = {
          hash,
          memo: command.memo,
          authorizationKind: authorizationKind(body.authorizationKind),
          sequenceNumber,
          zkappAccountUpdateIds: ids,
        };
        const entry = (data: readonly string[]): ArchiveEntry => ({
          accountUpdateId: ids[i]!,
          data,
          transaction,
        });
        const account = found.get(key) ?? { events: [], actions: [] };
        found.set(key, account);
        account.events.push(...body.events.map(entry));
        account.actions.push(...body.actions.map(entry));
      }
    }
    for (const [key, { events, actions }] of found) {
      const { before, after } = states.get(key) ?? { before: "0", after: "0" };
      const blocks = this.#accounts.get(key) ?? [];
      blocks.push({ block, events, actions, before, after });
      this.#accounts.set(key, blocks);
    }
  }

  /** Blocks in which the account emitted something, oldest first. */
  blocksOf(publicKey: string, tokenId: string): readonly ArchivedBlock[] {
    return this.#accounts.get(accountKey(publicKey, tokenId)) ?? [];
  }
}

function authorizationKind({
  isSigned,
  isProved,
}: {
  readonly isSigned: boolean;
  readonly isProved: boolean;
}): string {
  return isProved ? "Proof" : isSigned ? "Signature" : "None_given";
}
