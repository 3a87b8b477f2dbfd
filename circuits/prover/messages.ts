import type { KeyFile, ProgramName } from "../keys/index.ts";

/** What a worker is started for: proofs, or only its keys (`compile`, without comparing them with the pinned ones). */
export type WorkerTask = "prove" | "compile";

/** To the worker. */
export interface WorkerRequest {
  readonly branch: string;
  readonly input: unknown;
}

/** From the worker. */
export type WorkerMessage =
  /** It holds the machine's slot and starts to load keys. */
  | Readonly<{ kind: "started" }>
  | Readonly<{ kind: "ready"; compileMs: number; key: Pick<KeyFile, "hash" | "data"> }>
  /** Another process wants the slot: stop this worker when it has nothing to do. */
  | Readonly<{ kind: "wanted" }>
  | Readonly<{ kind: "done"; result: unknown; proveMs: number; peakMb: number }>
  /** The circuit's own text, cut to one line. */
  | Readonly<{ kind: "refused"; assertion: string }>
  | Readonly<{ kind: "mismatch"; program: ProgramName; pinned: string; compiled: string }>;
