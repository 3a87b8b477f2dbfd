const LOOK_MS = 300;
const LIMIT_MS = 180_000;

/** Looks again and again until there is something to see; a look that fails has seen nothing. */
export async function until<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (const deadline = Date.now() + LIMIT_MS; ; ) {
    const seen = await look().catch((error: unknown) => {
      if (Date.now() > deadline) throw error;
      return undefined;
    });
    if (seen !== undefined) return seen;
    if (Date.now() > deadline) throw new Error(`not within ${LIMIT_MS / 1_000} s`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}
