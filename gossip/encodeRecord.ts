/** JSON in which bigints and bytes come back as they were: `{"#n": "12"}`, `{"#b": "base64"}`. For our own stores. */
export function encodeRecord(value: unknown): Uint8Array {
  const text = JSON.stringify(value, function (this: Record<string, unknown>, key, seen: unknown) {
    const raw = this[key]; // Buffer's own toJSON has run before a replacer sees the value
    if (typeof raw === "bigint") return { "#n": raw.toString() };
    if (raw instanceof Uint8Array) return { "#b": Buffer.from(raw).toString("base64") };
    return seen;
  });
  return Buffer.from(text);
}

/** Reads what {@link encodeRecord} wrote. The shape is the caller's word: only for what this process stored itself. */
export function decodeRecord<T>(bytes: Uint8Array): T {
  return JSON.parse(Buffer.from(bytes).toString(), (_, value: unknown) => {
    if (value === null || typeof value !== "object") return value;
    const tagged = value as { "#n"?: unknown; "#b"?: unknown };
    if (typeof tagged["#n"] === "string") return BigInt(tagged["#n"]);
    if (typeof tagged["#b"] === "string") return new Uint8Array(Buffer.from(tagged["#b"], "base64"));
    return value;
  }) as T;
}
