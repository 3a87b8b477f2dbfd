/** Whether a bench, or one of its figures, may be what `--only <prefix>` asks for. */
export function selects(only: string, name: string): boolean {
  return name.startsWith(only) || only.startsWith(`${name}.`);
}
