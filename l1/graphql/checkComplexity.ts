import { type DocumentNode, type FragmentDefinitionNode, Kind, type SelectionSetNode } from "graphql";
import { GraphqlError } from "../errors/GraphqlError.ts";
import type { GraphqlLimits } from "./graphqlLimits.ts";

/** Counts what is written, fragments not spread: bounds the quadratic part of validation, and works on any document. */
export function checkWrittenFields(document: DocumentNode, limits: GraphqlLimits): void {
  const tooMany = () => new GraphqlError("GRAPHQL_TOO_COMPLEX", { what: "fields", limit: limits.fields });
  const open = document.definitions.flatMap((d) =>
    "selectionSet" in d && d.selectionSet ? [d.selectionSet] : [],
  );
  for (let count = 0, set = open.pop(); set; set = open.pop()) {
    count += set.selections.length;
    if (count > limits.fields) throw tooMany();
    for (const s of set.selections) if ("selectionSet" in s && s.selectionSet) open.push(s.selectionSet);
  }
}

/**
 * Counts fields and depth with every fragment spread out, stopping at the first excess.
 * Only for documents that have passed validation: a cycle of fragments would end at the limit, but mean nothing.
 */
export function checkComplexity(document: DocumentNode, limits: GraphqlLimits): void {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const d of document.definitions)
    if (d.kind === Kind.FRAGMENT_DEFINITION) fragments.set(d.name.value, d);
  let fields = 0;
  let rootFields = 0;
  const walk = (set: SelectionSetNode | undefined, depth: number): void => {
    if (!set) return;
    if (depth > limits.depth)
      throw new GraphqlError("GRAPHQL_TOO_COMPLEX", { what: "depth", limit: limits.depth });
    for (const selection of set.selections) {
      if (selection.kind === Kind.FRAGMENT_SPREAD) {
        walk(fragments.get(selection.name.value)?.selectionSet, depth);
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        walk(selection.selectionSet, depth);
      } else {
        fields += 1;
        if (depth === 1) rootFields += 1;
        if (fields > limits.fields || rootFields > limits.rootFields) {
          const limit = rootFields > limits.rootFields ? limits.rootFields : limits.fields;
          throw new GraphqlError("GRAPHQL_TOO_COMPLEX", { what: "fields", limit });
        }
        walk(selection.selectionSet, depth + 1);
      }
    }
  };
  for (const d of document.definitions) if (d.kind === Kind.OPERATION_DEFINITION) walk(d.selectionSet, 1);
}
