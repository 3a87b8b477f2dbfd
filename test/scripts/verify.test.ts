import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import type { DaReader, DaValidatorSet } from "../../da/index.ts";
import type { L1Account } from "../../l1/index.ts";
import { genesisSnapshot } from "../../ledger/index.ts";
import {
  batchId,
  batchMessage,
  type Certificate,
  certificateToJson,
  verifyCertificate as checkedWeight,
  chunkRoot,
  chunksOf,
  comparePublicKeys,
  DATA_SCHEME,
  dataRootOfChunks,
  domainHash,
  domainOf,
  encodePayload,
  type GenesisJson,
  genesisFromJson,
  MAX_DATA_BYTES,
  type OuterState,
  outerAfterRotation,
  outerAtGenesis,
  outerFields,
  type Payload,
  signFields,
  stateHash,
  type ValidatorSet,
  validatorSetHash,
} from "../../protocol/index.ts";
import { samplePayload } from "../../scripts/vectors/batchVectors.ts";
import { sampleKey } from "../../scripts/vectors/samples.ts";
import { findSet } from "../../scripts/verify/findSet.ts";
import { exitCodes } from "../../service/index.ts";
import { hasCode } from "../support/hasCode.ts";
import { temporaryDirectory } from "../support/temporaryDirectory.ts";
import { cli } from "./support/cli.ts";

const keys = ["a", "b", "c", "d"]
  .map((name) => sampleKey(`verify ${name}`))
  .sort((a, b) => comparePublicKeys(a.publicKey, b.publicKey));
const genesisJson: GenesisJson = {
  version: 1,
  name: "test",
  minaNetwork: "devnet",
  outerKey: keys[0]!.base58,
  da: {
    chainId: "31337",
    inbox: `0x${"11".repeat(20)}`,
    validatorSet: `0x${"22".repeat(20)}`,
    owner: `0x${"33".repeat(20)}`,
    salt: `0x${"00".repeat(32)}`,
  },
  sequencer: keys[1]!.base58,
  council: keys[2]!.base58,
  validators: { threshold: "3", members: keys.map(({ base58 }) => ({ publicKey: base58, weight: "1" })) },
  allocations: [],
  innerVerificationKeyHash: `0x${"00".repeat(32)}`,
  accountCreationFee: "1000000000",
  delays: { claim: "1", maxLag: "2", open: "3", freeze: "4", freezeNotice: "5", grace: "6", governance: "7" },
};
const genesis = genesisFromJson(genesisJson);
const domain = domainHash(domainOf(genesis));

/** A batch and its certificate by validators 0, 1 and 3; `change` alters what the certificate is about before it is signed. */
function certified(change: Partial<Certificate["header"]> = {}, payloadChange: Partial<Payload> = {}) {
  const payload = { ...samplePayload("verify"), domain, ...payloadChange };
  const { data, decodedLength } = encodePayload(payload);
  const roots = chunksOf(data).map(chunkRoot);
  const header = {
    number: payload.target.batch,
    source: payload.source,
    target: stateHash(payload.target),
    landBy: payload.landBy,
    dataLength: BigInt(data.length),
    decodedLength: BigInt(decodedLength),
    scheme: DATA_SCHEME,
    ...change,
  };
  return {
    data,
    certificate: certify(header, dataRootOfChunks(roots), batchId(domainOf(genesis), header, roots)),
  };
}

function certify(
  header: Certificate["header"],
  dataRoot: bigint,
  id: Uint8Array,
  set = genesis.validators,
): Certificate {
  const setHash = validatorSetHash(set);
  const message = batchMessage(setHash, header, dataRoot, domain);
  const attestations = [0, 1, 3].map((slot) => ({
    slot,
    signature: signFields(keys[slot]!.privateKey, [message]),
  }));
  return { version: 1, batchId: id, header, dataRoot, domain, epoch: set.epoch, setHash, attestations };
}

const directory = temporaryDirectory();
let count = 0;
function put(content: unknown): string {
  const file = join(directory, `f${count++}`);
  writeFileSync(file, content instanceof Uint8Array ? content : JSON.stringify(content));
  return file;
}
const genesisFile = put(genesisJson);
const verifyCertificate = (certificate: unknown, file = genesisFile) =>
  cli(["verify", "certificate", put(certificate), "--genesis", file]);
const verifyBatch = (data: Uint8Array, certificate: Certificate) =>
  cli([
    "verify",
    "batch",
    put(data),
    "--certificate",
    put(certificateToJson(certificate)),
    "--genesis",
    genesisFile,
  ]);

