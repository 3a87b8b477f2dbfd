import assert from "node:assert/strict";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { type CheckedSet, encodeRecord, openRecordStore, type RecordStore } from "../../gossip/index.ts";
import { type GraphqlL1Options, nextActionState } from "../../l1/index.ts";
import {
  codeOf,
  type GasDeployment,
  type GasDomain,
  type GasLock,
  gasDomainHash,
  gasMessage,
  MIN_GAS_LOCK,
  permissionNames,
  validatorSetHash,
  verifyFields,
} from "../../protocol/index.ts";
import { sampleKey } from "../../scripts/vectors/samples.ts";
import { sampleSet } from "../../scripts/vectors/setVectors.ts";
import {
  createMemoryLogger,
  createMetricRegister,
  type HttpReply,
  ManualClock,
  type MetricRegister,
  minaKeyPairFromBase58,
  Secret,
} from "../../service/index.ts";
import { type AttestationKey, attestationKey } from "../../signer/AttestationKey.ts";
import { GasDesk } from "../../signer/gas/GasDesk.ts";
import { GasStore, MAX_TOTALS } from "../../signer/gas/GasStore.ts";
import { GasWatch } from "../../signer/gas/GasWatch.ts";
import { gasRoutes } from "../../signer/gas/gasRoutes.ts";
import { createSignerMetrics } from "../../signer/SignerMetrics.ts";
import { hasCode } from "../support/hasCode.ts";
import { temporaryDirectory } from "../support/temporaryDirectory.ts";
import { FakeMina } from "./support/FakeMina.ts";

const MINA = 1_000_000_000n;
const ALICE = 0xa11cen;
const BOB = 0xb0bn;
const DEPTH = 3;
const gas: GasDeployment = {
  account: sampleKey("gas account").publicKey,
  verificationKeyHash: 77n,
  vault: 99n,
};
const lock = (recipient: bigint, amount: bigint): GasLock => ({ recipient, amount });

