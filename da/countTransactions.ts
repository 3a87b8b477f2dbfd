import type { MetricRegister } from "../service/index.ts";
import type { TransactionOutcome } from "./rpc/TransactionSender.ts";

/** Counts what becomes of a role's transactions, for `connectDaClient`. */
export function countTransactions(
  register: MetricRegister,
  role: string,
): (outcome: TransactionOutcome) => void {
  const counter = register.counter<"outcome">({
    name: `zeko_${role}_da_transactions_total`,
    help: "Transactions on the DA chain by what becomes of them: again (sent once more) and raised (for a higher fee) heal; alarm when taken rises, another process uses the key, and when late or starved (out of gas) do",
    labelNames: ["outcome"],
  });
  return (outcome) => counter.inc({ outcome });
}
