import { type DocumentNode, execute, GraphQLError, parse, validate } from "graphql";
import { ZekoError } from "../../protocol/index.ts";
import { GraphqlError } from "../errors/GraphqlError.ts";
import { checkComplexity, checkWrittenFields } from "./checkComplexity.ts";
import { defaultGraphqlLimits, type GraphqlLimits } from "./graphqlLimits.ts";
import type { MinaGraphqlBackend } from "./MinaGraphqlBackend.ts";
import { createResolvers } from "./resolvers.ts";
import { minaSchema } from "./schema.ts";

export interface MinaGraphqlOptions {
  readonly backend: MinaGraphqlBackend;
  readonly limits?: Partial<GraphqlLimits>;
  /** Told of errors that are nobody's fault but ours; their text does not reach the client. */
  readonly onInternalError?: (error: unknown) => void;
}

export interface GraphqlAnswer {
  readonly data?: unknown;
  readonly errors?: readonly { readonly message: string; readonly extensions: { readonly code: string } }[];
}

/** Answers parsed request bodies; knows nothing of HTTP. */
export interface MinaGraphql {
  readonly limits: GraphqlLimits;
  /** Never rejects: every failure is an answer with a code. */
  execute(body: unknown): Promise<GraphqlAnswer>;
}

/** Parse, bound, validate, ask the backend. Nothing reaches the backend before the whole query fits the schema. */
export function createMinaGraphql(options: MinaGraphqlOptions): MinaGraphql {
  const limits = { ...defaultGraphqlLimits, ...options.limits };
  const rootValue = createResolvers(options.backend, limits.bestChainLength);
  const format = (error: unknown) => formatError(error, options.onInternalError);
  return {
    limits,
    async execute(body) {
      try {
        const { query, variables, operationName } = requestOf(body);
        const document = checkedDocument(query, limits);
        const { data, errors } = await execute({
          schema: minaSchema,
          document,
          rootValue,
          variableValues: variables,
          operationName,
        });
        return errors ? { data: data ?? null, errors: errors.map(format) } : { data };
      } catch (error) {
        return { errors: [format(error)] };
      }
    },
  };
}

function requestOf(body: unknown) {
  const malformed = (reason: string) => new GraphqlError("GRAPHQL_BODY_MALFORMED", { reason });
  if (typeof body !== "object" || body === null || Array.isArray(body)) throw malformed("not a JSON object");
  const { query, variables, operationName } = body as Record<string, unknown>;
  if (typeof query !== "string") throw malformed("`query` is not a string");
  if (variables != null && (typeof variables !== "object" || Array.isArray(variables))) {
    throw malformed("`variables` is not an object");
  }
  if (operationName != null && typeof operationName !== "string")
    throw malformed("`operationName` is not a string");
  return {
    query,
    variables: (variables ?? {}) as Record<string, unknown>,
    operationName: (operationName ?? null) as string | null,
  };
}

function checkedDocument(query: string, limits: GraphqlLimits): DocumentNode {
  const document = parsed(query, limits.tokens);
  checkWrittenFields(document, limits);
  const faults = validate(minaSchema, document, undefined, { maxErrors: 1 });
  if (faults[0]) throw new GraphqlError("GRAPHQL_INVALID", { reason: shortened(faults[0].message) });
  checkComplexity(document, limits);
  return document;
}

function parsed(query: string, maxTokens: number): DocumentNode {
  try {
    return parse(query, { noLocation: true, maxTokens });
  } catch (error) {
    // Not only syntax errors: a literal nested ten thousand deep overflows the parser's stack.
    throw new GraphqlError("GRAPHQL_SYNTAX", {
      reason: error instanceof RangeError ? "nested too deeply" : shortened((error as Error).message),
    });
  }
}

/** Messages may quote the query; this much helps a person, more would only fill logs. */
function shortened(text: string): string {
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}

function formatError(error: unknown, onInternalError: MinaGraphqlOptions["onInternalError"]) {
  const cause = (error instanceof GraphQLError ? error.originalError : undefined) ?? error;
  if (cause instanceof ZekoError) return { message: cause.message, extensions: { code: cause.code } };
  // graphql-js' own word on variables and operation names, which validation cannot see.
  if (cause instanceof GraphQLError) {
    return { message: shortened(cause.message), extensions: { code: "GRAPHQL_INVALID" } };
  }
  onInternalError?.(cause);
  return { message: "Internal error", extensions: { code: "INTERNAL" } };
}
