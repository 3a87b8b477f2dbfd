import { globSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { GENERATED, row } from "./markdown.ts";

const INTRODUCTION = `# Metrics

Every role serves these at \`/metrics\` in the Prometheus text format, beside those of its process (memory, event loop, garbage
collection). Names are \`zeko_<role>_<what>_<unit>\`; labels come from closed sets. What calls for an alarm says so.
`;

/** A name as a string literal, and the help text right behind it. */
const METRIC = /["`](zeko_[\w${}.]+)["`],\s*(?:help:\s*)?(?:"([^"]+)"|`([^`]+)`)/g;

/** docs/metrics.md: every metric of every role, found by reading the sources. */
export function metricsDocument(root = "."): string {
  const files = globSync("{service,l1,da,gossip,signer,relay,sequencer}/**/*.ts", { cwd: root }).sort();
  const found = files.flatMap((file) =>
    [...readFileSync(resolve(root, file), "utf8").matchAll(METRIC)].map(([, name = "", plain, template]) => ({
      name: name.replace(/\$\{[\w.]*role\}/, "<role>"),
      help: plain ?? template ?? "",
    })),
  );
  const rows = found
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, help }) => row(`\`${name}\``, help));
  return [GENERATED, INTRODUCTION, row("metric", "meaning") + row("---", "---") + rows.join("")].join("\n");
}
