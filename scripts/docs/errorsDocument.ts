import { errorCatalogues } from "./errorCatalogues.ts";
import { GENERATED, row } from "./markdown.ts";
import { solidityErrors } from "./solidityErrors.ts";

const INTRODUCTION = `# Errors

Programs switch on the code; people read the message, which has the numbers; this page says what to do. Codes are never
renamed once released. *retry*: the same request may succeed later. *final*: it will not. *bug*: please report it.

HTTP answers carry \`{"error":{"code","message"}}\`; logs carry \`code\` and the data as fields; the command line prints the
code and ends with a code of its own:

| exit code | meaning |
|---|---|
| 0 | done, or stopped when asked to |
| 1 | anything without a number of its own |
| 2 | command line, environment, configuration or genesis file |
| 3 | another process holds the data directory |
| 4 | the data directory is of another version, role or deployment, or cannot be used |
| 5 | a key file or its password |
| 6 | \`zeko verify\`: what was checked is not valid |
| 7 | asked to stop, but not everything stopped in time, or a second signal came |
`;

/** docs/errors.md: every code of every catalogue, and the contracts' custom errors. */
export async function errorsDocument(): Promise<string> {
  const sections = (await errorCatalogues()).map(({ name, file, catalogue }) => {
    const head = row("code", "remedy", "what to do") + row("---", "---", "---");
    const rows = Object.entries(catalogue).map(([code, { remedy, advice }]) =>
      row(`\`${code}\``, remedy, advice),
    );
    return `## ${name}\n\n\`${file}\`\n\n${head}${rows.join("")}`;
  });
  return [GENERATED, INTRODUCTION, ...sections, contractSection()].join("\n");
}

function contractSection(): string {
  const head = row("error", "meaning", "defined in") + row("---", "---", "---");
  const rows = solidityErrors().map(({ name, notice, file }) =>
    row(`\`${name}\``, notice || "–", `\`${file}\``),
  );
  return `## Contracts\n\nA transaction that reverts with one of these changes nothing.\n\n${head}${rows.join("")}`;
}
