import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  type L1Error,
  type MinaCommandJson,
  sendSigned,
  signCommand,
  testAccount,
  testAccounts,
} from "../../l1/index.ts";
import { SLOT_MS, type TestDevnet, withDevnet } from "./devnetProcess.ts";
import { transferCommand } from "./transferCommand.ts";

const MINA = 1_000_000_000n;
const [alice, bob, carol] = testAccounts(3) as [TestKeys, TestKeys, TestKeys];
type TestKeys = { readonly publicKey: string; readonly privateKey: string };
const stranger = testAccount("stranger");

const pay = (nonce: number, more: Partial<Parameters<typeof transferCommand>[0]> = {}) =>
  transferCommand({ from: alice, to: bob.publicKey, amount: MINA, nonce, ...more });
/** What no account holds, so that the command fails in its block. */
const overspend = (nonce: number) => pay(nonce, { amount: 5_000n * MINA });

async function refusal(devnet: TestDevnet, command: MinaCommandJson): Promise<string> {
  const before = await devnet.state();
  try {
    await devnet.client.send(command);
  } catch (error) {
    assert.deepEqual(await devnet.state(), before);
    const { code, data } = error as L1Error;
    return code === "L1_COMMAND_REFUSED" ? (data as { code: string }).code : code;
  }
  return "accepted";
}

describe("devnet blocks", () => {
  it("puts a command into the next slot's block", () =>
    withDevnet(async (devnet) => {
      const { client } = devnet;
      const hash = await client.send(pay(0));
      assert.equal((await client.status(hash)).kind, "pending");
      assert.equal((await client.account(bob.publicKey))?.balance, 1_000n * MINA);
      await devnet.slot();
      const status = await client.status(hash);
      assert.ok(status.kind === "included");
      assert.deepEqual([status.block.height, status.block.slot, status.depth], [2, 1, 0]);
      assert.equal((await client.account(bob.publicKey))?.balance, 1_001n * MINA);
      const paid = await client.account(alice.publicKey);
      assert.deepEqual([paid?.balance, paid?.nonce], [999n * MINA - 100_000_000n, 1]);
    }));

  it("makes one block a slot, in order of nonces, and none without need", () =>
    withDevnet(async (devnet) => {
      for (const nonce of [0, 1, 2]) await devnet.client.send(pay(nonce));
      await devnet.slot();
      await devnet.slot();
      const blocks = await devnet.client.blocks(10);
      assert.deepEqual(
        blocks.map(({ height, slot, commands }) => [height, slot, commands.length]),
        [
          [1, 0, 0],
          [2, 1, 3],
        ],
      );
      assert.equal(blocks[1]!.previousStateHash, blocks[0]!.stateHash);
    }));

  it("makes empty blocks on schedule", () =>
    withDevnet(
      async (devnet) => {
        for (let i = 0; i < 7; i++) await devnet.slot();
        assert.deepEqual(
          (await devnet.client.blocks(10)).map(({ slot }) => slot),
          [0, 3, 6],
        );
      },
      { "devnet.empty-block-slots": 3 },
    ));

  it("keeps a failed command in its block, with fee and nonce taken", () =>
    withDevnet(async (devnet) => {
      const hash = await devnet.client.send(overspend(0));
      await devnet.slot();
      const status = await devnet.client.status(hash);
      assert.ok(status.kind === "failed");
      assert.ok(status.failures.includes("Overflow"), status.failures.join());
      const account = await devnet.client.account(alice.publicKey);
      assert.deepEqual([account?.nonce, account?.balance], [1, 1_000n * MINA - 100_000_000n]);
    }));

  it("drops from the pool what expired while it waited", () =>
    withDevnet(async (devnet) => {
      const hash = await devnet.client.send(pay(0, { validUntil: 3 }));
      await devnet.command("slot", { advance: 10 });
      assert.equal((await devnet.client.status(hash)).kind, "unknown");
      assert.equal((await devnet.client.account(alice.publicKey))?.nonce, 0);
    }));

  it("checks slots of preconditions against the block's slot", () =>
    withDevnet(async (devnet) => {
      const within = (lower: bigint, upper: bigint) => (nonce: number) =>
        pay(nonce, {
          updates: (updates) => updates.map((u, i) => (i === 0 ? { ...u, validWhile: { lower, upper } } : u)),
        });
      const early = await devnet.client.send(within(50n, 60n)(0));
      await devnet.slot();
      assert.equal((await devnet.client.status(early)).kind, "failed");
      const timely = await devnet.client.send(within(50n, 60n)(1));
      await devnet.command("slot", { slot: 55 });
      const status = await devnet.client.status(timely);
      assert.ok(status.kind === "included");
      assert.equal(status.block.slot, 55);
    }));
});

