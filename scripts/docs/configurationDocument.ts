import { describeOptions, type OptionDescription } from "../../service/index.ts";
import { commands } from "../cli/commands.ts";
import { globalOptions } from "../cli/resolveCommand.ts";
import { GENERATED, row } from "./markdown.ts";

const INTRODUCTION = `# Configuration

Every option has one name and can be given in three places; the later one wins:

1. the configuration file (\`--config <file>\` or \`ZEKO_CONFIG\`): one JSON object with option names as keys,
2. the environment variable,
3. the flag \`--<name> <value>\` or \`--<name>=<value>\`.

Lists are comma-separated in flags and environment, arrays in the file; a list flag may be repeated. Amounts are nanomina,
as strings where they exceed 2⁵³. Unknown flags, keys and variables that begin with \`ZEKO_\` are refused, except those that
belong to another command, so that the roles of one machine can share a file. Secrets cannot be flags; a file that holds
one must have mode 0600. \`zeko config dump <command>\` prints what a command would run with, secrets redacted.
`;

/** docs/configuration.md: every option of every command, from the objects that validate them. */
export async function configurationDocument(): Promise<string> {
  const sections: string[] = [section("Every command", describeOptions(globalOptions))];
  for (const { name, summary, load } of commands) {
    const { options } = await load();
    sections.push(section(`zeko ${name}`, describeOptions(options), summary));
  }
  return [GENERATED, INTRODUCTION, ...sections].join("\n");
}

function section(title: string, options: readonly OptionDescription[], summary?: string): string {
  const head =
    row("option", "environment", "value", "default", "meaning") + row("---", "---", "---", "---", "---");
  const rows = options.map((option) =>
    row(
      `\`${option.name}\``,
      `\`${option.environment}\``,
      option.expected,
      option.required
        ? "required"
        : option.default === null || option.default === ""
          ? "–"
          : `\`${option.default}\``,
      option.secret ? `${option.description}. Secret: no flag` : option.description,
    ),
  );
  return `## ${title}\n\n${summary ? `${summary}.\n\n` : ""}${head}${rows.join("")}`;
}