describe("counting locked MINA", () => {
  const root = temporaryDirectory();
  let stores = 0;
  let mina: FakeMina;
  let records: RecordStore;
  let store: GasStore;
  let watch: GasWatch;
  let directory: string;
  beforeEach(async () => {
    mina = await FakeMina.start(gas);
    directory = join(root, String(stores++));
    records = await openRecordStore(directory);
    store = new GasStore(records);
    watch = newWatch();
  });
  afterEach(async () => {
    await records.close();
    await mina.stop();
  });
  let register: MetricRegister;
  const newWatch = (depth = DEPTH, clock = new ManualClock(0), limits: Partial<GraphqlL1Options> = {}) => {
    register = createMetricRegister({ role: "signer" });
    return new GasWatch(
      { gas, depth, pollIntervalMs: 1_000 },
      {
        l1: mina.client(limits),
        store,
        clock,
        log: createMemoryLogger(),
        metrics: createSignerMetrics(register),
      },
    );
  };
  /** So many empty blocks, each looked at. */
  const blocks = async (count: number, fork = "") => {
    for (let i = 0; i < count; i++) {
      mina.block([], fork);
      await watch.look();
    }
  };
  const locked = async (...locks: GasLock[]) => {
    mina.block(locks);
    await watch.look();
  };

  it("counts a lock once it is deep enough, and not a block before", async () => {
    await locked(lock(ALICE, 5n * MINA));
    await blocks(DEPTH - 1);
    assert.equal(await store.total(ALICE), 0n);
    await blocks(1);
    assert.equal(await store.total(ALICE), 5n * MINA);
    const { sum, height } = await store.standing();
    assert.deepEqual({ sum, height }, { sum: 5n * MINA, height: 2 });
  });

  it("adds up each recipient's locks, also those of one block", async () => {
    await locked(lock(ALICE, 5n * MINA), lock(BOB, MIN_GAS_LOCK), lock(ALICE, 1n * MINA));
    await locked(lock(BOB, 2n * MINA));
    await blocks(DEPTH);
    await locked(lock(ALICE, 3n * MINA));
    await blocks(DEPTH);
    assert.equal(await store.total(ALICE), 9n * MINA);
    assert.equal(await store.total(BOB), 2n * MINA + MIN_GAS_LOCK);
    assert.deepEqual(await store.totals(ALICE), [5n * MINA, 6n * MINA, 9n * MINA]);
    assert.equal((await store.standing()).sum, 11n * MINA + MIN_GAS_LOCK);
  });

  it("does not count what a reorganisation takes away, and counts what comes instead", async () => {
    await blocks(1);
    await locked(lock(ALICE, 5n * MINA));
    await blocks(DEPTH - 1);
    mina.drop(DEPTH);
    mina.block([lock(BOB, 2n * MINA)], "fork");
    await watch.look();
    await blocks(DEPTH - 1, "fork");
    assert.equal(await store.total(BOB), 0n);
    await blocks(1, "fork");
    assert.equal(await store.total(ALICE), 0n);
    assert.equal(await store.total(BOB), 2n * MINA);
  });

  it("does not count what it saw before a reorganisation that it missed", async () => {
    await locked(lock(ALICE, 5n * MINA));
    mina.drop(1);
    for (let i = 0; i < 300; i++) mina.block([], "fork");
    await watch.look();
    assert.equal(await store.total(ALICE), 0n);
    assert.equal((await store.standing()).sightings.length, 1, "all that was seen before is given up");
  });

  it("does not pair a block with the locks of the next one", async () => {
    await blocks(1);
    let moved = false;
    mina.account = (account) => {
      if (moved) return account;
      moved = true;
      mina.block([lock(ALICE, 5n * MINA)]);
      return { ...account, actionState: Array(5).fill("1"), balance: { total: "0" } };
    };
    await watch.look();
    const sightings = (await store.standing()).sightings;
    assert.ok(sightings.every(({ actions }) => actions !== 1n));
    await watch.look();
    await blocks(DEPTH);
    assert.equal(await store.total(ALICE), 5n * MINA);
  });

  for (const [name, tamper] of [
    ["leaves a block out", (found) => found.slice(1)],
    ["leaves the last block out", (found) => found.slice(0, -1)],
    [
      "leaves an action out",
      (found) => found.map((block) => ({ ...block, actions: block.actions.slice(1) })),
    ],
    [
      "raises an amount",
      (found) =>
        found.map((block) => ({
          ...block,
          actions: block.actions.map(([to, amount]) => [to!, amount! * 2n]),
        })),
    ],
    [
      "names another recipient",
      (found) =>
        found.map((block) => ({ ...block, actions: block.actions.map(([, amount]) => [BOB, amount!]) })),
    ],
    ["knows nothing", () => []],
  ] as [string, FakeMina["archive"]][]) {
    it(`counts nothing while the archive ${name}, and all of it afterwards`, async () => {
      await locked(lock(ALICE, 5n * MINA), lock(ALICE, 1n * MINA));
      await locked(lock(ALICE, 2n * MINA));
      mina.archive = tamper;
      for (let i = 0; i < DEPTH - 1; i++) mina.block();
      await watch.look().catch((error) => assert.equal(codeOf(error), "L1_ACTIONS_INCOMPLETE"));
      mina.block();
      await assert.rejects(watch.look(), hasCode("L1_ACTIONS_INCOMPLETE"));
      assert.equal(await store.total(BOB), 0n);
      mina.archive = (found) => found;
      await watch.look();
      assert.equal(await store.total(ALICE), 8n * MINA);
    });
  }

  it("does not believe an archive that says a lock is older than it is", async () => {
    await blocks(4);
    mina.archive = (found) => found.map((block) => ({ ...block, height: 1 }));
    await locked(lock(ALICE, 5n * MINA));
    await blocks(DEPTH - 1);
    assert.equal(await store.total(ALICE), 0n);
    await blocks(1);
    assert.equal(await store.total(ALICE), 5n * MINA);
  });

  it("counts nothing under another verification key, with open permissions, or without an account", async () => {
    await locked(lock(ALICE, 5n * MINA));
    for (let i = 0; i < DEPTH; i++) mina.block();
    const changes: FakeMina["account"][] = [
      (account) => ({ ...account, verificationKey: { hash: "78" } }),
      (account) => ({ ...account, verificationKey: null }),
      (account) => ({
        ...account,
        permissions: { ...(account.permissions as object), editActionState: "Either" },
      }),
      () => null,
    ];
    for (const change of changes) {
      mina.account = change;
      await assert.rejects(watch.look(), hasCode("SIGNER_GAS_ACCOUNT"));
    }
    assert.equal(await store.total(ALICE), 0n);
  });

  for (const name of permissionNames)
    it(`counts nothing, and alarms, while the account has another permission ${name}`, async () => {
      const alarm = async () =>
        /^zeko_signer_gas_account_wrong\S* (\d)$/m.exec((await register.expose()).text)?.[1];
      await locked(lock(ALICE, 5n * MINA));
      for (let i = 0; i < DEPTH; i++) mina.block();
      mina.account = (account) => {
        const permissions = account.permissions as object;
        const open = name === "setVerificationKey" ? { auth: "Signature" } : "Either";
        return { ...account, permissions: { ...permissions, [name]: open } };
      };
      await assert.rejects(watch.look(), hasCode("SIGNER_GAS_ACCOUNT"));
      assert.deepEqual([await store.total(ALICE), await alarm()], [0n, "1"]);
      mina.account = (account) => account;
      await watch.look();
      assert.deepEqual([await store.total(ALICE), await alarm()], [5n * MINA, "0"]);
    });

  it("counts nothing that the account's balance does not back", async () => {
    await locked(lock(ALICE, 5n * MINA));
    for (let i = 0; i < DEPTH; i++) mina.block();
    mina.account = (account) => ({ ...account, balance: { total: (5n * MINA - 1n).toString() } });
    await assert.rejects(watch.look(), hasCode("SIGNER_GAS_UNBACKED"));
    assert.equal(await store.total(ALICE), 0n);
  });

  it("counts nothing behind an action that the contract cannot have made", async () => {
    mina.rawBlock([[0n, 5n * MINA]], 5n * MINA);
    await watch.look();
    for (let i = 0; i < DEPTH; i++) mina.block();
    await assert.rejects(watch.look(), hasCode("GAS_ACTION"));
    assert.deepEqual((await store.standing()).final, null);
  });

  it("goes on after a restart where it was", async () => {
    await locked(lock(ALICE, 5n * MINA));
    await blocks(DEPTH - 1);
    await records.close();
    records = await openRecordStore(directory);
    store = new GasStore(records);
    watch = newWatch();
    await blocks(1);
    assert.equal(await store.total(ALICE), 5n * MINA);
    await locked(lock(ALICE, 1n * MINA));
    await blocks(DEPTH);
    assert.equal(await store.total(ALICE), 6n * MINA);
  });

  it("looks by itself at each new tip, and again while the archive is not ready", async () => {
    const clock = new ManualClock(0);
    watch = newWatch(1, clock);
    /** Until it has looked and waits for the next time. */
    const looked = async () => {
      while (clock.sleeping === 0) await new Promise((resolve) => setImmediate(resolve));
    };
    const look = async () => {
      await clock.advance(1_000);
      await looked();
    };
    mina.block([lock(ALICE, 5n * MINA)]);
    await watch.start();
    await looked();
    mina.archive = () => [];
    mina.block();
    await look();
    assert.equal(await store.total(ALICE), 0n);
    mina.archive = (found) => found;
    await look();
    assert.equal(await store.total(ALICE), 5n * MINA);
    const asked = mina.questions;
    for (let i = 0; i < 3; i++) await look();
    assert.equal(mina.questions - asked, 3, "one small question a look at an unchanged tip");
    await watch.stop();
  });

  it("counts once, whatever the disk does in between", async () => {
    let broken = true;
    const flaky: RecordStore = {
      get: (key) => records.get(key),
      range: (prefix, range) => records.range(prefix, range),
      close: async () => {},
      write: async (writes) => {
        if (broken && writes.length > 1) throw new Error("disk full");
        await records.write(writes);
      },
    };
    store = new GasStore(flaky);
    watch = newWatch();
    await locked(lock(ALICE, 5n * MINA));
    await blocks(DEPTH - 1);
    mina.block();
    await assert.rejects(watch.look(), /disk full/);
    assert.equal(await store.total(ALICE), 0n);
    broken = false;
    await watch.look();
    await watch.look();
    assert.equal(await store.total(ALICE), 5n * MINA);
  });
});

