import type { AskPassword, ExitCode, OptionGroup, ResolvedConfig } from "../../service/index.ts";

/** What a command touches of its process. Tests pass their own. */
export type CliIo = {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Everything on standard input. */
  readonly readInput: () => Promise<string>;
  readonly ask: AskPassword;
};

/** A command's options and what it does with them. Loaded only when it is called: roles bring in much. */
export type LoadedCommand = {
  readonly options: OptionGroup;
  readonly run: (config: ResolvedConfig<OptionGroup>, io: CliIo) => Promise<ExitCode>;
};

export type Command = {
  /** One or two words: `signer`, `keys new`. */
  readonly name: string;
  readonly summary: string;
  /** For help: `<file>`. */
  readonly arguments?: string;
  readonly positionals?: readonly [number, number];
  readonly load: () => Promise<LoadedCommand>;
};

/** Lets a command see its options' own types, and forgets them outside. */
export function loadedCommand<const G extends OptionGroup>(
  options: G,
  run: (config: ResolvedConfig<G>, io: CliIo) => Promise<ExitCode>,
): LoadedCommand {
  return { options, run: run as LoadedCommand["run"] };
}
