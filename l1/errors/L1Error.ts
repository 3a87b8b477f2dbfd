import { errorClass } from "../../protocol/index.ts";

export const l1Faults = {
  L1_UNREACHABLE: {
    remedy: "retry",
    message: (d: { url: string; reason: string }) => `No answer from the Mina node at ${d.url} (${d.reason})`,
    advice: "Check the endpoint. The client asks again by itself, with growing pauses.",
  },
  L1_ANSWER_MALFORMED: {
    remedy: "retry",
    message: (d: { url: string; what: string }) =>
      `The Mina node at ${d.url} answered something else than ${d.what}`,
    advice:
      "Check that the endpoint is a Mina daemon's (or archive node's) GraphQL; a proxy's error page looks like this.",
  },
  L1_ANSWER_TOO_LARGE: {
    remedy: "retry",
    message: (d: { url: string; maxBytes: number }) =>
      `The Mina node at ${d.url} answered with more than ${d.maxBytes} bytes`,
    advice:
      "Actions are asked for in smaller parts by themselves. If it lasts, the node is not what it should be.",
  },
  L1_QUERY_REFUSED: {
    remedy: "retry",
    message: (d: { url: string; code: string; reason: string }) =>
      `The Mina node at ${d.url} refused a query (${d.code}): ${d.reason}`,
    advice:
      "A node that is catching up refuses queries for a while. If it lasts, the node's version may be too old or too new.",
  },
  L1_COMMAND_REFUSED: {
    remedy: "final",
    message: (d: { code: string; reason: string }) =>
      `The Mina node refused the command (${d.code}): ${d.reason}`,
    advice: "Build it anew: fee, nonce, signature or a proof is not what the node expects.",
  },
  L1_NONCE_STALE: {
    remedy: "final",
    message: (d: { reason: string }) => `The fee payer's nonce is not the next one: ${d.reason}`,
    advice: "Read the account's nonce again, sign again, send again.",
  },
  L1_ACCOUNT_MISSING: {
    remedy: "final",
    message: (d: { publicKey: string }) => `The account ${d.publicKey} does not exist on L1`,
    advice: "Fund or deploy it first.",
  },
  L1_ACTIONS_INCOMPLETE: {
    remedy: "retry",
    message: (d: { publicKey: string; want: string; got: string }) =>
      `The archive's actions of ${d.publicKey} lead to ${d.got}, not to ${d.want}`,
    advice: "The archive node lags or has gaps. Ask again, or use another one.",
  },
  L1_FOREIGN_SIGNATURE: {
    remedy: "final",
    message: (d: { update: number }) =>
      `Account update ${d.update} is signed by another key over the fee payer that would change`,
    advice: "Its owner must sign the changed command.",
  },
  L1_MEMO_UNREADABLE: {
    remedy: "final",
    message: (_: object) => "The command's memo is not text",
    advice: "Build the command with a text memo; only those survive signing again.",
  },
} as const;

/** What can go wrong between us and Mina. */
export class L1Error extends errorClass("L1Error", l1Faults) {}
