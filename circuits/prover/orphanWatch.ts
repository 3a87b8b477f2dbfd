import { workerData } from "node:worker_threads";

/**
 * Thread of a proving process: ends the process once its parent is gone. The main thread is busy for a minute at a time
 * while it loads keys and proves, hears nothing meanwhile, and would keep the machine's slot.
 */
// Read by the main thread: on a busy machine the parent may be gone before this thread runs at all.
const parent: number = workerData;

setInterval(() => {
  if (process.ppid !== parent) process.kill(process.pid, "SIGKILL");
}, 500);