describe("zeko verify certificate", () => {
  const { certificate } = certified();
  const json = certificateToJson(certificate);

  it("accepts a quorum's certificate and says who signed what", async () => {
    const { code, out } = await verifyCertificate(json);
    assert.equal(code, exitCodes.ok, out);
    const { valid, batch, signers, weight, threshold } = JSON.parse(out);
    assert.deepEqual(
      [valid, batch, signers, weight, threshold],
      [true, String(certificate.header.number), 3, "3", "3"],
    );
  });

  const other = put({ ...genesisJson, da: { ...genesisJson.da, salt: `0x${"01".repeat(32)}` } });
  const oneShort = { ...json, attestations: json.attestations.slice(1) };
  const changed = { ...json, dataRoot: json.setHash };
  const refusals: [name: string, code: string, run: () => ReturnType<typeof cli>][] = [
    ["a quorum one short", "CERTIFICATE_QUORUM", () => verifyCertificate(oneShort)],
    ["another data root", "CERTIFICATE_SIGNATURE", () => verifyCertificate(changed)],
    ["another deployment", "VERIFY_OTHER_DEPLOYMENT", () => verifyCertificate(json, other)],
    ["another set", "CERTIFICATE_SET", () => verifyCertificate({ ...json, setHash: json.dataRoot })],
    [
      "another epoch than the genesis file's, alone",
      "VERIFY_SET_UNKNOWN",
      () => verifyCertificate({ ...json, epoch: "1" }),
    ],
    ["what is no certificate", "CERTIFICATE_MALFORMED", () => verifyCertificate({ ...json, version: 2 })],
    ["what is not JSON", "VERIFY_FILE_UNREADABLE", () => verifyCertificate(new Uint8Array([0xff]))],
    ["an endless file", "VERIFY_FILE_UNREADABLE", () => verifyCertificate("x".repeat(70_000))],
    ["a genesis file that is none", "GENESIS_MALFORMED", () => verifyCertificate(json, put({}))],
  ];
  for (const [name, code, run] of refusals)
    it(`refuses ${name} with exit code 6`, async () => {
      const { code: exit, out } = await run();
      assert.equal(exit, exitCodes.invalid);
      const { valid, error } = JSON.parse(out);
      assert.deepEqual([valid, error.code], [false, code]);
    });
});

describe("zeko verify certificate, of a later epoch", () => {
  const sets = [0n, 1n, 2n].map((epoch) => ({ ...genesis.validators, epoch, threshold: 3n }));
  const outer = outerAtGenesis(genesis, genesisSnapshot(genesis).state);
  const told = (set: ValidatorSet, until = 50n * set.epoch): DaValidatorSet => ({
    ...set,
    hash: validatorSetHash(set),
    inForce: true,
    graceEnd: 0n,
    until,
    kind: "normal",
  });
  const outerAfter = (...taken: DaValidatorSet[]) =>
    taken.reduce(
      (state, { hash: next, until, kind }) => outerAfterRotation(state, { next, until, kind }),
      outer,
    );
  const listing = (...listed: DaValidatorSet[]): Pick<DaReader, "currentEpoch" | "validatorSet"> => ({
    currentEpoch: async () => BigInt(listed.length - 1),
    validatorSet: async (epoch) => listed[Number(epoch)]!,
  });
  const minaAt = (state: OuterState, slot = 0) => ({
    head: async () => ({ slot, height: 1, stateHash: "b1", previousStateHash: "", commands: [] }),
    account: async (publicKey: string): Promise<L1Account> => ({
      publicKey,
      ...{ tokenId: "", balance: 0n, nonce: 0, inferredNonce: 0, permissions: {} },
      zkapp: {
        ...{ appState: outerFields(state), actionState: [], verificationKeyHash: null, provedState: true },
      },
    }),
  });
  const [zero, one, two] = sets.map((set) => told(set)) as [DaValidatorSet, DaValidatorSet, DaValidatorSet];
  const da = listing(zero, one, two);
  const { header, dataRoot, batchId: id } = certified().certificate;

  it("takes the set of its epoch from the DA chain, and says so", async () => {
    const found = await findSet(1n, genesis, { da });
    assert.deepEqual([found.word, found.onMina, found.hash], ["DA chain", undefined, one.hash]);
    assert.equal(checkedWeight(certify(header, dataRoot, id, sets[1]!), found.set), 3n);
    const other = certify(header, dataRoot, id, sets[2]!);
    assert.throws(() => checkedWeight(other, found.set), hasCode("CERTIFICATE_SET"));
  });

  const standings: [epoch: bigint, slot: number, word: string, onMina: string][] = [
    [2n, 100, "DA chain and Mina", "in force"],
    [1n, 106, "DA chain and Mina", "in its grace until slot 106"],
    [1n, 107, "DA chain and Mina", "over"],
    [0n, 100, "genesis file", "over"],
  ];
  for (const [epoch, slot, word, onMina] of standings)
    it(`has Mina say that the set of epoch ${epoch} is ${onMina} at slot ${slot}`, async () => {
      const l1 = minaAt(outerAfter(one, two), slot);
      const found = await findSet(epoch, genesis, { da, l1 });
      assert.deepEqual([found.set.epoch, found.word, found.onMina], [epoch, word, onMina]);
    });

  it("finds out a DA node that lists another set than Mina has", async () => {
    const forged = told({ ...sets[1]!, members: sets[1]!.members.slice(0, 3) });
    const l1 = minaAt(outerAfter(one));
    const lied = findSet(1n, genesis, { da: listing(zero, forged), l1 });
    await assert.rejects(lied, hasCode("VERIFY_MINA_DIFFERS"));
    // With it alone there is nothing to compare.
    assert.equal((await findSet(1n, genesis, { da: listing(zero, forged) })).word, "DA chain");
  });

  it("takes no set on Mina's word that Mina has not come to", async () => {
    const found = await findSet(2n, genesis, { da, l1: minaAt(outerAfter(one)) });
    assert.deepEqual([found.word, found.onMina], ["DA chain", "not in force yet"]);
  });

  it("refuses an epoch that the DA chain does not have", async () => {
    await assert.rejects(findSet(3n, genesis, { da }), hasCode("VERIFY_EPOCH_UNKNOWN"));
  });

  const json = certificateToJson(certify(header, dataRoot, id, sets[1]!));
  const unanswered: [name: string, exit: number, code: string, words: string[]][] = [
    ["a node that does not answer", exitCodes.failed, "DA_", ["--verify.da-url", "http://127.0.0.1:1"]],
    ["Mina alone", exitCodes.usage, "CONFIG_MISSING", ["--verify.l1-url", "http://127.0.0.1:1"]],
  ];
  for (const [name, exit, code, words] of unanswered)
    it(`calls nothing invalid for ${name}`, async () => {
      const run = await cli(["verify", "certificate", put(json), "--genesis", genesisFile, ...words]);
      assert.deepEqual([run.code, run.out], [exit, ""]);
      assert.match(run.err, new RegExp(`^code: ${code}`, "m"));
    });
});

