import type { Route } from "../../service/index.ts";
import { createMinaGraphql, type MinaGraphqlOptions } from "./createMinaGraphql.ts";

/** Checking the proofs of one command takes seconds on a busy machine; o1js itself waits five minutes. */
const TIMEOUT_MS = 120_000;

/**
 * `POST /graphql` and `POST /v1/graphql`, to hang into a role's `HttpServer`, which bounds bodies, time and number of requests.
 * Answers with status 200 also where the GraphQL answer has errors: o1js shows a client the message of a 200 and throws away
 * that of any other status.
 */
export function graphqlRoutes(options: MinaGraphqlOptions): Route[] {
  const graphql = createMinaGraphql(options);
  const route = {
    method: "POST" as const,
    maxBodyBytes: graphql.limits.bodyBytes,
    timeoutMs: TIMEOUT_MS,
    handle: async (request: Parameters<Route["handle"]>[0]) => ({
      json: await graphql.execute(request.json()),
    }),
  };
  return [
    { ...route, path: "/graphql", unversioned: "the path of Mina's daemon, which clients are set to" },
    { ...route, path: "/v1/graphql" },
  ];
}
