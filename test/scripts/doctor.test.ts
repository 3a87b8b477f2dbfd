import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import type { DaValidatorSet } from "../../da/index.ts";
import type { L1Account } from "../../l1/index.ts";
import { genesisSnapshot } from "../../ledger/index.ts";
import {
  genesisHash,
  type OuterState,
  outerAfterRotation,
  outerAtGenesis,
  outerFields,
  publicKeyToBase58,
  validatorSetHash,
} from "../../protocol/index.ts";
import { checkBothSides, checkEpochOf, infoOf, type SetList } from "../../scripts/doctor/checkSets.ts";
import {
  createHttpServer,
  createMetricRegister,
  exitCodes,
  Readiness,
  type Route,
  silentLogger,
} from "../../service/index.ts";
import { startRelay } from "../relay/support/startRelay.ts";
import { startSigner } from "../signer/support/startSigner.ts";
import { TestInbox } from "../signer/support/TestInbox.ts";
import { testDeployment } from "../signer/support/testRollup.ts";
import { hasCode } from "../support/hasCode.ts";
import { cli } from "./support/cli.ts";

async function serving(route?: Pick<Route, "path" | "handle">, ready = true) {
  const readiness = new Readiness();
  readiness.add("chain", () => (ready ? null : "behind"));
  const routes: Route[] = route ? [{ method: "POST", unversioned: "as the real thing", ...route }] : [];
  const register = createMetricRegister({ role: "test" });
  const server = createHttpServer(
    { role: "test", port: 0 },
    { routes, readiness, register, log: silentLogger },
  );
  await server.start();
  after(() => server.stop());
  return server.url;
}
const mina = async (syncStatus = "SYNCED") => {
  const handle = () => ({ json: { data: { syncStatus, networkID: "mina:devnet" } } });
  return `${await serving({ path: "/graphql", handle })}/graphql`;
};
const chain = (result: unknown = "0x1f") =>
  serving({ path: "/", handle: () => ({ json: { jsonrpc: "2.0", id: 1, result } }) });

