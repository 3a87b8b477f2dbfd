import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { DaReader } from "../../da/index.ts";
import { openRecordStore, type RecordStore } from "../../gossip/index.ts";
import { signFields, stateHash, verifyFields } from "../../protocol/index.ts";
import { ManualClock } from "../../service/index.ts";
import { testKey } from "../ledger/support/commands.ts";
import { startSigner, until } from "./support/startSigner.ts";
import { TestInbox } from "./support/TestInbox.ts";
import {
  type Bend,
  stranger,
  type TestBatch,
  testBatch,
  testDeployment,
  transfers,
} from "./support/testRollup.ts";

const { genesis, validators, start } = testDeployment(4);
const commands = transfers(3);

type Outcome = { step: string; refusal?: { code: string }; attestations: unknown[] };

/** Runs one batch past one signer. @returns what became of it: the code of its refusal, or the step it stands at */
async function outcomeOf(
  batch: TestBatch,
  {
    inbox = new TestInbox(genesis),
    openRecords,
    waitFor = "published",
  }: { inbox?: TestInbox; openRecords?: (directory: string) => Promise<RecordStore>; waitFor?: string } = {},
) {
  const { get, log, signer } = await startSigner({
    genesis,
    da: inbox.reader(),
    privateKey: validators[0]!.privateKey,
    ...(openRecords ? { modules: { openRecords } } : {}),
  });
  if (!inbox.batches.has(batch.id)) inbox.post(batch);
  const warned = () =>
    log.lines.find(({ message }) => message === "not attested yet")?.fields.code as string | undefined;
  const seen = await until(
    async () => (await get(`/v1/batches/${batch.id}`).catch(() => undefined)) as Outcome | undefined,
    (record) => record?.refusal !== undefined || record?.step === waitFor || warned() !== undefined,
  );
  await signer.stop();
  const signed = log.lines.some(({ message, fields }) => message === "attested" && fields.id === batch.id);
  assert.equal(signed, seen?.step === "published");
  return seen?.refusal?.code ?? warned() ?? seen?.step;
}

const honest = (bend: Bend = {}) => testBatch(genesis, start, commands, bend);

