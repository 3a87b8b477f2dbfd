/**
 * Thread of a proving process: ends the process once its parent is gone. The main thread is busy for a minute at a time
 * while it loads keys and proves, hears nothing meanwhile, and would keep the machine's slot.
 */
const parent = process.ppid;

setInterval(() => {
  if (process.ppid !== parent) process.kill(process.pid, "SIGKILL");
}, 500);
