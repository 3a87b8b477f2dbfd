import { errorClass } from "../../protocol/index.ts";

/** Why the local chain cannot be built, made or run. */
export const chainFaults = {
  CHAIN_GO_MISSING: {
    remedy: "final",
    message: () => "The Go compiler is not on the path.",
    advice: "Install Go 1.25.9 or newer and a C compiler, both of which the chain's node is built with.",
  },
  CHAIN_BUILD_FAILED: {
    remedy: "final",
    message: ({ output }: { output: string }) => `The chain's node does not build: ${output}`,
    advice: "Read the compiler's words. Without any, the modules could not be downloaded: try again.",
  },
  CHAIN_COMMAND_FAILED: {
    remedy: "final",
    message: ({ command, output }: { command: string; output: string }) => `zekod ${command}: ${output}`,
    advice: "The command's own words say what it lacks.",
  },
  CHAIN_DIRECTORY_FOREIGN: {
    remedy: "final",
    message: ({ directory }: { directory: string }) => `${directory} holds something that is not ours.`,
    advice: "Name an empty or new directory. Nothing in that one was touched.",
  },
  CHAIN_ABSENT: {
    remedy: "final",
    message: ({ directory }: { directory: string }) => `There is no local chain in ${directory}.`,
    advice: "Make one: npm run chain -- up",
  },
  CHAIN_SETTING_UNKNOWN: {
    remedy: "final",
    message: ({ file, setting }: { file: string; setting: string }) => `${file} has no setting ${setting}.`,
    advice: "The node's version writes other files than this program knows; they belong together.",
  },
  CHAIN_PORT_TAKEN: {
    remedy: "retry",
    message: ({ node, port }: { node: number; port: number }) =>
      `Node ${node} cannot start: another program has its port ${port}.`,
    advice:
      "End that program. A network keeps the ports that it was made with: remove its directory for others.",
  },
  CHAIN_NOT_READY: {
    remedy: "retry",
    message: ({ node, log }: { node: number; log: string }) => `Node ${node} does not answer; see ${log}.`,
    advice: "Its log says why. A busy machine may only need longer.",
  },
} as const;

/** The local chain could not do what was asked. */
export class ChainError extends errorClass("ChainError", chainFaults) {}
