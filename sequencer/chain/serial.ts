/** Runs tasks one after the other, in the order in which they came. A task that fails does not keep the next one from running. */
export function serial(): <T>(task: () => Promise<T> | T) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (task) => {
    const run = last.then(task);
    last = run.catch(() => {}); // its caller sees the error
    return run;
  };
}
