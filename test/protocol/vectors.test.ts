import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { actionsHash, emptyActionState, nextActionState } from "../../l1/index.ts";
import {
  accountIdKey,
  attestationMessage,
  type BatchHeader,
  type BatchPlace,
  batchId,
  type Commitment,
  checkedValidatorSet,
  chunkRoot,
  cursorHash,
  type Domain,
  dataRoot,
  dataRootOfChunks,
  domainHash,
  type GasDomain,
  type GasLock,
  type GasTotal,
  gasDomainHash,
  gasLockFields,
  gasLockFromFields,
  gasMessage,
  hash,
  headerMessage,
  INNER_KEY,
  mirroredMessage,
  type Payout,
  type PublicKey,
  payoutMessage,
  permute,
  permuteReference,
  possessionMessage,
  publicKeyToBase58,
  type RotationTerms,
  rotationMessage,
  type Signature,
  type SpongeState,
  type State,
  type Statement,
  stateCoreHash,
  stateHash,
  statementHash,
  type ValidatorSet,
  validatorSetHash,
  verifyFields,
} from "../../protocol/index.ts";
import { sampleBytes } from "../../scripts/vectors/samples.ts";
import { hasCode } from "../support/hasCode.ts";
import { fromHex, loadVectors, numbers } from "../support/loadVectors.ts";

const hex = (bytes: Uint8Array) => `0x${Buffer.from(bytes).toString("hex")}`;

/** Runs a file of vectors: refusals are vectors too. */
function check<Input>(file: string, run: (input: Input) => unknown): void {
  describe(file, () => {
    for (const { name, input, output, error } of loadVectors<unknown, unknown>(file)) {
      it(error ? `${name}: refused` : name, () => {
        if (error) assert.throws(() => run(numbers(input)), hasCode(error));
        else assert.deepEqual(run(numbers(input)), numbers(output));
      });
    }
  });
}

describe("golden vectors, TypeScript", () => {
  check<SpongeState>("permutation", permute);
  check<SpongeState>("permutation", permuteReference);
  check<{ tag: string; fields: bigint[] }>("hash", ({ tag, fields }) => hash(tag, fields));
  check<State>("state", (s) => ({ core: stateCoreHash(s), cursor: cursorHash(s), state: stateHash(s) }));
  check<Statement>("statement", statementHash);
  check<Domain>("domain", domainHash);
  check<{ publicKey: PublicKey; tokenId: bigint }>("accountId", (id) =>
    accountIdKey(id.publicKey, id.tokenId),
  );
  check("innerKey", () => ({ ...INNER_KEY, base58: publicKeyToBase58(INNER_KEY) }));
  check<{ seed: string; length: bigint }>("chunkRoot", (c) =>
    hex(chunkRoot(sampleBytes(c.seed, Number(c.length)))),
  );
  check<string[]>("chunkRoots", (roots) => dataRootOfChunks(roots.map(fromHex)));
  check<{ seed: string; length: bigint }>("dataRoot", (d) => dataRoot(sampleBytes(d.seed, Number(d.length))));
  check<{ setHash: bigint } & Commitment>("attestationMessage", (m) => attestationMessage(m.setHash, m));
  check<GasDomain>("gasDomain", gasDomainHash);
  check<{ setHash: bigint; domain: bigint } & GasTotal>("gasMessage", (g) =>
    gasMessage(g.setHash, g.domain, g),
  );
  check<GasLock>("gasLock", (gasLock) => {
    const fields = gasLockFields(gasLock);
    const state = nextActionState(emptyActionState, [fields]);
    return { fields, hash: actionsHash([fields]), state };
  });
  check<bigint[]>("gasAction", gasLockFromFields);
  check<Payout>("payoutMessage", payoutMessage);
  check<RotationTerms>("rotationMessage", rotationMessage);
  check<RotationTerms>("possessionMessage", possessionMessage);
  check<RotationTerms>("mirroredMessage", mirroredMessage);
  check<ValidatorSet>("validatorSet", (set) => validatorSetHash(checkedValidatorSet(set)));
  check<{ publicKey: PublicKey; message: bigint; signature: Signature }>("signature", (s) =>
    verifyFields(s.publicKey, [s.message], s.signature),
  );
  check<{ header: BatchHeader; dataRoot: bigint; domain: bigint }>("headerMessage", (h) =>
    headerMessage(h.header, h.dataRoot, h.domain),
  );
  check<{ place: BatchPlace; header: BatchHeader; chunkRoots: string[] }>("batchId", (b) =>
    hex(batchId(b.place, b.header, b.chunkRoots.map(fromHex))),
  );
});
