/** Prints what happens, as it happens, with the time since the start and since the step began. */
export class Timeline {
  readonly #began = performance.now();
  readonly #write: (line: string) => void;

  constructor(write: (line: string) => void) {
    this.#write = write;
  }

  get seconds(): number {
    return (performance.now() - this.#began) / 1000;
  }

  say(text: string): void {
    this.#write(`${this.seconds.toFixed(1).padStart(7)} s  ${text}\n`);
  }

  /** Runs `work`, and prints how long it took. */
  async step<T>(text: string, work: () => Promise<T>, result?: (value: T) => string): Promise<T> {
    this.say(`${text} …`);
    const began = performance.now();
    const value = await work();
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    this.say(`${text}: ${result ? `${result(value)}, ` : ""}${seconds} s`);
    return value;
  }
}
