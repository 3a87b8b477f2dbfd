/** JSON as a GraphQL literal, names unquoted: how o1js inlines commands, and what every Mina node takes. */
export function toGraphqlLiteral(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(toGraphqlLiteral).join(",")}]`;
  if (typeof value === "object" && value !== null) {
    const fields = Object.entries(value).map(
      ([name, field]) => `${checkedName(name)}:${toGraphqlLiteral(field)}`,
    );
    return `{${fields.join(",")}}`;
  }
  return JSON.stringify(value ?? null);
}

function checkedName(name: string): string {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) throw new TypeError("not a GraphQL name");
  return name;
}
