import { createRequire } from "node:module";

const solc = createRequire(import.meta.url)("solc") as { compile(input: string): string };

/** Text put in at an offset, in characters, and the branch that begins `within` it, if one does. */
interface Insertion {
  readonly at: number;
  readonly text: string;
  readonly branch?: { readonly line: number; readonly taken: boolean };
  readonly within?: number;
}

interface AstNode {
  readonly nodeType?: string;
  readonly src?: string;
  readonly [key: string]: unknown;
}

/** A source in which both ways of every `if` hold a statement, and where those begin. */
export interface MarkedSource {
  readonly source: string;
  readonly branches: readonly { readonly line: number; readonly taken: boolean; readonly offset: number }[];
}

/** Does nothing, and can be counted. */
const NOTHING = "0;";

/**
 * Gives every `if` two bodies in braces, so that counting statements counts branches. Lines stay where they are.
 * @throws {Error} when the source cannot be parsed
 */
export function markBranches(file: string, source: string): MarkedSource {
  const insertions: Insertion[] = [];
  const bytes = Buffer.from(source);
  /** Offsets of the syntax tree count bytes. */
  const toCharacters = (offset: number) => bytes.subarray(0, offset).toString().length;
  const rangeOf = (node: AstNode) => {
    const [start, length] = node.src!.split(":").map(Number) as [number, number];
    return { start: toCharacters(start), end: toCharacters(start + length) };
  };
  for (const node of nodesOf(parse(file, source), "IfStatement")) {
    const { trueBody, falseBody } = node as unknown as { trueBody: AstNode; falseBody?: AstNode | null };
    const line = source.slice(0, rangeOf(node).start).split("\n").length;
    insertions.push(...bodyOf(trueBody, { line, taken: true }, falseBody ? "" : ` else { ${NOTHING} }`));
    if (falseBody) insertions.push(...bodyOf(falseBody, { line, taken: false }, ""));
  }
  return apply(source, insertions);

  /** @param missing the other body, where the source has none */
  function bodyOf(body: AstNode, branch: NonNullable<Insertion["branch"]>, missing: string): Insertion[] {
    const { start, end: bare } = rangeOf(body);
    const isBlock = body.nodeType === "Block";
    const end = isBlock ? bare : endOf(source, bare);
    const close = `${isBlock ? "" : " }"}${missing}`;
    const other = missing ? { branch: { ...branch, taken: false }, within: close.lastIndexOf("{") } : {};
    return [
      { at: start, text: isBlock ? "" : "{ ", branch, within: 0 },
      { at: end, text: close, ...other },
    ];
  }
}

/** A simple statement's semicolon is no part of it in the tree. */
function endOf(source: string, end: number): number {
  return source[end] === ";" ? end + 1 : end;
}

function apply(source: string, insertions: readonly Insertion[]): MarkedSource {
  // Found from outside in: of several that close at one place, the inner one comes first.
  const ordered = insertions.map((insertion, order) => ({ ...insertion, order }));
  ordered.sort((a, b) => a.at - b.at || (closes(a) && closes(b) ? b.order - a.order : a.order - b.order));
  const branches: MarkedSource["branches"][number][] = [];
  let marked = "";
  let from = 0;
  for (const { at, text, branch, within } of ordered) {
    marked += source.slice(from, at);
    if (branch) branches.push({ ...branch, offset: marked.length + within! });
    marked += text;
    from = at;
  }
  return { source: marked + source.slice(from), branches };
}

const closes = ({ text }: Insertion) => text.startsWith(" ");

function parse(file: string, source: string): AstNode {
  const input = {
    language: "Solidity",
    sources: { [file]: { content: source } },
    settings: { stopAfter: "parsing", outputSelection: { "*": { "": ["ast"] } } },
  };
  const output = JSON.parse(solc.compile(JSON.stringify(input)));
  const ast = output.sources?.[file]?.ast as AstNode | undefined;
  if (!ast) throw new Error(`${file}: ${JSON.stringify(output.errors?.[0]?.formattedMessage)}`);
  return ast;
}

function* nodesOf(node: unknown, kind: string): Generator<AstNode> {
  if (Array.isArray(node)) {
    for (const item of node) yield* nodesOf(item, kind);
    return;
  }
  if (node === null || typeof node !== "object") return;
  if ((node as AstNode).nodeType === kind) yield node as AstNode;
  for (const value of Object.values(node)) yield* nodesOf(value, kind);
}
