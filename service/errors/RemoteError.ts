import { errorClass } from "../../protocol/index.ts";

type Remote = { readonly url: string };

/** What can go wrong when another process is asked something over HTTP. `url` carries neither credentials nor query. */
export const remoteFaults = {
  REMOTE_UNREACHABLE: {
    remedy: "retry",
    message: ({ url, reason }: Remote & { reason: string }) => `No connection to ${url} (${reason}).`,
    advice: "Check that the other process runs and that the address is right.",
  },
  REMOTE_TIMEOUT: {
    remedy: "retry",
    message: ({ url, timeoutMs }: Remote & { timeoutMs: number }) =>
      `${url} did not answer within ${timeoutMs} ms.`,
    advice: "The next attempt may do better; look at the other process if it stays so.",
  },
  REMOTE_ABORTED: {
    remedy: "final",
    message: ({ url }: Remote) => `The request to ${url} was given up by its caller.`,
    advice: "Nothing to do: the process was stopping, or the answer was no longer needed.",
  },
  REMOTE_TOO_LARGE: {
    remedy: "final",
    message: ({ url, maxBytes }: Remote & { maxBytes: number }) =>
      `The answer of ${url} exceeds ${maxBytes} bytes.`,
    advice: "The other side does not keep to the protocol; use another.",
  },
  REMOTE_NOT_JSON: {
    remedy: "final",
    message: ({ url }: Remote) => `The answer of ${url} is not JSON.`,
    advice: "Check that the address is that of the right service.",
  },
  REMOTE_STATUS: {
    remedy: "retry",
    message: ({ url, status, remoteCode }: Remote & { status: number; remoteCode: string | null }) =>
      `${url} answered with status ${status}${remoteCode ? ` (${remoteCode})` : ""}.`,
    advice: "The remote code, if any, is in this list too.",
  },
} as const;

/** A request of ours to another process that failed. */
export class RemoteError extends errorClass("RemoteError", remoteFaults) {}
