#!/usr/bin/env node
// What `npx zeko` starts. Plain JavaScript: with an older Node it hands over to the one that comes with the packages.
import { root } from "./run/root.mjs";
import { runCommand } from "./run/runCommand.mjs";

const [major, minor] = process.versions.node.split(".").map(Number);
// From 22.18 on Node runs TypeScript without a flag.
if (major > 22 || (major === 22 && minor >= 18)) await import("./zeko.ts");
else
  process.exit(
    await runCommand(["node", `${root}/scripts/zeko.ts`, ...process.argv.slice(2)], { cwd: process.cwd() }),
  );
