import { actionsHash, emptyActionState, nextActionState } from "../../l1/index.ts";
import {
  codeOf,
  type GasLock,
  gasDomainHash,
  gasLockFields,
  gasLockFromFields,
  gasMessage,
  MAX_UINT64,
  MIN_GAS_LOCK,
  tagToField,
} from "../../protocol/index.ts";
import { sample, sampleField, sampleKey } from "./samples.ts";

const LARGEST_ADDRESS = (1n << 160n) - 1n;

export function gasVectors() {
  return { gasDomain: domains(), gasMessage: messages(), gasLock: locks(), gasAction: refusals() };
}

function domains() {
  return ["a", "b"].map((seed) => {
    const input = {
      minaNetwork: tagToField("mina:devnet"),
      gasKey: sampleKey(`${seed} gas`).publicKey,
      daChainId: 31_337n,
      vault: sample(`${seed} vault`, 160),
    };
    return { name: seed, input, output: gasDomainHash(input) };
  });
}

function messages() {
  const cases = [
    ["smallest", 1n, MIN_GAS_LOCK],
    ["largest", LARGEST_ADDRESS, MAX_UINT64],
    ["some", sample("gas recipient", 160), 5_000_000_000n],
  ] as const;
  return cases.map(([name, recipient, total]) => {
    const input = { setHash: sampleField("gas set"), domain: sampleField("gas domain"), recipient, total };
    return { name, input, output: gasMessage(input.setHash, input.domain, input) };
  });
}

/** The action that a lock pushes, its hash as Mina makes it, and the account's action state after it alone. */
function locks() {
  const cases: [string, GasLock][] = [
    ["smallest", { recipient: 1n, amount: MIN_GAS_LOCK }],
    ["largest", { recipient: LARGEST_ADDRESS, amount: MAX_UINT64 }],
    ["some", { recipient: sample("gas recipient", 160), amount: 5_000_000_000n }],
  ];
  return cases.map(([name, lock]) => {
    const fields = gasLockFields(lock);
    const output = {
      fields,
      hash: actionsHash([fields]),
      state: nextActionState(emptyActionState, [fields]),
    };
    return { name, input: lock, output };
  });
}

/** Actions that the contract cannot have pushed. */
function refusals() {
  const cases: [string, bigint[]][] = [
    ["a lock", [1n, MIN_GAS_LOCK]],
    ["no recipient", [0n, MIN_GAS_LOCK]],
    ["recipient of 161 bits", [LARGEST_ADDRESS + 1n, MIN_GAS_LOCK]],
    ["below the minimum", [1n, MIN_GAS_LOCK - 1n]],
    ["amount of 65 bits", [1n, MAX_UINT64 + 1n]],
    ["one field", [1n]],
    ["three fields", [1n, MIN_GAS_LOCK, 0n]],
    ["nothing", []],
  ];
  return cases.map(([name, input]) => ({ name, input, ...outcome(input) }));
}

function outcome(fields: bigint[]) {
  try {
    return { output: gasLockFromFields(fields) };
  } catch (error) {
    return { error: codeOf(error) };
  }
}
