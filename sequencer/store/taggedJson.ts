/** JSON that keeps bigints and bytes apart from text: `{"#n": "12"}` and `{"#b": "base64"}`. */
export function encodeTagged(value: unknown): string {
  return JSON.stringify(value, function (this: Record<string, unknown>, key, seen: unknown) {
    // `this[key]`, as Buffer's own toJSON runs before a replacer sees the value.
    const raw = this[key];
    if (typeof raw === "bigint") return { "#n": raw.toString() };
    if (raw instanceof Uint8Array) return { "#b": Buffer.from(raw).toString("base64") };
    return seen;
  });
}

/** Reads what {@link encodeTagged} wrote. Only for our own database: the shape is the caller's word. */
export function decodeTagged<T>(text: string): T {
  return JSON.parse(text, (_, value: unknown) => {
    if (value === null || typeof value !== "object") return value;
    const tagged = value as { "#n"?: unknown; "#b"?: unknown };
    if (typeof tagged["#n"] === "string") return BigInt(tagged["#n"]);
    if (typeof tagged["#b"] === "string") return new Uint8Array(Buffer.from(tagged["#b"], "base64"));
    return value;
  }) as T;
}
