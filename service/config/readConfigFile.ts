import { readFile, stat } from "node:fs/promises";
import { ConfigError } from "../errors/ConfigError.ts";
import type { ConfigSources } from "./resolveConfig.ts";

const MAX_CONFIG_BYTES = 1 << 20;

/**
 * Reads a configuration file for `resolveConfig`.
 *
 * @param secretNames options that are secrets: a file that holds one must be private to its owner
 * @throws {ConfigError} `CONFIG_FILE_UNREADABLE`, `CONFIG_FILE_NOT_JSON`, `CONFIG_FILE_OPEN`
 */
export async function readConfigFile(
  path: string,
  secretNames: readonly string[],
): Promise<NonNullable<ConfigSources["file"]>> {
  const { text, mode } = await readText(path);
  const values = parseObject(path, text);
  if (secretNames.some((name) => Object.hasOwn(values, name)) && (mode & 0o077) !== 0)
    throw new ConfigError("CONFIG_FILE_OPEN", { file: path, mode: (mode & 0o777).toString(8) });
  return { path, values };
}

async function readText(path: string): Promise<{ text: string; mode: number }> {
  try {
    const { mode, size } = await stat(path);
    if (size > MAX_CONFIG_BYTES)
      throw new ConfigError("CONFIG_FILE_UNREADABLE", { file: path, reason: "larger than 1 MiB" });
    return { text: await readFile(path, "utf8"), mode };
  } catch (cause) {
    if (cause instanceof ConfigError) throw cause;
    const reason = (cause as NodeJS.ErrnoException).code ?? "unknown reason";
    throw new ConfigError("CONFIG_FILE_UNREADABLE", { file: path, reason }, { cause });
  }
}

function parseObject(path: string, text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // Without its cause: the parser's message quotes the text around the mistake, which may be a secret.
    throw new ConfigError("CONFIG_FILE_NOT_JSON", { file: path });
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new ConfigError("CONFIG_FILE_NOT_JSON", { file: path });
  return value as Record<string, unknown>;
}
