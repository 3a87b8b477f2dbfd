type Waiting = { readonly batch: bigint; readonly run: () => void };

/** Runs one task at a time; when it ends, the waiting task of the lowest batch is next: the oldest batch is what L1 waits for. */
export function proverQueue(): <T>(batch: bigint, task: () => Promise<T>) => Promise<T> {
  const waiting: Waiting[] = [];
  let busy = false;
  const next = () => {
    waiting.sort((a, b) => (a.batch < b.batch ? -1 : a.batch > b.batch ? 1 : 0));
    const first = waiting.shift();
    busy = first !== undefined;
    first?.run();
  };
  return async (batch, task) => {
    if (busy) await new Promise<void>((run) => waiting.push({ batch, run }));
    busy = true;
    try {
      return await task();
    } finally {
      next();
    }
  };
}
