import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  emptyActionState,
  type MinaCommandJson,
  nextActionState,
  signCommand,
  testAccounts,
} from "../../l1/index.ts";
import { type TestDevnet, withDevnet } from "./devnetProcess.ts";
import { post } from "./graphqlServer.ts";
import { transferCommand } from "./transferCommand.ts";

const [alice, bob] = testAccounts(2) as [{ publicKey: string; privateKey: string }, { publicKey: string }];

interface Emission {
  readonly actions?: readonly (readonly number[])[];
  readonly events?: readonly (readonly number[])[];
}

/** A command of alice in which each update of hers emits something. */
function emitting(nonce: number, emissions: readonly Emission[], amount = 1n): MinaCommandJson {
  const updates = emissions.map(() => undefined);
  const command = transferCommand({
    from: alice,
    to: bob.publicKey,
    amount,
    nonce,
    updates: ([payer, receiver]) => [
      payer!,
      ...updates.slice(1).map(() => ({ ...payer!, balanceChange: 0n })),
      receiver!,
    ],
  });
  for (const [i, { actions = [], events = [] }] of emissions.entries()) {
    const texts = (lists: readonly (readonly number[])[]) => lists.map((list) => list.map(String));
    Object.assign(command.accountUpdates[i]!.body, { actions: texts(actions), events: texts(events) });
  }
  return signCommand(command, { privateKey: alice.privateKey, fee: 100_000_000n, nonce, validUntil: null });
}
const failing = (nonce: number, emission: Emission) => emitting(nonce, [emission], 5_000_000_000_000n);

/** Three blocks: two commands of three updates, one failed command, one more with actions. */
async function history(devnet: TestDevnet): Promise<void> {
  await devnet.client.send(
    emitting(0, [{ actions: [[1], [2, 2]] }, { actions: [[3]], events: [[30], [31]] }]),
  );
  await devnet.client.send(emitting(1, [{ actions: [[4]], events: [[40]] }]));
  await devnet.slot();
  await devnet.client.send(failing(2, { actions: [[9]], events: [[90]] }));
  await devnet.slot();
  await devnet.client.send(emitting(3, [{ actions: [[5]] }]));
  await devnet.slot();
}
const states = (() => {
  const lists = [[[1n], [2n, 2n]], [[3n]], [[4n]], [[5n]]];
  let state = emptyActionState;
  return lists.map((list) => (state = nextActionState(state, list)));
})() as [bigint, bigint, bigint, bigint];

async function archive<T>({ role }: TestDevnet, query: string): Promise<T> {
  const { answer } = await post(role.graphqlUrl, { query });
  assert.equal(answer.errors, undefined, JSON.stringify(answer.errors));
  return answer.data as T;
}

describe("devnet archive", () => {
  it("keeps actions by block and update, without those of failed commands", () =>
    withDevnet(async (devnet) => {
      await history(devnet);
      const blocks = await devnet.client.actions(alice.publicKey, { to: states[3] });
      assert.deepEqual(
        blocks.map(({ height, before, after, updates }) => [
          height,
          before,
          after,
          updates.map(({ actions }) => actions),
        ]),
        [
          [2, emptyActionState, states[2], [[[1n], [2n, 2n]], [[3n]], [[4n]]]],
          [4, states[2], states[3], [[[5n]]]],
        ],
      );
      const account = await devnet.client.account(alice.publicKey);
      assert.deepEqual(account?.zkapp?.actionState.slice(0, 2), [states[3], states[2]]);
    }));

  it("answers ranges between the ends of blocks, and by height", () =>
    withDevnet(async (devnet) => {
      await history(devnet);
      const heights = async (range: object) =>
        (await devnet.client.actions(alice.publicKey, range)).map(({ height }) => height);
      assert.deepEqual(await heights({ to: states[2] }), [2]);
      assert.deepEqual(await heights({ from: states[2], to: states[3] }), [4]);
      assert.deepEqual(await heights({ from: states[3] }), []);
      assert.deepEqual(await heights({ from: states[2], fromHeight: 3 }), [4]);
      assert.deepEqual(await heights({ from: states[2], fromHeight: 3, toHeight: 4 }), []);
      assert.deepEqual(await heights({ fromHeight: 1, toHeight: 4 }), [2]);
      await assert.rejects(heights({ from: states[0], to: states[3] }), { code: "L1_ACTIONS_INCOMPLETE" });
      const input = (rest: string) =>
        `{ actions(input: { address: "${alice.publicKey}"${rest} }) { blockInfo { height } } }`;
      const raw = async (rest: string) =>
        (await archive<{ actions: { blockInfo: { height: number } }[] }>(devnet, input(rest))).actions.map(
          (b) => b.blockInfo.height,
        );
      assert.deepEqual(await raw(""), [2, 4]);
      assert.deepEqual(await raw(", from: 2, to: 4"), [2]);
      assert.deepEqual(await raw(`, endActionState: "${states[2]}"`), [2]);
      assert.deepEqual(await raw(', fromActionState: "12345"'), []);
    }));

  it("keeps events with their transactions", () =>
    withDevnet(async (devnet) => {
      await history(devnet);
      const query = `{ events(input: { address: "${alice.publicKey}" }) {
        blockInfo { height distanceFromMaxBlockHeight } eventData { data transactionInfo { status sequenceNumber } } } }`;
      const at = (sequenceNumber: number) => ({ status: "applied", sequenceNumber });
      assert.deepEqual(await archive(devnet, query), {
        events: [
          {
            blockInfo: { height: 2, distanceFromMaxBlockHeight: 2 },
            eventData: [
              { data: ["30"], transactionInfo: at(0) },
              { data: ["31"], transactionInfo: at(0) },
              { data: ["40"], transactionInfo: at(1) },
            ],
          },
        ],
      });
    }));

  it("forgets what a reorganisation dropped, and keeps the rest over a restart", () =>
    withDevnet(async (devnet) => {
      await history(devnet);
      await devnet.command("reorg", { depth: 1 });
      const before = await devnet.client.actions(alice.publicKey, { to: states[2] });
      await devnet.restart();
      assert.deepEqual(await devnet.client.actions(alice.publicKey, { to: states[2] }), before);
      await devnet.client.send(emitting(3, [{ actions: [[5]] }]));
      await devnet.slot();
      assert.equal((await devnet.client.actions(alice.publicKey, { to: states[3] })).length, 2);
    }));

  it("moves the window of action states once a slot, as Mina does", () =>
    withDevnet(async (devnet) => {
      await devnet.client.send(emitting(0, [{ actions: [[1], [2, 2]] }]));
      await devnet.client.send(emitting(1, [{ actions: [[3]] }]));
      await devnet.slot();
      const { zkapp } = (await devnet.client.account(alice.publicKey))!;
      assert.deepEqual(zkapp?.actionState, [states[1], ...Array(4).fill(emptyActionState)]);
    }));
});
