import { errorClass } from "../../protocol/index.ts";

export const graphqlFaults = {
  GRAPHQL_BODY_TOO_LARGE: {
    remedy: "final",
    message: (d: { limitBytes: number }) => `The request body is larger than ${d.limitBytes} bytes`,
    advice: "Send one command a request. A zkApp command with its proofs stays well below the limit.",
  },
  GRAPHQL_BODY_MALFORMED: {
    remedy: "final",
    message: (d: { reason: string }) => `Not a GraphQL request: ${d.reason}`,
    advice:
      "POST a JSON object with the string field `query` and, if needed, `variables` and `operationName`.",
  },
  GRAPHQL_CONTENT_TYPE: {
    remedy: "final",
    message: (_: object) => "The content type must be application/json",
    advice: "Set the header. Other types are refused so that a web page cannot post here unasked.",
  },
  GRAPHQL_NOT_FOUND: {
    remedy: "final",
    message: (_: object) => "Nothing is served at this path with this method",
    advice: "POST to /graphql.",
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
  GRAPHQL_BUSY: {
    remedy: "retry",
    message: (d: { limit: number }) => `More than ${d.limit} requests are being answered`,
    advice: "Wait a moment and ask again.",
  },
} as const;

/** What the GraphQL door refuses before a backend sees it. */
export class GraphqlError extends errorClass("GraphqlError", graphqlFaults) {}