describe("devnet pool", () => {
  const cases: readonly [what: string, command: MinaCommandJson, code: string][] = [
    ["a nonce that is used", pay(0), "L1_NONCE_STALE"],
    ["a nonce that leaves a gap", pay(3), "L1_NONCE_STALE"],
    ["a fee below Mina's least", pay(1, { fee: 999_999n }), "DEVNET_FEE_TOO_LOW"],
    ["a fee that the payer has not", pay(1, { fee: 2_000n * MINA }), "DEVNET_BALANCE_TOO_LOW"],
    ["a payer that does not exist", pay(0, { from: stranger }), "DEVNET_BALANCE_TOO_LOW"],
    ["a validity that is over", pay(1, { validUntil: 0 }), "DEVNET_EXPIRED"],
    [
      "another network's signature",
      signCommand(pay(1), {
        privateKey: alice.privateKey,
        fee: MINA,
        nonce: 1,
        validUntil: null,
        network: "mainnet",
      }),
      "DEVNET_SIGNATURE_INVALID",
    ],
    [
      "a changed amount",
      edited((c) => Object.assign(c.accountUpdates[1]!.body.balanceChange, { magnitude: "2000000000" })),
      "DEVNET_SIGNATURE_INVALID",
    ],
    [
      "a missing signature",
      edited((c) => Object.assign(c.accountUpdates[0]!.authorization, { signature: null })),
      "DEVNET_COMMAND_MALFORMED",
    ],
    [
      "a proof that nobody announced",
      edited((c) => Object.assign(c.accountUpdates[1]!.authorization, { proof: "AAAA" })),
      "DEVNET_COMMAND_MALFORMED",
    ],
    [
      "a child without a parent",
      edited((c) => Object.assign(c.accountUpdates[0]!.body, { callDepth: 1 })),
      "DEVNET_COMMAND_MALFORMED",
    ],
    [
      "a token of a parent at the top",
      edited((c) => Object.assign(c.accountUpdates[1]!.body.mayUseToken, { inheritFromParent: true })),
      "DEVNET_COMMAND_MALFORMED",
    ],
    [
      "seven state fields",
      edited((c) => c.accountUpdates[0]!.body.update.appState.pop()),
      "DEVNET_COMMAND_MALFORMED",
    ],
    [
      "more actions than Mina takes",
      edited((c) => Object.assign(c.accountUpdates[0]!.body, { actions: Array(101).fill(["1"]) })),
      "DEVNET_COMMAND_TOO_COSTLY",
    ],
    [
      "more updates than a block can prove",
      pay(1, { updates: (updates) => [...updates, ...Array(12).fill(updates[1])] }),
      "DEVNET_COMMAND_TOO_COSTLY",
    ],
  ];
  function edited(edit: (command: MinaCommandJson) => unknown): MinaCommandJson {
    const command = structuredClone(pay(1));
    edit(command);
    return command;
  }

  it("refuses, with a code and without a trace, what a node would", () =>
    withDevnet(async (devnet) => {
      await devnet.client.send(pay(0));
      await devnet.slot();
      // A fresh copy of nonce 0, as the very same command would only be known already.
      for (const [what, command, code] of cases) {
        const used = code === "L1_NONCE_STALE" && what.includes("used") ? pay(0, { amount: 2n }) : command;
        assert.equal(await refusal(devnet, used), code, what);
      }
      assert.equal(await refusal(devnet, pay(1)), "accepted");
    }));

  it("takes the same command again without an error or an effect", () =>
    withDevnet(async (devnet) => {
      const hash = await devnet.client.send(pay(0));
      assert.equal(await devnet.client.send(pay(0)), hash);
      await devnet.slot();
      assert.equal(await devnet.client.send(pay(0)), hash);
      await devnet.slot();
      assert.equal((await devnet.client.account(alice.publicKey))?.nonce, 1);
    }));

  it("replaces a waiting command only by one that pays for both", () =>
    withDevnet(async (devnet) => {
      const first = await devnet.client.send(pay(0, { fee: 10_000_000n }));
      assert.equal(await refusal(devnet, pay(0, { fee: 10_999_999n })), "DEVNET_REPLACEMENT_TOO_CHEAP");
      const second = await devnet.client.send(pay(0, { fee: 11_000_000n }));
      await devnet.slot();
      assert.equal((await devnet.client.status(first)).kind, "unknown");
      assert.equal((await devnet.client.status(second)).kind, "included");
    }));

  it("bounds what one sender may have waiting, in number and in fees", () =>
    withDevnet(async (devnet) => {
      await devnet.client.send(pay(0, { fee: 600n * MINA }));
      assert.equal(await refusal(devnet, pay(1, { fee: 600n * MINA })), "DEVNET_BALANCE_TOO_LOW");
    }));

  it("takes the better payer first", () =>
    withDevnet(async (devnet) => {
      const cheap = await devnet.client.send(pay(0, { fee: 10_000_000n }));
      const dear = await devnet.client.send(pay(0, { from: carol, fee: 20_000_000n }));
      await devnet.slot();
      assert.deepEqual(
        (await devnet.client.head()).commands.map(({ hash }) => hash),
        [dear, cheap],
      );
    }));
});