describe("counting more locks than fit an answer", () => {
  const BLOCKS = 24;
  const EACH = 6;
  /** Some five blocks' locks. */
  const SMALL = { maxAnswerBytes: 8 * 1024 };
  const root = temporaryDirectory();
  let stores = 0;
  let mina: FakeMina;
  let records: RecordStore;
  let store: GasStore;
  let directory: string;
  let asked: number;
  /** Most entries in one write. */
  let largestWrite: number;
  beforeEach(async () => {
    mina = await FakeMina.start(gas);
    directory = join(root, String(stores++));
    records = await openRecordStore(directory);
    largestWrite = 0;
    for (let i = 0; i < BLOCKS; i++)
      mina.block(Array.from({ length: EACH }, (_, j) => lock(BigInt(1 + i * EACH + j), MIN_GAS_LOCK)));
  });
  afterEach(async () => {
    await records.close();
    await mina.stop();
  });
  const newWatch = (options: Partial<GraphqlL1Options> = SMALL) => {
    const counting: RecordStore = {
      get: (key) => records.get(key),
      range: (prefix, range) => records.range(prefix, range),
      close: async () => {},
      write: async (writes) => {
        largestWrite = Math.max(largestWrite, writes.length);
        await records.write(writes);
      },
    };
    store = new GasStore(counting);
    const l1 = mina.client(options);
    const counted = {
      ...{ blocks: l1.blocks.bind(l1), account: l1.account.bind(l1) },
      actions: (...args: Parameters<typeof l1.actions>) => {
        asked++;
        return l1.actions(...args);
      },
    };
    const metrics = createSignerMetrics(createMetricRegister({ role: "signer" }));
    const modules = { l1: counted, store, clock: new ManualClock(0), log: createMemoryLogger(), metrics };
    return new GasWatch({ gas, depth: DEPTH, pollIntervalMs: 1_000 }, modules);
  };
  /** Sees the tip with all locks, and then blocks that make it final. */
  const seen = async (watch: GasWatch) => {
    await watch.look();
    for (let i = 0; i < DEPTH; i++) mina.block();
  };
  const assertAll = async () => {
    assert.equal((await store.standing()).sum, BigInt(BLOCKS * EACH) * MIN_GAS_LOCK);
    for (let i = 1n; i <= BLOCKS * EACH; i++) assert.equal(await store.total(i), MIN_GAS_LOCK);
  };
  const looks = async (watch: GasWatch) => {
    let count = 1;
    for (asked = 0; !(await watch.look()); count++) {
      assert.ok(asked <= 24, `${asked} questions in one look`);
      asked = 0;
    }
    return count;
  };

  it("takes them page by page, so many in one look and one write", async () => {
    const watch = newWatch();
    await seen(watch);
    assert.ok((await looks(watch)) > 1);
    await assertAll();
    assert.ok(largestWrite <= 1 + 10 * EACH, `${largestWrite} entries in one write`);
    assert.equal(await watch.look(), true, "nothing is left");
    await assertAll();
  });

  it("goes on where a restart found it, at each look", async () => {
    await seen(newWatch());
    for (let done = false; !done; ) {
      await records.close();
      records = await openRecordStore(directory);
      done = await newWatch().look();
    }
    await assertAll();
  });

  it("counts none of a page before the way through all of them is proved", async () => {
    const watch = newWatch();
    await seen(watch);
    // True up to the last block, in which it names another recipient; its own hashes are right.
    mina.archive = (found) =>
      found.map((block) => {
        if (block.height !== BLOCKS + 1) return block;
        const actions = block.actions.map(([, amount]) => [BOB, amount!]);
        const after = actions.reduce((state, action) => nextActionState(state, [action]), block.before);
        return { ...block, actions, after };
      });
    await assert.rejects(looks(watch), hasCode("L1_ACTIONS_INCOMPLETE"));
    assert.deepEqual([(await store.standing()).sum, await store.total(1n)], [0n, 0n]);
    mina.archive = (found) => found;
    await looks(watch);
    await assertAll();
    assert.equal(await store.total(BOB), BOB <= BLOCKS * EACH ? MIN_GAS_LOCK : 0n);
  });

  it("counts none of them where the account holds less than all", async () => {
    const watch = newWatch();
    await seen(watch);
    mina.account = (account) => ({
      ...account,
      balance: { total: (BigInt(BLOCKS * EACH) * MIN_GAS_LOCK - 1n).toString() },
    });
    await assert.rejects(looks(watch), hasCode("SIGNER_GAS_UNBACKED"));
    assert.equal((await store.standing()).sum, 0n);
  });

  it("finds the way with an archive that searches fewer blocks than it is asked for, and does not say so", async () => {
    const watch = newWatch({});
    mina.archiveRange = 7;
    await seen(watch);
    for (let done = false; !done; )
      done = await watch.look().catch((error) => {
        assert.equal(codeOf(error), "L1_ACTIONS_INCOMPLETE");
        return false;
      });
    await assertAll();
  });

  it("keeps few marks of a way of many pages, and comes to its end", async () => {
    for (let i = 0; i < 280; i++) mina.block([lock(ALICE, MIN_GAS_LOCK)]);
    const watch = newWatch({});
    mina.archiveRange = 1;
    await seen(watch);
    let most = 0;
    for (let done = false; !done; ) {
      done = await watch.look().catch(() => false);
      const { walked, ahead } = await store.standing();
      most = Math.max(most, walked.length + ahead.length);
    }
    assert.equal(await store.total(ALICE), 280n * MIN_GAS_LOCK);
    assert.ok(most > 100 && most <= 257, `${most} marks`);
  });
});

