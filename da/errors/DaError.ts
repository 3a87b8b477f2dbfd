import { errorClass } from "../../protocol/index.ts";

export const daFaults = {
  DA_UNREACHABLE: {
    remedy: "retry",
    message: (d: { url: string; method: string; reason: string }) =>
      `DA chain at ${d.url}: ${d.method} got no answer (${d.reason})`,
    advice:
      "Check that the DA chain's node runs and that its address is right. Roles ask again by themselves.",
  },
  DA_RPC: {
    remedy: "retry",
    message: (d: { method: string; rpcCode: number; reason: string }) =>
      `DA chain: ${d.method} failed with ${d.rpcCode} (${d.reason})`,
    advice: "Look at the log of the DA chain's node.",
  },
  DA_ANSWER_MALFORMED: {
    remedy: "retry",
    message: (d: { what: string }) => `DA chain: the node's ${d.what} cannot be read`,
    advice:
      "Check that the address is that of an Ethereum-compatible node, and that the contracts are this version's.",
  },
  DA_WRONG_CHAIN: {
    remedy: "final",
    message: (d: { expected: bigint; actual: bigint }) => `DA chain has id ${d.actual}, not ${d.expected}`,
    advice: "Point the role at a node of the chain that the genesis file names.",
  },
  DA_WRONG_CONTRACTS: {
    remedy: "final",
    message: (d: { address: string; reason: string }) => `DA chain: ${d.address} ${d.reason}`,
    advice: "The contracts' addresses come from the genesis file; deploy first, or use the right file.",
  },
  DA_REVERTED: {
    remedy: "final",
    message: (d: { error: string; args: readonly string[] }) =>
      `DA chain: the contract refused with ${d.error}(${d.args.join(", ")})`,
    advice: "The name is that of a custom error of the contracts, explained in this list.",
  },
  DA_FUNDS: {
    remedy: "retry",
    message: (d: { account: string }) => `DA chain: ${d.account} cannot pay for its transaction`,
    advice: "Send native gas to the account.",
  },
  DA_DEPLOYER_BUSY: {
    remedy: "final",
    message: (d: { account: string }) =>
      `DA chain: ${d.account} sent another transaction during the deployment, so the inbox is not where the set expects it`,
    advice: "Deploy again, with an account that nobody else uses meanwhile.",
  },
  DA_ROTATION_DIFFERS: {
    remedy: "final",
    message: (d: { epoch: bigint }) =>
      `DA chain: epoch ${d.epoch} has another validator set than the rotation's`,
    advice:
      "Another rotation was mirrored, which the next set has seen on Mina: zeko validator status shows it. Yours is over.",
  },
  DA_NONCE: {
    remedy: "retry",
    message: (d: { account: string; nonce: number }) =>
      `DA chain: nonce ${d.nonce} of ${d.account} was taken by another transaction`,
    advice: "Give each process an account of its own. The next attempt reads the nonce anew.",
  },
  DA_OUT_OF_GAS: {
    remedy: "retry",
    message: (d: { transaction: string; gasLimit: bigint }) =>
      `DA chain: transaction ${d.transaction} ran out of gas at ${d.gasLimit}`,
    advice: "What the call does had changed since its limit was estimated. The next attempt estimates anew.",
  },
  DA_RECEIPT_TIMEOUT: {
    remedy: "retry",
    message: (d: { transaction: string; waitedMs: number }) =>
      `DA chain: transaction ${d.transaction} is not mined, nor any of its account for ${d.waitedMs} ms`,
    advice: "The chain is slow or halted. The next attempt finds out whether it was mined after all.",
  },
  DA_ROLLUP_DIFFERS: {
    remedy: "final",
    message: (d: { rollup: string }) => `DA chain: rollup ${d.rollup} is registered with other content`,
    advice: "Choose another salt, or use the genesis file of the rollup that is registered.",
  },
  DA_BATCH_UNKNOWN: {
    remedy: "retry",
    message: (d: { batch: string }) => `DA chain: there is no batch ${d.batch}`,
    advice: "It was dropped, or the node has not seen it yet.",
  },
  DA_BATCH_NOT_SEALED: {
    remedy: "retry",
    message: (d: { batch: string }) => `DA chain: batch ${d.batch} still misses chunks`,
    advice: "Wait for its poster.",
  },
  DA_EPOCH_UNKNOWN: {
    remedy: "final",
    message: (d: { epoch: bigint }) => `DA chain: there is no validator set of epoch ${d.epoch}`,
    advice: "Check the epoch; the first one is 0.",
  },
  DA_OPENING_NOT_FOUND: {
    remedy: "final",
    message: (d: { batch: string; reason: string }) =>
      `DA chain: no plain transaction of a poster opens batch ${d.batch} (${d.reason})`,
    advice: "The poster must call the inbox itself, not through a contract.",
  },
  DA_CHUNK_NOT_FOUND: {
    remedy: "retry",
    message: (d: { batch: string; index: number }) =>
      `DA chain: chunk ${d.index} of batch ${d.batch} is in no transaction that this node serves`,
    advice: "The node may have pruned it; ask another node, or a validator.",
  },
  DA_CHUNK_MISMATCH: {
    remedy: "final",
    message: (d: { batch: string; index: number }) =>
      `DA chain: chunk ${d.index} of batch ${d.batch} is not what was announced`,
    advice: "Post the data that the batch was opened with.",
  },
  DA_CHUNK_CORRUPT: {
    remedy: "retry",
    message: (d: { batch: string; index: number }) =>
      `DA chain: the node serves a chunk ${d.index} of batch ${d.batch} that does not hash to its root`,
    advice: "The node lies or its disk fails; use another node, or ask a validator.",
  },
  DA_CHUNK_COUNT: {
    remedy: "final",
    message: (d: { batch: string; expected: number; actual: number }) =>
      `DA chain: batch ${d.batch} has ${d.expected} chunks, not ${d.actual}`,
    advice: "Post the data that was announced.",
  },
  DA_CURSOR_AHEAD: {
    remedy: "final",
    message: (d: { from: number; head: number }) =>
      `DA chain: its head is block ${d.head}, but block ${d.from} has been reached before`,
    advice:
      "The node serves another chain, or one that was started anew. Check its address, or clear the role's data.",
  },
  DA_DEPLOYER_USED: {
    remedy: "final",
    message: (d: { account: string }) =>
      `DA chain: ${d.account} has sent transactions before; the gas vault needs a new one`,
    advice:
      "Make a key that is used for nothing else, so that the gas vault's address is known before it is deployed.",
  },
} as const;

/** What goes wrong between a role and the DA chain. */
export class DaError extends errorClass("DaError", daFaults) {}