describe("devnet reorganisation", () => {
  it("drops the last blocks with their commands and never reuses a slot", () =>
    withDevnet(async (devnet) => {
      const hashes = [];
      for (const nonce of [0, 1, 2]) {
        hashes.push(await devnet.client.send(pay(nonce)));
        await devnet.slot();
      }
      const { json } = await devnet.command("reorg", { depth: 2 });
      assert.equal(json.tip?.height, 2);
      const kinds = await Promise.all(hashes.map(async (hash) => (await devnet.client.status(hash)).kind));
      assert.deepEqual(kinds, ["included", "unknown", "unknown"]);
      assert.equal((await devnet.client.account(alice.publicKey))?.nonce, 1);
      await devnet.client.send(pay(1));
      await devnet.command("reorg", { depth: 1 }); // before the slot passes, so that slot 1 would be free again by height
      assert.equal((await devnet.state()).tip.height, 1);
      await devnet.client.send(pay(0));
      await devnet.slot();
      assert.deepEqual([(await devnet.state()).tip.height, (await devnet.state()).tip.slot], [2, 4]);
    }));

  it("takes a dropped command back when it is sent again", () =>
    withDevnet(async (devnet) => {
      const hash = await devnet.client.send(pay(0));
      await devnet.slot();
      const before = await devnet.client.head();
      await devnet.command("reorg", { depth: 1 });
      assert.equal(await devnet.client.send(pay(0)), hash);
      await devnet.slot();
      const after = await devnet.client.head();
      assert.equal((await devnet.client.status(hash)).kind, "included");
      assert.equal(after.height, before.height);
      assert.notEqual(after.stateHash, before.stateHash);
    }));

  it("replays failed commands too", () =>
    withDevnet(async (devnet) => {
      await devnet.client.send(overspend(0));
      await devnet.slot();
      await devnet.client.send(pay(1));
      await devnet.slot();
      await devnet.command("reorg", { depth: 1 });
      assert.equal((await devnet.client.account(alice.publicKey))?.nonce, 1);
    }));

  it("empties the pool of what no longer follows", () =>
    withDevnet(async (devnet) => {
      await devnet.client.send(pay(0));
      await devnet.slot();
      const waiting = await devnet.client.send(pay(1));
      const fitting = await devnet.client.send(pay(0, { from: carol }));
      await devnet.command("reorg", { depth: 1 });
      assert.equal((await devnet.client.status(waiting)).kind, "unknown");
      assert.equal((await devnet.client.status(fitting)).kind, "pending");
    }));

  it("refuses to drop genesis", () =>
    withDevnet(async (devnet) => {
      const { status, json } = await devnet.command("reorg", { depth: 1 });
      assert.deepEqual([status, json.error?.code], [400, "DEVNET_REORG_TOO_DEEP"]);
    }));
});

describe("devnet commands", () => {
  it("funds accounts, new ones and known ones", () =>
    withDevnet(async (devnet) => {
      const fund = (amount: string) => devnet.command("fund", { publicKey: stranger.publicKey, amount });
      await Promise.all([fund("5000000000"), fund("7")]);
      await devnet.slot();
      const once = (await devnet.client.account(stranger.publicKey))?.balance;
      await fund("3");
      await devnet.slot();
      assert.equal((await devnet.client.account(stranger.publicKey))?.balance, once! + 3n);
    }));

  it("moves the clock forward only", () =>
    withDevnet(async (devnet) => {
      const { json } = await devnet.command("slot", { slot: 100 });
      assert.equal(json.slot, 100);
      const back = await devnet.command("slot", { slot: 100 });
      assert.deepEqual([back.status, back.json.error?.code], [400, "DEVNET_REQUEST_MALFORMED"]);
      assert.equal(await devnet.client.currentSlot(), 100);
      const { genesisTimestampMs, slotDurationMs } = await devnet.client.network();
      assert.equal(Math.floor((devnet.clock.now() - genesisTimestampMs) / slotDurationMs), 100);
    }));

  it("refuses malformed requests and changes nothing", () =>
    withDevnet(async (devnet) => {
      const before = await devnet.state();
      const bodies: readonly ["slot" | "reorg" | "fund", unknown][] = [
        ["slot", {}],
        ["slot", { advance: 0 }],
        ["slot", { advance: 1.5 }],
        ["slot", { advance: 1e9 }],
        ["slot", { advance: 1, slot: 2 }],
        ["slot", null],
        ["reorg", { depth: 0 }],
        ["reorg", { depth: "1" }],
        ["reorg", { depth: 1, extra: 1 }],
        ["fund", { publicKey: stranger.publicKey }],
        ["fund", { publicKey: "B62q", amount: "1" }],
        ["fund", { publicKey: stranger.publicKey, amount: 1 }],
        ["fund", { publicKey: stranger.publicKey, amount: "0" }],
        ["fund", { publicKey: stranger.publicKey, amount: "1000000000000001" }],
      ];
      for (const [path, body] of bodies) {
        const { status, json } = await devnet.command(path, body);
        assert.deepEqual([status, json.error?.code], [400, "DEVNET_REQUEST_MALFORMED"], JSON.stringify(body));
      }
      assert.deepEqual(await devnet.state(), before);
    }));
});

