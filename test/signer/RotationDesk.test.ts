import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { genesisSnapshot } from "../../ledger/index.ts";
import {
  mirroredMessage,
  outerAfterRotation,
  outerAtGenesis,
  type RotationTerms,
  validatorEpochsHash,
  verifyFields,
} from "../../protocol/index.ts";
import { Secret } from "../../service/index.ts";
import { attestationKey } from "../../signer/AttestationKey.ts";
import { RotationDesk } from "../../signer/RotationDesk.ts";
import { hasCode } from "../support/hasCode.ts";
import { testDeployment } from "./support/testRollup.ts";

const { genesis, validators } = testDeployment(4);
const [validator] = validators;
const outer = outerAtGenesis(genesis, genesisSnapshot(genesis).state);
const rotation = { current: outer.validators.current, next: 5n, until: 900n, kind: "normal" } as const;
const field = validatorEpochsHash(outerAfterRotation(outer, rotation).validators);
const key = attestationKey({
  publicKey: validator!.publicKey,
  privateKey: new Secret(validator!.privateKey),
} as never);

const desk = (final: bigint | undefined) => new RotationDesk(outer, { key, finality: { validators: final } });
const refused = hasCode("SIGNER_ROTATION_NOT_FINAL");

describe("confirming a rotation to the DA chain", () => {
  it("signs what Mina holds for good, for this deployment", () => {
    const signature = desk(field).confirm(rotation);
    const message = mirroredMessage({ ...rotation, domain: outer.governance.domain });
    assert.equal(verifyFields(key.publicKey, [message], signature), true);
  });

  const others: [string, Partial<RotationTerms>][] = [
    ["another current set", { current: 6n }],
    ["another next set", { next: 6n }],
    ["another end", { until: 901n }],
    ["a removal", { kind: "removal" }],
  ];
  for (const [name, other] of others)
    it(`signs nothing for ${name}`, () =>
      assert.throws(() => desk(field).confirm({ ...rotation, ...other }), refused));

  it("signs nothing before the field is final, nor without a Mina node of its own", () => {
    assert.throws(() => desk(validatorEpochsHash(outer.validators)).confirm(rotation), refused);
    assert.throws(() => desk(undefined).confirm(rotation), refused);
    assert.throws(() => new RotationDesk(outer, { key }).confirm(rotation), refused);
  });
});