describe("zeko doctor", () => {
  it("walks every link in order and says what it saw", async () => {
    const words = [
      "--doctor.l1",
      await mina(),
      "--doctor.da",
      await chain(),
      "--doctor.relay",
      await serving(),
    ];
    const signers = `${await serving()},${await serving()}`;
    const { code, out } = await cli(["doctor", ...words, "--doctor.signers", signers]);
    assert.equal(code, exitCodes.ok);
    assert.equal(
      out,
      "l1: synced, mina:devnet\nda: block 31\nsigner 0: ready\nsigner 1: ready\nrelay: ready\n",
    );
  });

  it("names the first broken link and looks no further", async () => {
    const words = [
      "--doctor.l1",
      await mina(),
      "--doctor.signers",
      `${await serving(undefined, false)},http://127.0.0.1:1`,
    ];
    const { code, out, err } = await cli(["doctor", ...words]);
    assert.equal(code, exitCodes.failed);
    assert.equal(out, "l1: synced, mina:devnet\nsigner 0: broken\n");
    assert.match(err, /code: DOCTOR_LINK_DOWN/);
  });

  describe("with the genesis file", () => {
    const { genesis, validators } = testDeployment(4);
    const outer = outerAtGenesis(genesis, genesisSnapshot(genesis).state);
    const shown = (epoch: bigint): DaValidatorSet => {
      const members = genesis.validators.members.slice(Number(epoch));
      const set = { epoch, threshold: 3n, members };
      return { ...set, hash: validatorSetHash(set), inForce: true, graceEnd: 0n, until: 50n, kind: "normal" };
    };
    const [zero, one] = [shown(0n), shown(1n)];
    const rotated = outerAfterRotation(outer, { next: one.hash, until: one.until, kind: one.kind });
    const da = (...sets: DaValidatorSet[]): SetList => ({
      currentEpoch: async () => BigInt(sets.length - 1),
      validatorSet: async (epoch) => sets[Number(epoch)]!,
    });
    const mina = (state: OuterState, slot = 0) => ({
      head: async () => ({ slot, height: 1, stateHash: "b1", previousStateHash: "", commands: [] }),
      account: async (publicKey: string): Promise<L1Account> => ({
        ...{ publicKey, tokenId: "", balance: 0n, nonce: 0, inferredNonce: 0, permissions: {} },
        zkapp: {
          ...{ appState: outerFields(state), actionState: [], verificationKeyHash: null, provedState: true },
        },
      }),
    });

    it("says which epoch both sides are at, and until when the one before it counts", async () => {
      assert.equal(await checkBothSides(genesis, da(zero), mina(outer)), "epoch 0 on Mina and the DA chain");
      const seen = await checkBothSides(genesis, da(zero, one), mina(rotated));
      assert.match(seen, /^epoch 1 on Mina and the DA chain; epoch 0 in its grace until slot \d+$/);
      const late = await checkBothSides(genesis, da(zero, one), mina(rotated, 1 << 30));
      assert.equal(late, "epoch 1 on Mina and the DA chain");
    });

    it("tells which side is behind", async () => {
      await assert.rejects(checkBothSides(genesis, da(zero), mina(rotated)), hasCode("DOCTOR_MINA_AHEAD"));
      await assert.rejects(checkBothSides(genesis, da(zero, one), mina(outer)), hasCode("DOCTOR_DA_AHEAD"));
    });

    /** A role that answers with one after another of these, and with the last from then on. */
    const role = (...answers: object[]) => {
      const infos = answers.map((answer) => ({ genesis: genesisHash(genesis), slot: 1, ...answer }));
      return async () => (infos.length > 1 ? infos.shift() : infos[0]);
    };
    const look = (ask: () => Promise<unknown>) =>
      checkEpochOf("signer 0", ask, { genesis, da: da(zero, one), pauseMs: 1 });

    it("compares each role with the DA chain, one that is a moment behind twice", async () => {
      assert.equal(await look(role({ epoch: "1" })), "epoch 1");
      assert.equal(await look(role({ epoch: null, slot: null }, { epoch: "1" })), "epoch 1");
      assert.equal(await look(role({ epoch: "1", slot: null })), "epoch 1, no member");
      await assert.rejects(look(role({ epoch: "0" })), hasCode("DOCTOR_EPOCH_DIFFERS"));
      await assert.rejects(look(role({})), hasCode("DOCTOR_EPOCH_DIFFERS"));
      const other = role({ epoch: "1", genesis: `0x${"00".repeat(32)}` });
      await assert.rejects(look(other), hasCode("DOCTOR_OTHER_DEPLOYMENT"));
    });

    it("is told its epoch by a signer and a relay that run", async () => {
      const inbox = new TestInbox(genesis);
      const { privateKey, publicKey } = validators[0]!;
      const { signer } = await startSigner({ genesis, da: inbox.reader(), privateKey });
      const named = `${publicKeyToBase58(publicKey)}=${signer.url}`;
      const { relay } = await startRelay({ genesis, da: inbox.client(), signers: [named] });
      const reader = inbox.reader();
      const rules = { genesis, da: reader, pauseMs: 2_000 };
      inbox.rotate({ ...one, members: genesis.validators.members.slice(1) });
      const seen = await checkEpochOf("signer", () => infoOf(signer.url, 3_000), rules);
      assert.equal(seen, "epoch 1, no member");
      assert.equal(await checkEpochOf("relay", () => infoOf(relay.url, 3_000), rules), "epoch 1");
    });
  });

  const refusals: [name: string, code: string, words: () => Promise<string[]>][] = [
    ["a node that is not synced", "DOCTOR_LINK_DOWN", async () => ["--doctor.l1", await mina("BOOTSTRAP")]],
    ["a chain without a height", "DOCTOR_LINK_DOWN", async () => ["--doctor.da", await chain(null)]],
    [
      "a process that is not there",
      "REMOTE_UNREACHABLE",
      async () => ["--doctor.relay", "http://127.0.0.1:1"],
    ],
    ["another service at the address", "REMOTE_STATUS", async () => ["--doctor.l1", await serving()]],
    ["nothing to look at", "DOCTOR_NOTHING_GIVEN", async () => []],
  ];
  for (const [name, code, words] of refusals)
    it(`reports ${name}`, async () => {
      const run = await cli(["doctor", ...(await words())]);
      assert.equal(run.code, exitCodes.failed);
      assert.match(run.err, new RegExp(`^code: ${code}$`, "m"));
    });
});
