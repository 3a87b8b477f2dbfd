/** Resolves to null when ready, else to the reason why not, in a few words without secrets. */
export type ReadinessCheck = () => string | null | Promise<string | null>;

/** What a process waits for before it is of use: `/readyz` answers 200 once every check agrees. */
export class Readiness {
  readonly #checks = new Map<string, ReadinessCheck>();

  /** Adds a named check; the same name again replaces it. */
  add(name: string, check: ReadinessCheck): void {
    this.#checks.set(name, check);
  }

  /** Every check by name: `null` is good. A check that throws counts as "failed". */
  async report(): Promise<{ ready: boolean; checks: Record<string, string | null> }> {
    const entries = await Promise.all(
      [...this.#checks].map(async ([name, check]) => [name, await ask(check)] as const),
    );
    return { ready: entries.every(([, reason]) => reason === null), checks: Object.fromEntries(entries) };
  }
}

async function ask(check: ReadinessCheck): Promise<string | null> {
  try {
    return await check();
  } catch {
    return "failed";
  }
}
