#!/usr/bin/env node
// What `npx zeko` starts. Plain JavaScript: with an older Node it hands over to the one that comes with the packages.
import { root } from "./run/root.mjs";
import { runCommand } from "./run/runCommand.mjs";

const [major, minor] = process.versions.node.split(".").map(Number);
// From 24.7 on Node runs TypeScript by itself and has Argon2, which key files need.
if (major > 24 || (major === 24 && minor >= 7)) await import("./zeko.ts");
else
  process.exit(
    await runCommand(["node", `${root}/scripts/zeko.ts`, ...process.argv.slice(2)], { cwd: process.cwd() }),
  );
