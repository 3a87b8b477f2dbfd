import { BatchExecution, genesisSnapshot } from "../../ledger/index.ts";
import { NONCE_BASE, permute, type SpongeState, type ZkappCommand } from "../../protocol/index.ts";
import { testKey, transfer } from "../ledger/support/commands.ts";
import { testGenesis } from "../ledger/support/genesis.ts";

/** One figure of `npm run bench`. */
export interface Benchmark {
  readonly name: string;
  readonly unit: string;
  /** Sets up, measures, and returns the figure. */
  readonly measure: () => number | Promise<number>;
}

const ACCOUNTS = 200;
const TRANSFERS = 400;

export const benchmarks: readonly Benchmark[] = [
  { name: "poseidon.permutation", unit: "ms", measure: permutation },
  { name: "execute.transfers_per_s", unit: "1/s", measure: transfersPerSecond },
];

/** Best of five rounds: what the machine can do when nothing else runs for a moment. */
function permutation(): number {
  const count = 5000;
  let state: SpongeState = [1n, 2n, 3n];
  const rounds = Array.from({ length: 5 }, () => {
    const start = performance.now();
    for (let i = 0; i < count; i++) state = permute(state);
    return (performance.now() - start) / count;
  });
  return Math.min(...rounds);
}

/**
 * Stock o1js transfers between existing accounts, executed one after another on one core: hashes, signatures, rules,
 * and the batch's Merkle paths at the end. Nothing has been seen before, neither signatures nor keys.
 */
function transfersPerSecond(): number {
  const snapshot = genesisSnapshot(testGenesis(ACCOUNTS));
  const commands: ZkappCommand[] = Array.from({ length: TRANSFERS }, (_, i) =>
    fresh(
      transfer({
        from: testKey(i % ACCOUNTS),
        to: testKey((i * 7 + 1) % ACCOUNTS).publicKey,
        amount: BigInt(i + 1),
        nonce: NONCE_BASE + BigInt(Math.floor(i / ACCOUNTS)),
        fee: 1n,
      }),
    ),
  );
  const start = performance.now();
  const execution = new BatchExecution(snapshot);
  execution.openBlock(1n, 0n);
  for (const command of commands) execution.apply(command);
  execution.finish(testKey(0).publicKey);
  return TRANSFERS / ((performance.now() - start) / 1000);
}

/** The command as a decoder gives it: an object whose hashes nobody remembers. */
function fresh(command: ZkappCommand): ZkappCommand {
  return { ...command };
}
