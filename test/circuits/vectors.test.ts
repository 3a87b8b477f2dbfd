import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import {
  Field,
  initializeBindings,
  Poseidon,
  Provable,
  type ProvablePure,
  Scalar,
  Signature,
  UInt32,
} from "o1js";
import { accountKey } from "../../circuits/ledger/index.ts";
import { publicKeyFrom } from "../../circuits/mina/index.ts";
import { DomainParts, possessionMessageOf, rotationMessageOf } from "../../circuits/outer/index.ts";
import { attestationMessageOf } from "../../circuits/quorum/index.ts";
import { rollupState, statementHashOf } from "../../circuits/wrapper/index.ts";
import type {
  Commitment,
  Domain,
  PublicKey,
  RotationTerms,
  Signature as SignatureValue,
  State,
  Statement,
} from "../../protocol/index.ts";
import { FIELD_MODULUS, SCALAR_MODULUS } from "../../protocol/index.ts";
import { loadVectors, numbers } from "../support/loadVectors.ts";

before(() => initializeBindings());

const witness = (value: bigint) =>
  Provable.witness(Field as unknown as ProvablePure<Field>, () => Field(value));

/** Computes each vector's output by constraints on witnesses, and demands the golden one. */
function check<Input>(file: string, run: (input: Input) => Field): void {
  describe(file, () => {
    for (const { name, input, output } of loadVectors<unknown, unknown>(file)) {
      if (output === undefined) continue; // refusals of decoders: nothing that a circuit sees
      it(name, async () => {
        await Provable.runAndCheck(() => run(numbers(input)).assertEquals(Field(numbers<bigint>(output))));
      });
    }
  });
}

/** The state of a vector, each part a witness. */
const witnessedState = (state: State) => {
  const constant = rollupState(state);
  return Object.assign(constant, {
    ledgerRoot: witness(state.ledgerRoot),
    cursor: witness(state.cursor),
    lastSlot: UInt32.Unsafe.fromField(witness(state.lastSlot)),
  });
};

describe("golden vectors, circuit", () => {
  check<{ tag: string; fields: bigint[] }>("hash", ({ tag, fields }) =>
    Poseidon.hashWithPrefix(tag, fields.map(witness)),
  );
  check<Statement>("statement", ({ source, target, landBy, domain }) =>
    statementHashOf({
      source: witness(source),
      target: witness(target),
      landBy: UInt32.Unsafe.fromField(witness(landBy)),
      domain: witness(domain),
    }),
  );
  check<Domain>("domain", ({ minaNetwork, outerKey, daChainId, inbox, rollupId }) =>
    new DomainParts({
      minaNetwork: witness(minaNetwork),
      daChainId: witness(daChainId),
      inbox: witness(inbox),
      rollupIdHigh: witness(rollupId >> 128n),
      rollupIdLow: witness(rollupId & ((1n << 128n) - 1n)),
    }).hash(publicKeyFrom(outerKey)),
  );
  check<RotationTerms>("rotationMessage", ({ domain, current, next, state, until, kind }) =>
    rotationMessageOf({
      domain: witness(domain),
      current: witness(current),
      next: witness(next),
      state: witness(state),
      until: witness(until),
      removal: witness(kind === "removal" ? 1n : 0n),
    }),
  );
  check<RotationTerms>("possessionMessage", ({ domain, next, state }) =>
    possessionMessageOf({ domain: witness(domain), next: witness(next), state: witness(state) }),
  );
  check<Commitment & { setHash: bigint }>("attestationMessage", (c) =>
    attestationMessageOf({
      setHash: witness(c.setHash),
      statement: witness(c.statement),
      dataRoot: witness(c.dataRoot),
      dataLength: witness(c.dataLength),
      scheme: witness(c.scheme),
    }),
  );
  check<{ publicKey: PublicKey; tokenId: bigint }>("accountId", ({ publicKey, tokenId }) =>
    accountKey(publicKeyFrom(publicKey), witness(tokenId)),
  );
  describe("state", () => {
    for (const { name, input, output } of loadVectors<unknown, unknown>("state")) {
      const { core, cursor, state } = numbers<Record<"core" | "cursor" | "state", bigint>>(output);
      it(name, () =>
        Provable.runAndCheck(() => {
          const found = witnessedState(numbers(input));
          found.coreHash().assertEquals(Field(core));
          found.cursorHash().assertEquals(Field(cursor));
          found.hash().assertEquals(Field(state));
        }),
      );
    }
  });
  describe("signature", () => {
    type Signed = { publicKey: PublicKey; message: bigint; signature: SignatureValue };
    for (const { name, input, output } of loadVectors<unknown, boolean>("signature")) {
      const { publicKey, message, signature } = numbers<Signed>(input);
      // Elements of a circuit are below their modulus by nature; the decoder refuses the others.
      if (signature.r >= FIELD_MODULUS || signature.s >= SCALAR_MODULUS) continue;
      it(name, () => {
        const { r, s } = signature;
        const verified = () =>
          Signature.fromObject({ r: Field(r), s: Scalar.from(s) }).verify(publicKeyFrom(publicKey), [
            Field(message),
          ]);
        if (output) assert.equal(verified().toBoolean(), true);
        else assert.ok(isRefused(verified));
      });
    }
  });
});

/** A key off the curve throws; a bad signature gives false. */
function isRefused(verified: () => { toBoolean(): boolean }): boolean {
  try {
    return !verified().toBoolean();
  } catch {
    return true;
  }
}