describe("signing a total", () => {
  const root = temporaryDirectory();
  let stores = 0;
  const domain: GasDomain = { minaNetwork: 1n, gasKey: gas.account, daChainId: 31_337n, vault: gas.vault };
  const set = sampleSet(4);
  const names = ["validator 0", "validator 1", "validator 2", "validator 3"];
  const own = sampleKey(names[0]!);
  const slot = set.members.findIndex(({ publicKey }) => publicKey.x === own.publicKey.x);
  const key = (privateKey: string) => attestationKey(minaKeyPairFromBase58(new Secret(privateKey)));
  let records: RecordStore;
  let store: GasStore;
  beforeEach(async () => {
    records = await openRecordStore(join(root, String(stores++)));
    store = new GasStore(records);
    await store.save(await store.standing(), new Map([[ALICE, [2n * MINA, 5n * MINA]]]));
  });
  afterEach(() => records.close());
  const checked = (epoch = 0n): CheckedSet => ({
    set: { ...set, epoch },
    hash: validatorSetHash({ ...set, epoch }),
  });
  const deskOf = (signer: AttestationKey, current = () => checked()) =>
    new GasDesk(domain, { store, key: signer, sets: { current: async () => current() } });
  const ask = async (desk: GasDesk, recipient: string, total?: string) => {
    const routes = gasRoutes({ desk, store, domain, depth: DEPTH });
    const { handle } = routes.find(({ path }) => path === "/v1/gas/:recipient")!;
    const query = new URLSearchParams(total === undefined ? {} : { total });
    return (await handle({ params: { recipient }, query } as never)) as HttpReply & {
      json: Record<string, string>;
    };
  };

  it("signs what the vault will check", async () => {
    const { json } = await ask(deskOf(key(own.privateKey)), "0x00000000000000000000000000000000000A11CE");
    assert.equal(json.total, (5n * MINA).toString());
    assert.equal(json.epoch, "0");
    assert.equal(json.slot, slot);
    const message = gasMessage(checked().hash, gasDomainHash(domain), { recipient: ALICE, total: 5n * MINA });
    const signature = { r: BigInt(json.r!), s: BigInt(json.s!) };
    assert.ok(verifyFields(own.publicKey, [message], signature));
  });

  it("has nothing to sign for who has nothing locked, deep enough", async () => {
    const reply = await ask(deskOf(key(own.privateKey)), "0x0000000000000000000000000000000000000b0b");
    assert.equal(reply.status, 404);
    assert.equal((reply.json.error as unknown as { code: string }).code, "SIGNER_GAS_NONE");
  });

  it("refuses what is no address", async () => {
    for (const text of ["0x", "a11ce", `0x${"0".repeat(40)}`, `0x${"g".repeat(40)}`, `0x${"1".repeat(41)}`])
      await assert.rejects(ask(deskOf(key(own.privateKey)), text), hasCode("GAS_RECIPIENT"));
  });

  it("signs a total that a recipient had after one of its locks, and no other", async () => {
    const desk = deskOf(key(own.privateKey));
    const { total, message } = await desk.signed(ALICE, 2n * MINA);
    assert.equal(total, 2n * MINA);
    assert.equal(message, gasMessage(checked().hash, gasDomainHash(domain), { recipient: ALICE, total }));
    for (const never of [1n, 2n * MINA - 1n, 3n * MINA, 5n * MINA + 1n])
      await assert.rejects(desk.signed(ALICE, never), hasCode("SIGNER_GAS_NONE"));
    for (const text of ["0", "-1", "0x1", "1e9", "1".repeat(21), ""]) {
      const wrong = ask(desk, `0x${ALICE.toString(16).padStart(40, "0")}`, text);
      await assert.rejects(wrong, hasCode("HTTP_BAD_REQUEST"));
    }
  });

  it("remembers so many totals of a recipient, and takes a record of before", async () => {
    const many = Array.from({ length: MAX_TOTALS + 3 }, (_, i) => BigInt(6 + i) * MINA);
    await store.save(await store.standing(), new Map([[ALICE, many]]));
    assert.deepEqual(await store.totals(ALICE), many.slice(3));
    await records.write([[`gas/total/${BOB.toString(16).padStart(40, "0")}`, encodeRecord(7n)]]);
    assert.deepEqual([await store.total(BOB), await store.totals(BOB)], [7n, [7n]]);
  });

  it("does not sign as a stranger", async () => {
    await assert.rejects(
      deskOf(key(sampleKey("stranger").privateKey)).signed(ALICE),
      hasCode("SIGNER_NO_MEMBER"),
    );
  });

  it("signs once for all who ask, anew for a new total and a new epoch", async () => {
    let signatures = 0;
    let epoch = 0n;
    const real = key(own.privateKey);
    const counting: AttestationKey = {
      ...real,
      sign: (fields) => {
        signatures++;
        return real.sign(fields);
      },
    };
    const desk = deskOf(counting, () => checked(epoch));
    const first = await desk.signed(ALICE);
    assert.deepEqual(await desk.signed(ALICE), first);
    assert.equal(signatures, 1);
    epoch = 1n;
    assert.notEqual((await desk.signed(ALICE)).message, first.message);
    await store.save(await store.standing(), new Map([[ALICE, [6n * MINA]]]));
    assert.equal((await desk.signed(ALICE)).total, 6n * MINA);
    assert.equal(signatures, 3);
  });

  it("tells how far it has counted", async () => {
    const [status] = gasRoutes({ desk: deskOf(key(own.privateKey)), store, domain, depth: DEPTH });
    const { json } = (await status!.handle({} as never)) as { json: Record<string, unknown> };
    assert.deepEqual([json.depth, json.countedAt, json.seenAt, json.sum], [DEPTH, 0, null, "0"]);
  });
});
