import { errorClass } from "../../protocol/index.ts";

/** What can end a process that was not asked to end, or keep it from ending well. */
export const processFaults = {
  PROCESS_STOP_TIMEOUT: {
    remedy: "bug",
    message: ({ deadlineMs }: { deadlineMs: number }) => `Not everything stopped within ${deadlineMs} ms.`,
    advice:
      "Nothing acknowledged is lost: every role survives a kill. Report it with the log if it happens again.",
  },
  PROCESS_STOP_FAILED: {
    remedy: "bug",
    message: ({ services }: { services: readonly string[] }) => `Could not stop: ${services.join(", ")}.`,
    advice: "Nothing acknowledged is lost. Report it with the log.",
  },
  PROCESS_CRASHED: {
    remedy: "bug",
    message: ({ reason }: { reason: string }) => `An error that nobody handled: ${reason}.`,
    advice: "Report it with the log; then start the process again.",
  },
} as const;

/** A process that ends badly. */
export class ProcessError extends errorClass("ProcessError", processFaults) {}
