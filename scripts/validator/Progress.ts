import { readFile } from "node:fs/promises";
import { writeFileDurably } from "../../service/index.ts";

/** What a rotation has come to, in a file beside its proposal: proofs are not made twice. Nothing in it is secret or trusted. */
export class Progress {
  readonly #file: string;
  #known: Record<string, unknown> | undefined;

  constructor(file: string) {
    this.#file = file;
  }

  /**
   * The value of this name, or what `make` gives, kept. The file comes from wherever the proposal does: what it holds is used
   * only where `isGood`, or the verifier of what it goes into, says so.
   */
  async once<T>(name: string, make: () => Promise<T>, isGood: (kept: T) => boolean = () => true): Promise<T> {
    const known = await this.#read();
    if (Object.hasOwn(known, name) && isGood(known[name] as T)) return known[name] as T;
    const made = await make();
    await this.#write({ ...(await this.#read()), [name]: made });
    return made;
  }

  async #read(): Promise<Record<string, unknown>> {
    this.#known ??= await readFile(this.#file, "utf8")
      .then((text) => JSON.parse(text) as Record<string, unknown>)
      .catch(() => ({})); // made again
    return this.#known;
  }

  async #write(known: Record<string, unknown>): Promise<void> {
    this.#known = known;
    await writeFileDurably(this.#file, `${JSON.stringify(known)}\n`);
  }
}
