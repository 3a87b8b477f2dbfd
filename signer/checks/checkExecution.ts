import { BatchExecution, type ExecutedBatch, type Snapshot } from "../../ledger/index.ts";
import {
  type AccountChange,
  ByteWriter,
  type Payload,
  type State,
  writeAccount,
} from "../../protocol/index.ts";
import { SignerError } from "../SignerError.ts";
import { Slices } from "./Slices.ts";

/**
 * Fourth check: the batch, executed here on its source state with every signature checked, ends at every root that it
 * claims and changes exactly the accounts that it lists. So whatever is hashed has its preimage in the batch.
 *
 * Gives way to other work every few milliseconds: a large batch takes many seconds, and peers must be answered.
 *
 * @param now milliseconds, any origin
 * @throws {ExecutionError} the first rule that a command breaks
 * @throws {SignerError} `SIGNER_EXECUTION_MISMATCH`
 */
export async function checkExecution(
  payload: Payload,
  source: Snapshot,
  now: () => number,
): Promise<ExecutedBatch> {
  const executed = await execute(payload, source, now);
  const differ = (what: string) => new SignerError("SIGNER_EXECUTION_MISMATCH", { what });
  for (const name of Object.keys(payload.target) as (keyof State)[])
    if (executed.target.state[name] !== payload.target[name]) throw differ(name);
  if (executed.landBy !== payload.landBy) throw differ("landBy");
  const wrong = firstDifference(executed.changes, payload.changes);
  if (wrong !== undefined) throw differ(`account ${wrong}`);
  return executed;
}

async function execute(payload: Payload, source: Snapshot, now: () => number): Promise<ExecutedBatch> {
  const execution = new BatchExecution(source);
  const slices = new Slices(now);
  for (const { slot, timestampMs, commands } of payload.blocks) {
    execution.openBlock(slot, timestampMs);
    for (const command of commands) {
      execution.apply(command);
      if (slices.isOver) await slices.giveWay();
    }
  }
  return execution.finish(payload.feeRecipient);
}

/** Index of the first account in which two lists of changes differ. */
function firstDifference(a: readonly AccountChange[], b: readonly AccountChange[]): bigint | undefined {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const [left, right] = [a[i], b[i]];
    if (!left || !right || left.index !== right.index) return (left ?? right)!.index;
    if (Buffer.compare(bytesOf(left), bytesOf(right)) !== 0) return left.index;
  }
  return undefined;
}

function bytesOf({ account }: AccountChange): Uint8Array {
  const out = new ByteWriter();
  writeAccount(out, account);
  return out.finish();
}