describe("zeko verify batch", () => {
  const { data, certificate } = certified();

  it("accepts the bytes that the certificate is about, and says what is in them", async () => {
    const { code, out } = await verifyBatch(data, certificate);
    assert.equal(code, exitCodes.ok, out);
    const { blocks, commands, bytes, changedAccounts } = JSON.parse(out);
    const payload = samplePayload("verify");
    assert.deepEqual([blocks, commands, bytes, changedAccounts], [2, 1, data.length, payload.changes.length]);
  });

  const flipped = Uint8Array.from(data);
  flipped[20]! ^= 1;
  const signedOver = (change: Partial<Certificate["header"]>, payloadChange: Partial<Payload> = {}) => {
    const made = certified(change, payloadChange);
    return verifyBatch(made.data, made.certificate);
  };
  const refusals: [name: string, code: string, run: () => ReturnType<typeof cli>][] = [
    ["a changed byte", "VERIFY_DATA_MISMATCH", () => verifyBatch(flipped, certificate)],
    ["a missing byte", "VERIFY_DATA_MISMATCH", () => verifyBatch(data.subarray(0, -1), certificate)],
    ["an added zero", "VERIFY_DATA_MISMATCH", () => verifyBatch(Uint8Array.of(...data, 0), certificate)],
    [
      "a batch id that is not in the signatures",
      "VERIFY_DATA_MISMATCH",
      () => verifyBatch(data, { ...certificate, batchId: new Uint8Array(32) }),
    ],
    ["a header of another target state", "VERIFY_DATA_MISMATCH", () => signedOver({ target: 5n })],
    ["a header of another source state", "VERIFY_DATA_MISMATCH", () => signedOver({ source: 5n })],
    ["a header of another number", "VERIFY_DATA_MISMATCH", () => signedOver({ number: 1_000n })],
    ["a header of another landing limit", "VERIFY_DATA_MISMATCH", () => signedOver({ landBy: 5n })],
    ["a header of another scheme", "VERIFY_DATA_MISMATCH", () => signedOver({ scheme: 2n })],
    ["a header of another decoded length", "VERIFY_DATA_MISMATCH", () => signedOver({ decodedLength: 5n })],
    ["a payload of another deployment", "VERIFY_DATA_MISMATCH", () => signedOver({}, { domain: 5n })],
    [
      "more bytes than a batch has",
      "VERIFY_FILE_UNREADABLE",
      () => verifyBatch(new Uint8Array(MAX_DATA_BYTES + 1), certificate),
    ],
  ];
  for (const [name, code, run] of refusals)
    it(`refuses ${name} with exit code 6`, async () => {
      const { code: exit, out } = await run();
      assert.equal(exit, exitCodes.invalid);
      assert.equal(JSON.parse(out).error.code, code);
    });
});
