import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { deployTransaction, signTransaction } from "../../circuits/index.ts";
import { genesisSnapshot } from "../../ledger/index.ts";
import { allocated, NONCE_BASE, outerAtGenesis, publicKeyToBase58 } from "../../protocol/index.ts";
import { type TestDevnet, withDevnet } from "../l1/devnetProcess.ts";
import { transfer } from "../ledger/support/commands.ts";
import { devnetCommit } from "./support/devnetCommit.ts";
import { FakeProver } from "./support/FakeProver.ts";
import { TestRollup } from "./support/TestRollup.ts";
import { alice, bob, MINA, outerKey, sequencerKey } from "./support/testDeployment.ts";
import { accepted, batch, closeBatch, reached, until } from "./support/userCalls.ts";

const sequencerAddress = publicKeyToBase58(sequencerKey.publicKey);

/** Brings the outer account of the rollup's genesis to the devnet. */
async function deploy(devnet: TestDevnet, { genesis }: TestRollup): Promise<void> {
  const spare = 100n * MINA;
  await devnet.command("fund", {
    publicKey: sequencerAddress,
    amount: (allocated(genesis) + spare).toString(),
  });
  await devnet.slot();
  const payer = await devnet.client.account(sequencerAddress);
  const open = await deployTransaction({
    outerKey: publicKeyToBase58(genesis.outerKey),
    allocated: allocated(genesis),
    state: outerAtGenesis(genesis, genesisSnapshot(genesis).state),
    feePayer: { publicKey: sequencerAddress, fee: MINA, nonce: BigInt(payer!.nonce) },
  });
  const keys = { feePayer: sequencerKey.privateKey, others: [outerKey.privateKey] };
  await devnet.client.send(JSON.parse(signTransaction(open, keys, "devnet")));
  await devnet.slot();
}

describe("a sequencer on the L1 devnet", () => {
  it("settles, and settles again with the same commit what a reorganisation dropped", async () => {
    await withDevnet(
      async (devnet) => {
        const rollup = new TestRollup();
        await deploy(devnet, rollup);
        const prover = new FakeProver(devnetCommit);
        const sequencer = await rollup.start({}, { l1: devnet.client, prover: prover.prover() });
        const { url } = sequencer;
        for (const nonce of [NONCE_BASE, NONCE_BASE + 1n]) {
          await accepted(url, transfer({ from: alice, to: bob.publicKey, amount: 1n, nonce, fee: MINA }));
          const { number } = await closeBatch(url);
          await reached(url, Number(number), "sent");
          await devnet.slot();
          await reached(url, Number(number), "accepted");
        }
        const before = [await batch(url, 1), await batch(url, 2)];
        // The last two blocks held the two commits.
        const answer = await devnet.command("reorg", { depth: 2 });
        assert.equal(answer.status, 200, JSON.stringify(answer.json));
        await until(
          async () => {
            await devnet.slot();
            return [await batch(url, 1), await batch(url, 2)];
          },
          (now) =>
            now.every(({ step }) => step === "accepted" || step === "final") && placeMoved(now, before),
        );
        const after = [await batch(url, 1), await batch(url, 2)];
        assert.deepEqual(
          after.map(({ commit }) => commit?.hash),
          before.map(({ commit }) => commit?.hash),
        );
        assert.equal(prover.made.filter((name) => name.startsWith("commit")).length, 2);
        await sequencer.stop();
      },
      { "devnet.check-proofs": false },
    );
  });
});

/** Whether each is on L1, in another block. None is on the chain while a reorganisation is being looked at. */
function placeMoved(now: readonly unknown[], before: readonly unknown[]): boolean {
  const hash = (view: unknown) => (view as { accepted: { hash: string } | null }).accepted?.hash;
  return now.every((view, i) => hash(view) !== undefined && hash(view) !== hash(before[i]));
}
