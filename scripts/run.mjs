// The door behind `npm start`, `npm test` and every other script. Plain JavaScript without dependencies, so that whatever
// Node is on the machine (20 or newer) can run it on a fresh clone: it installs what is missing, then works with the
// Node 24 that comes with the packages.
import { ensureInstalled } from "./run/ensureInstalled.mjs";
import { runTask } from "./run/runTask.mjs";
import { tasks } from "./run/tasks.mjs";

const [name = "", ...args] = process.argv.slice(2);
if (!Object.hasOwn(tasks, name)) {
  process.stderr.write(`There is no task "${name}". Tasks: ${Object.keys(tasks).join(", ")}.\n`);
  process.exit(2);
}
try {
  await ensureInstalled();
  process.exit(await runTask(name, args));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exit(1);
}
