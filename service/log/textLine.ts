/** One JSON log line as a line for people: `13:05:07 info  signer attested batch=4182 ms=812`. */
export function textLine(json: string): string {
  const { level, time, role, message, ...fields } = JSON.parse(json) as Record<string, unknown>;
  const facts = Object.entries(fields).map(
    ([name, value]) => ` ${name}=${typeof value === "string" ? quoted(value) : JSON.stringify(value)}`,
  );
  return `${String(time).slice(11, 19)} ${String(level).padEnd(5)} ${role} ${message}${facts.join("")}\n`;
}

/** Quotes whatever could be taken for something else, line breaks and terminal codes above all. */
function quoted(value: string): string {
  return /^[\w./:@%+-]+$/.test(value) ? value : JSON.stringify(value);
}
