/** What a caller may do about an error: ask again, give up, or report it. */
export type Remedy = "retry" | "final" | "bug";

/** One entry of an error catalogue: the sentence is made from the data that comes with the code. */
export interface FaultEntry<Data> {
  readonly remedy: Remedy;
  /** What happened, with numbers. Never secrets, never raw bytes from the network. */
  readonly message: (data: Data) => string;
  /** What a person should do about it. Printed in docs/errors.md. */
  readonly advice: string;
}

// biome-ignore lint/suspicious/noExplicitAny: the data's type differs per code; each use is typed by its own entry
export type Catalogue = Readonly<Record<string, FaultEntry<any>>>;
type DataOf<C extends Catalogue, K extends keyof C> = Parameters<C[K]["message"]>[0];

/** Base of every error that crosses a module's border: a stable `code`, its data, and what to do about it. */
export abstract class ZekoError extends Error {
  abstract readonly code: string;
  abstract readonly data: unknown;
  abstract readonly remedy: Remedy;

  /** What is safe to log or to send to a client. */
  toJSON(): { code: string; message: string } {
    return { code: this.code, message: this.message };
  }
}

/**
 * Makes the error class of one concept from its catalogue.
 * `new FieldError("FIELD_NOT_CANONICAL", { name, value })` does not compile with another code or other data.
 */
export function errorClass<const C extends Catalogue>(name: string, catalogue: C) {
  return class CodedError<K extends keyof C & string = keyof C & string> extends ZekoError {
    static readonly catalogue: C = catalogue;
    readonly code: K;
    readonly data: DataOf<C, K>;
    readonly remedy: Remedy;

    constructor(code: K, data: DataOf<C, K>, options?: ErrorOptions) {
      const entry = catalogue[code]!;
      super(entry.message(data), options);
      this.name = name;
      this.code = code;
      this.data = data;
      this.remedy = entry.remedy;
    }
  };
}

/** The code of anything thrown; errors that are not ours get `INTERNAL`. */
export function codeOf(error: unknown): string {
  return error instanceof ZekoError ? error.code : "INTERNAL";
}