describe("a signer's checks", { timeout: 60_000 }, () => {
  it("attests to a batch without fault", async () => assert.equal(await outcomeOf(honest()), "published"));

  describe("1: who posted it", () => {
    it("refuses a header that the sequencer did not sign", async () => {
      const inbox = new TestInbox(genesis);
      assert.equal(await outcomeOf(honest({ signer: stranger }), { inbox }), "SIGNER_HEADER_SIGNATURE");
      assert.equal(inbox.dataReads, 0, "before any effort");
    });

    const lies: [name: string, code: string, lie: (honest: DaReader) => Partial<DaReader>][] = [
      ["the poster is not registered", "SIGNER_POSTER", () => ({ isPoster: async () => false })],
      [
        "somebody else opened it",
        "SIGNER_POSTER",
        (reader) => ({
          opening: async (id) => ({ ...(await reader.opening(id)), poster: `0x${"cd".repeat(20)}` }),
        }),
      ],
      [
        "another poster is noted",
        "SIGNER_POSTER",
        (reader) => ({
          batch: async (id) => ({ ...(await reader.batch(id))!, poster: `0x${"cd".repeat(20)}` }),
        }),
      ],
      [
        "another signature came with it",
        "SIGNER_HEADER_SIGNATURE",
        (reader) => ({
          batch: async (id) => ({ ...(await reader.batch(id))!, signature: { r: 1n, s: 1n } }),
        }),
      ],
    ];
    for (const [name, code, lie] of lies)
      it(`asks again when its node says that ${name}, and attests once it tells the truth`, async () => {
        const inbox = new TestInbox(genesis);
        const batch = honest();
        const da: DaReader = inbox.reader();
        const truth = { ...da };
        Object.assign(da, lie(truth));
        const { get, log } = await startSigner({ genesis, da, privateKey: validators[0]!.privateKey });
        inbox.post(batch);
        await until(
          () => log.lines,
          (lines) =>
            lines.some(({ message, fields }) => message === "not attested yet" && fields.code === code),
        );
        Object.assign(da, truth);
        await until(
          () => get(`/v1/batches/${batch.id}`),
          ({ step, refusal }) => {
            assert.equal(refusal, undefined);
            return step === "published";
          },
        );
      });

    it("refuses for good what its node does not take back", async () => {
      const inbox = new TestInbox(genesis);
      inbox.posters.clear();
      const batch = honest();
      const clock = new ManualClock(0);
      const { get, log } = await startSigner({
        genesis,
        da: inbox.reader(),
        privateKey: validators[0]!.privateKey,
        modules: { clock },
      });
      inbox.post(batch);
      const seen = await until(
        async () => {
          await clock.advance(1_000);
          return (await get(`/v1/batches/${batch.id}`).catch(() => ({}))) as Partial<Outcome>;
        },
        ({ refusal }) => refusal !== undefined,
      );
      assert.equal(seen.refusal!.code, "SIGNER_POSTER");
      assert.equal(log.lines.filter(({ message }) => message === "not attested yet").length, 3);
    });

    it("refuses a poster that is not registered", async () => {
      const inbox = new TestInbox(genesis);
      inbox.posters.clear();
      assert.equal(await outcomeOf(honest(), { inbox }), "SIGNER_POSTER");
    });

    it("refuses a poster other than the one whose signature opened the batch", async () => {
      const inbox = new TestInbox(genesis);
      inbox.opener = `0x${"cd".repeat(20)}`;
      inbox.posters.add(inbox.opener);
      assert.equal(await outcomeOf(honest(), { inbox }), "SIGNER_POSTER");
    });

    it("does not take a header that the batch's id does not cover, and takes the right one later", async () => {
      const inbox = new TestInbox(genesis);
      const batch = honest();
      inbox.post(batch);
      const truth = inbox.batches.get(batch.id)!;
      inbox.batches.set(batch.id, { ...truth, header: honest({ timestampMs: 2n }).header, chunkRoots: [] });
      const { get, log } = await startSigner({
        genesis,
        da: inbox.reader(),
        privateKey: validators[0]!.privateKey,
      });
      await until(
        () => log.lines,
        (lines) => lines.some(({ fields }) => fields.code === "SIGNER_BATCH_ID"),
      );
      await assert.rejects(get(`/v1/batches/${batch.id}`));
      inbox.batches.set(batch.id, truth);
      await until(
        () => get(`/v1/batches/${batch.id}`).catch(() => ({ step: "unknown" })),
        ({ step }) => step === "published",
      );
    });

    it("refuses a header beyond the limits before it fetches anything", async () => {
      const inbox = new TestInbox(genesis);
      const tooMuch = honest({ header: (h) => ({ ...h, decodedLength: 16n * 1024n * 1024n + 1n }) });
      assert.equal(await outcomeOf(tooMuch, { inbox }), "SIGNER_HEADER_BOUNDS");
      const scheme = honest({ header: (h) => ({ ...h, scheme: 2n }) });
      assert.equal(await outcomeOf(scheme, { inbox: new TestInbox(genesis) }), "SIGNER_HEADER_BOUNDS");
      assert.equal(inbox.dataReads, 0);
    });
  });

  describe("2: its bytes", () => {
    it("does not sign over bytes that have other roots, good as they may be otherwise", async () => {
      // The same transfers with another time: nothing but the roots tells the two apart.
      const batch = honest();
      const other = honest({ timestampMs: 2n });
      assert.equal(other.header.target, batch.header.target);
      const inbox = new TestInbox(genesis);
      inbox.post(batch);
      inbox.bytes.set(batch.id, other.data);
      assert.equal(await outcomeOf(batch, { inbox }), "SIGNER_DATA_MISSING");
    });

    it("does not sign while bytes are missing, and does as soon as they are there", async () => {
      const batch = honest();
      const inbox = new TestInbox(genesis);
      inbox.post(batch);
      inbox.bytes.delete(batch.id);
      const { get, log } = await startSigner({
        genesis,
        da: inbox.reader(),
        privateKey: validators[0]!.privateKey,
      });
      await until(
        () => log.lines,
        (lines) => lines.some(({ fields }) => fields.code === "SIGNER_DATA_MISSING"),
      );
      assert.equal((await get(`/v1/batches/${batch.id}`)).step, "admitted");
      inbox.bytes.set(batch.id, batch.data);
      await until(
        () => get(`/v1/batches/${batch.id}`),
        ({ step }) => step === "published",
      );
    });
  });

  describe("3: its form and its header", () => {
    const bends: Record<string, [Bend, string]> = {
      "bytes after the end": [
        { data: (data) => Buffer.concat([data, Uint8Array.of(0)]) },
        "PAYLOAD_NOT_CANONICAL",
      ],
      "another version": [
        { data: (data) => Uint8Array.from(data, (byte, i) => (i === 1 ? 9 : byte)) },
        "PAYLOAD_VERSION",
      ],
      "another rollup's domain": [
        { payload: (p) => ({ ...p, domain: p.domain + 1n }) },
        "SIGNER_HEADER_MISMATCH",
      ],
      "another source": [{ payload: (p) => ({ ...p, source: p.source + 1n }) }, "SIGNER_HEADER_MISMATCH"],
      "another number in the header": [
        { header: (h) => ({ ...h, number: h.number + 1n }) },
        "SIGNER_HEADER_MISMATCH",
      ],
      "another landing limit": [
        { header: (h) => ({ ...h, landBy: h.landBy - 1n }) },
        "SIGNER_HEADER_MISMATCH",
      ],
      "another decoded length": [
        { header: (h) => ({ ...h, decodedLength: h.decodedLength - 1n }) },
        "SIGNER_HEADER_MISMATCH",
      ],
      "another target": [{ header: (h) => ({ ...h, target: h.target + 1n }) }, "SIGNER_HEADER_MISMATCH"],
    };
    for (const [name, [bend, code]] of Object.entries(bends))
      it(`refuses ${name}`, async () => assert.equal(await outcomeOf(honest(bend)), code));
  });

  describe("4: its execution", () => {
    it("refuses a target root that execution does not reach", async () => {
      const bend: Bend = {
        payload: (p) => ({ ...p, target: { ...p.target, ledgerRoot: p.target.ledgerRoot + 1n } }),
      };
      assert.equal(await outcomeOf(honest(bend)), "SIGNER_EXECUTION_MISMATCH");
    });

    it("refuses every other field of the target that execution does not reach", async () => {
      for (const name of [
        "inner",
        "owedRoot",
        "lastSlot",
        "blockCount",
        "cursor",
        "processed",
        "accountsLength",
      ] as const) {
        const bend: Bend = {
          payload: (p) => ({ ...p, target: { ...p.target, [name]: p.target[name] + 1n } }),
        };
        assert.equal(await outcomeOf(honest(bend)), "SIGNER_EXECUTION_MISMATCH", name);
      }
    });

    it("refuses a listed change that is not what execution gives", async () => {
      const richer: Bend = {
        payload: (p) => ({
          ...p,
          changes: p.changes.map((change, i) =>
            i === 0
              ? { ...change, account: { ...change.account, balance: change.account.balance + 1n } }
              : change,
          ),
        }),
      };
      assert.equal(await outcomeOf(honest(richer)), "SIGNER_EXECUTION_MISMATCH");
    });

    it("refuses a change that is left out: what is hashed would have no preimage", async () => {
      const fewer: Bend = { payload: (p) => ({ ...p, changes: p.changes.slice(1) }) };
      assert.equal(await outcomeOf(honest(fewer)), "SIGNER_EXECUTION_MISMATCH");
    });

    it("refuses a command with another's signature", async () => {
      const forged: Bend = {
        payload: (p) => ({
          ...p,
          blocks: p.blocks.map((block) => ({
            ...block,
            commands: block.commands.map((command, i) =>
              i === 1
                ? {
                    ...command,
                    feePayer: { ...command.feePayer, signature: signFields(stranger.privateKey, [1n]) },
                  }
                : command,
            ),
          })),
        }),
      };
      assert.equal(await outcomeOf(honest(forged)), "EXECUTION_SIGNATURE_INVALID");
    });

    it("executes a rival for the same two states as well, and refuses what it lists", async () => {
      // The second batch ends in a state that is held; only its list of changes is wrong.
      const inbox = new TestInbox(genesis);
      const first = honest();
      const second = honest({ timestampMs: 2n, payload: (p) => ({ ...p, changes: p.changes.slice(1) }) });
      assert.equal(second.header.target, first.header.target);
      inbox.post(first, second);
      assert.equal(await outcomeOf(second, { inbox }), "SIGNER_EXECUTION_MISMATCH");
    });
  });

  describe("5: what the disk holds", () => {
    /** A disk that gives back `wrong` for the batch's bytes from the `nth` read on. */
    const lying =
      (wrong: (bytes: Uint8Array) => Uint8Array | undefined, nth: number) => async (directory: string) => {
        const store = await openRecordStore(directory);
        let reads = 0;
        return {
          ...store,
          async get(key: string) {
            const value = await store.get(key);
            return key.startsWith("data/") && value && ++reads >= nth ? wrong(value) : value;
          },
        };
      };
    // The first read is that of execution; the second one is the check's own.
    it("does not sign when the bytes read back have one bit flipped", async () => {
      const openRecords = lying(
        (bytes) => Uint8Array.from(bytes, (byte, i) => (i === 20 ? byte ^ 1 : byte)),
        2,
      );
      assert.equal(await outcomeOf(honest(), { openRecords }), "SIGNER_STORE_MISMATCH");
    });

    it("does not sign when the bytes are gone", async () => {
      assert.equal(
        await outcomeOf(honest(), { openRecords: lying(() => undefined, 2) }),
        "SIGNER_STORE_MISMATCH",
      );
    });

    it("signs once the disk is well again", async () => {
      let broken = true;
      const openRecords = lying((bytes) => (broken ? undefined : bytes), 2);
      const inbox = new TestInbox(genesis);
      const batch = honest();
      inbox.post(batch);
      const { get, log } = await startSigner({
        genesis,
        da: inbox.reader(),
        privateKey: validators[0]!.privateKey,
        modules: { openRecords },
      });
      await until(
        () => log.lines,
        (lines) => lines.some(({ fields }) => fields.code === "SIGNER_STORE_MISMATCH"),
      );
      broken = false;
      await until(
        () => get(`/v1/batches/${batch.id}`),
        ({ step }) => step === "published",
      );
    });
  });

  it("signs what the chain and the set say, with its own key", async () => {
    const inbox = new TestInbox(genesis);
    const batch = honest();
    inbox.post(batch);
    const { get } = await startSigner({
      genesis,
      da: inbox.reader(),
      privateKey: validators[2]!.privateKey,
    });
    const own = await until(
      () => get(`/v1/batches/${batch.id}/attestation`).catch(() => undefined),
      (answer) => answer !== undefined,
    );
    assert.equal(own!.slot, 2);
    const signature = { r: BigInt(own!.r as string), s: BigInt(own!.s as string) };
    assert.ok(verifyFields(validators[2]!.publicKey, [BigInt(own!.message as string)], signature));
    assert.ok(!verifyFields(testKey(0).publicKey, [BigInt(own!.message as string)], signature));
    assert.equal(stateHash(batch.executed.target.state), batch.header.target);
  });
});
