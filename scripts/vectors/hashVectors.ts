import {
  accountIdKey,
  cursorHash,
  domainHash,
  FIELD_MODULUS,
  hash,
  INNER_KEY,
  permuteReference,
  publicKeyToBase58,
  type State,
  stateCoreHash,
  stateHash,
  statementHash,
  tags,
  tagToField,
} from "../../protocol/index.ts";
import { sample, sampleField, sampleKey } from "./samples.ts";

const MAX = FIELD_MODULUS - 1n;

export function sampleState(seed: string): State {
  return {
    ledgerRoot: sampleField(`${seed} ledger`),
    accountsRoot: sampleField(`${seed} accounts`),
    accountsLength: sample(`${seed} accounts length`, 32),
    inner: sampleField(`${seed} inner`),
    owedRoot: sampleField(`${seed} owed`),
    owedLength: sample(`${seed} owed length`, 32),
    lastSlot: sample(`${seed} slot`, 32),
    batch: sample(`${seed} batch`, 32),
    blockCount: sample(`${seed} blocks`, 32),
    cursor: sampleField(`${seed} cursor`),
    processed: sample(`${seed} processed`, 32),
  };
}

export function hashVectors() {
  const inputs = [
    [],
    [0n],
    [0n, 0n],
    [1n, 2n],
    [MAX, MAX, MAX],
    Array.from({ length: 9 }, (_, i) => sampleField(`h${i}`)),
  ];
  const states = [
    ["zero", zeroState()] as const,
    ...["a", "b"].map((seed) => [seed, sampleState(seed)] as const),
  ];
  return {
    permutation: [
      [0n, 0n, 0n],
      [1n, 2n, 0n],
      [MAX, MAX, MAX],
    ].map((input) => ({
      name: String(input),
      input,
      output: permuteReference(input as [bigint, bigint, bigint]),
    })),
    hash: inputs.map((fields, i) => {
      const tag = i % 2 ? tags.state : tags.attest;
      return { name: `${tag} of ${fields.length}`, input: { tag, fields }, output: hash(tag, fields) };
    }),
    state: states.map(([name, state]) => ({
      name,
      input: state,
      output: { core: stateCoreHash(state), cursor: cursorHash(state), state: stateHash(state) },
    })),
    statement: ["a", "b"].map((seed) => {
      const input = {
        source: sampleField(`${seed} source`),
        target: sampleField(`${seed} target`),
        landBy: sample(`${seed} land`, 32),
        domain: sampleField(`${seed} domain`),
      };
      return { name: seed, input, output: statementHash(input) };
    }),
    domain: ["a", "b"].map((seed) => {
      const { publicKey } = sampleKey(`${seed} outer`);
      const input = {
        minaNetwork: tagToField("devnet"),
        outerKey: publicKey,
        daChainId: 31337n,
        inbox: sample(`${seed} inbox`, 160),
        rollupId: sample(`${seed} rollup`, 256),
      };
      return { name: seed, input, output: domainHash(input) };
    }),
    accountId: ["a", "b"].map((seed) => {
      const { publicKey } = sampleKey(`${seed} account`);
      return { name: seed, input: { publicKey, tokenId: 1n }, output: accountIdKey(publicKey) };
    }),
    innerKey: [
      { name: "inner account", input: {}, output: { ...INNER_KEY, base58: publicKeyToBase58(INNER_KEY) } },
    ],
  };
}

function zeroState(): State {
  return {
    ledgerRoot: 0n,
    accountsRoot: 0n,
    accountsLength: 0n,
    inner: 0n,
    owedRoot: 0n,
    owedLength: 0n,
    lastSlot: 0n,
    batch: 0n,
    blockCount: 0n,
    cursor: 0n,
    processed: 0n,
  };
}
