import type { L1Client, MinaCommandJson } from "../../l1/index.ts";
import type { CliIo } from "../cli/Command.ts";
import { GasCliError } from "./GasCliError.ts";

/** A lock of MINA on its way into L1. */
export interface SentLock {
  readonly hash: string;
  readonly command: MinaCommandJson;
  readonly validUntil: bigint;
}

/** A transaction that was so deep is final, also once the node has forgotten it. */
const FINAL_DEPTH = 280;

/**
 * Says how deep the transaction is whenever that changes; sends it again where L1 has lost it.
 * @returns looks once. @throws {GasCliError} `GAS_LOCK_FAILED`, `GAS_LOCK_LOST`; {L1Error}
 */
export function followLock(
  l1: Pick<L1Client, "status" | "currentSlot" | "send">,
  { hash, command, validUntil }: SentLock,
  io: Pick<CliIo, "out">,
): () => Promise<void> {
  let said = "";
  let deepest = 0;
  return async () => {
    const status = await l1.status(hash);
    if (status.kind === "failed")
      throw new GasCliError("GAS_LOCK_FAILED", { hash, failures: status.failures });
    if (status.kind === "included") deepest = Math.max(deepest, status.depth);
    if (status.kind === "unknown" && deepest < FINAL_DEPTH) {
      if (BigInt(await l1.currentSlot()) > validUntil)
        throw new GasCliError("GAS_LOCK_LOST", { hash, validUntil });
      await l1.send(command);
    }
    const place =
      status.kind === "included" ? `in L1 block ${status.block.height}, ${status.depth} on top` : status.kind;
    if (place !== said) io.out(`${place}\n`);
    said = place;
  };
}
