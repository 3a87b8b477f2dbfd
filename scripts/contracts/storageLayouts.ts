import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { posix } from "node:path";

const solc = createRequire(import.meta.url)("solc") as {
  compile(input: string, reader: { import(path: string): { contents: string } }): string;
};
const root = new URL("../../", import.meta.url);

/** Contracts with state of their own, and the struct that holds it. */
const states = {
  BatchInbox: "Inbox",
  DaFees: "Fees",
  GasVault: "Vault",
  Governed: "GovernedStorage",
  ValidatorSet: "Sets",
} as const;

interface SolcType {
  readonly label: string;
  readonly numberOfBytes: string;
  readonly value?: string;
  readonly base?: string;
  readonly members?: readonly SolcMember[];
}
interface SolcMember {
  readonly label: string;
  readonly slot: string;
  readonly offset: number;
  readonly type: string;
}
type SolcTypes = Readonly<Record<string, SolcType>>;

/** By struct, its members in order, each such as `0 +20 price: uint64`: slot from the struct's first, bytes into it, name, type. */
export type StorageLayout = Readonly<Record<string, readonly string[]>>;

/**
 * Where each contract keeps its state, structs behind mappings included. An upgrade may add members at the end of a struct, and
 * change nothing else: a struct in a mapping or before another member must not grow past its last slot.
 * @throws {Error} when the contracts do not compile
 */
export function storageLayouts(): Record<string, StorageLayout> {
  const names = Object.entries(states);
  const lines = names.map(([name]) => `import {${name}} from "../contracts/${name}.sol";`);
  // State in a namespace is in no layout that the compiler writes: here it is, as a variable.
  const holders = names.map(
    ([name, struct]) => `contract ${name}Holder { ${name}.${struct} private _state; }`,
  );
  const file = "layout/Layout.sol";
  const content = ["pragma solidity ^0.8.28;", ...lines, ...holders].join("\n");
  const settings = { outputSelection: { [file]: { "*": ["storageLayout"] } } };
  const input = { language: "Solidity", sources: { [file]: { content } }, settings };
  const output = JSON.parse(solc.compile(JSON.stringify(input), { import: readSource }));
  const errors = output.errors?.filter(({ severity }: { severity: string }) => severity === "error") ?? [];
  if (errors.length > 0) throw new Error(errors[0].formattedMessage);
  return Object.fromEntries(
    names.map(([name]) => {
      const { storage, types } = output.contracts[file][`${name}Holder`].storageLayout;
      return [name, structsOf(storage[0].type, types)];
    }),
  );
}

function readSource(path: string): { contents: string } {
  const place = path.startsWith("@") ? posix.join("node_modules", path) : path;
  return { contents: readFileSync(new URL(place, root), "utf8") };
}

/** The struct of a type, and every struct that it leads to, by name. */
function structsOf(
  first: string,
  types: SolcTypes,
  found: Record<string, readonly string[]> = {},
): StorageLayout {
  const type = types[first]!;
  for (const next of [type.value, type.base]) if (next) structsOf(next, types, found);
  const name = type.label.replace(/^struct /, "");
  if (!type.members || found[name]) return found;
  found[name] = type.members.map(
    ({ slot, offset, label, type: id }) => `${slot} +${offset} ${label}: ${types[id]!.label}`,
  );
  for (const member of type.members) structsOf(member.type, types, found);
  return found;
}
