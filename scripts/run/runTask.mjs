import { runCommand } from "./runCommand.mjs";
import { tasks } from "./tasks.mjs";

/**
 * Runs a task's steps one after the other and stops at the first that fails. The last one's output is the last thing shown.
 *
 * @returns {Promise<number>} exit code
 */
export async function runTask(name, args) {
  const steps = tasks[name].steps(args);
  for (const [index, { title, command }] of steps.entries()) {
    if (steps.length > 1) process.stderr.write(`[${index + 1}/${steps.length}] ${title}\n`);
    const began = Date.now();
    const code = await runCommand(command);
    const last = index === steps.length - 1;
    if (code !== 0 && !last)
      process.stderr.write(`"${title}" failed with exit code ${code}: ${command.join(" ")}\n`);
    if (code !== 0) return code;
    if (!last) process.stderr.write(`      ${((Date.now() - began) / 1000).toFixed(1)} s\n`);
  }
  return 0;
}
