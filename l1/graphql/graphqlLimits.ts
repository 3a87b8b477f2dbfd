/** Bounds of the GraphQL door. Each refusal has its own code and costs at most one parse. */
export interface GraphqlLimits {
  /** Bytes of a request body. A command of six proofs is some 250 kB, inlined and indented. */
  readonly bodyBytes: number;
  /** Lexical tokens of a query: the largest command that Mina takes has below 20,000. */
  readonly tokens: number;
  /** Nesting of selections. Introspection, the deepest query in use, has 14. */
  readonly depth: number;
  /** Selected fields, fragments spread out. Keeps aliases from asking for one thing a thousand times. */
  readonly fields: number;
  /** Fields of the query's root: each is one question to the backend. */
  readonly rootFields: number;
  /** Blocks of one `bestChain` answer: Mina's k. */
  readonly bestChainLength: number;
}

export const defaultGraphqlLimits: GraphqlLimits = {
  bodyBytes: 1_048_576,
  tokens: 60_000,
  depth: 16,
  fields: 1_000,
  rootFields: 20,
  bestChainLength: 290,
};