describe("devnet restart", () => {
  it("keeps chain, accounts, used slots and the moved clock", () =>
    withDevnet(async (devnet) => {
      await devnet.client.send(overspend(0));
      await devnet.slot();
      await devnet.client.send(pay(1));
      await devnet.command("slot", { advance: 40 });
      await devnet.client.send(pay(2));
      await devnet.slot();
      await devnet.command("reorg", { depth: 1 });
      const before = [
        await devnet.state(),
        await devnet.client.blocks(10),
        await devnet.client.account(alice.publicKey),
      ];
      await devnet.restart();
      const after = [
        await devnet.state(),
        await devnet.client.blocks(10),
        await devnet.client.account(alice.publicKey),
      ];
      assert.deepEqual(after, before);
      await devnet.client.send(pay(2));
      await devnet.slot();
      assert.equal((await devnet.state()).tip.slot, (before[0] as { slot: number }).slot + 1);
    }));

  it("refuses a chain that began otherwise", () =>
    withDevnet(async (devnet) => {
      const otherwise = { code: "DEVNET_GENESIS_CHANGED" };
      await assert.rejects(devnet.restart({ "devnet.slot-duration-ms": SLOT_MS + 1 }), otherwise);
      await assert.rejects(devnet.restart({ "devnet.accounts": 2 }), otherwise);
      await devnet.restart();
    }));

  it("holds its data directory alone", () =>
    withDevnet(async (devnet) => {
      await assert.rejects(
        withDevnet(async () => {}, { dataDirectory: devnet.directory }),
        {
          code: "DATA_DIRECTORY_LOCKED",
        },
      );
    }));
});

describe("sendSigned", () => {
  it("signs with the next nonce, also behind commands that wait", () =>
    withDevnet(async (devnet) => {
      const unsigned = pay(77);
      const payment = { privateKey: alice.privateKey, fee: 10_000_000n, validUntil: null };
      const send = () =>
        sendSigned(devnet.client, { command: unsigned, payment, publicKey: alice.publicKey });
      const sent = [await send(), await send()];
      await devnet.slot();
      for (const { hash } of sent) assert.equal((await devnet.client.status(hash)).kind, "included");
      assert.equal((await devnet.client.account(alice.publicKey))?.nonce, 2);
    }));

  it("tries a fresh nonce when another took it, and shows each command before it goes out", () =>
    withDevnet(async (devnet) => {
      const shown: string[] = [];
      let rival = true;
      const beforeSend = async ({ feePayer }: MinaCommandJson) => {
        shown.push(feePayer.body.nonce);
        if (rival) await devnet.client.send(pay(0));
        await devnet.slot();
        rival = false;
      };
      const payment = { privateKey: alice.privateKey, fee: 10_000_000n, validUntil: null };
      const options = { command: pay(0, { amount: 3n }), payment, publicKey: alice.publicKey, beforeSend };
      const { hash } = await sendSigned(devnet.client, options);
      await devnet.slot();
      assert.deepEqual(shown, ["0", "1"]);
      assert.equal((await devnet.client.status(hash)).kind, "included");
    }));

  it("refuses to pay from an account that does not exist", () =>
    withDevnet(async (devnet) => {
      const payment = { privateKey: stranger.privateKey, fee: 10_000_000n, validUntil: null };
      await assert.rejects(
        sendSigned(devnet.client, { command: pay(0), payment, publicKey: stranger.publicKey }),
        { code: "L1_ACCOUNT_MISSING" },
      );
    }));
});

describe("signCommand", () => {
  it("refuses to change the payer under another key's signature, unless that key signs again", () => {
    const command = pay(0);
    const payment = { privateKey: bob.privateKey, fee: MINA, nonce: 0, validUntil: null };
    assert.throws(() => signCommand(command, payment), { code: "L1_FOREIGN_SIGNATURE" });
    const again = signCommand(command, { ...payment, cosigners: [alice.privateKey] });
    assert.equal(again.feePayer.body.publicKey, bob.publicKey);
    assert.notEqual(
      again.accountUpdates[0]!.authorization.signature,
      command.accountUpdates[0]!.authorization.signature,
    );
  });
});
