import { errorClass } from "../../protocol/index.ts";

export const graphqlFaults = {
  GRAPHQL_BODY_MALFORMED: {
    remedy: "final",
    message: (d: { reason: string }) => `Not a GraphQL request: ${d.reason}`,
    advice:
      "POST a JSON object with the string field `query` and, if needed, `variables` and `operationName`.",
  },
  GRAPHQL_SYNTAX: {
    remedy: "final",
    message: (d: { reason: string }) => `The query does not parse: ${d.reason}`,
    advice: "Correct the query.",
  },
  GRAPHQL_INVALID: {
    remedy: "final",
    message: (d: { reason: string }) => `The query does not fit the schema: ${d.reason}`,
    advice: "Ask for fields of the schema only (introspection shows it), with arguments of its types.",
  },
  GRAPHQL_TOO_COMPLEX: {
    remedy: "final",
    message: (d: { what: "depth" | "fields"; limit: number }) => `The query exceeds ${d.limit} in ${d.what}`,
    advice: "Split the query.",
  },
} as const;

/** What the GraphQL door refuses before a backend sees it. */
export class GraphqlError extends errorClass("GraphqlError", graphqlFaults) {}
