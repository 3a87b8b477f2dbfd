import type { Account } from "../account.ts";
import type { ZkappCommand } from "../command/ZkappCommand.ts";
import type { PublicKey } from "../publicKey.ts";
import type { State } from "../state.ts";

/** One L2 block. */
export interface Block {
  /** 32 bits, never decreasing from block to block. */
  readonly slot: bigint;
  /** Milliseconds since 1970, the sequencer's clock. Informative. */
  readonly timestampMs: bigint;
  readonly commands: readonly ZkappCommand[];
}

/** An account as the batch leaves it. */
export interface AccountChange {
  readonly index: bigint;
  readonly account: Account;
}

/** Everything that a batch posts. Outcomes, withdrawals and preimages have their place, and are empty in this version. */
export interface Payload {
  /** {@link domainHash} of the rollup. */
  readonly domain: bigint;
  /** H(S). */
  readonly source: bigint;
  /** S' in full, so that a replica can continue from the changes alone. */
  readonly target: State;
  /** {@link Statement.landBy}, 32 bits. */
  readonly landBy: bigint;
  /** Existing account that gets the batch's fees; never the inner account. */
  readonly feeRecipient: PublicKey;
  readonly blocks: readonly Block[];
  /** Every account that differs from the source, by rising index. */
  readonly changes: readonly AccountChange[];
}
