import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { certificateFromJson, verifyCertificate } from "../../protocol/index.ts";
import { startRelay } from "../relay/support/startRelay.ts";
import { startSigner, until } from "./support/startSigner.ts";
import { readerOf, startTestDevnet } from "./support/testDevnet.ts";
import { testChain } from "./support/testRollup.ts";

describe("signers and relay on a real DA chain", { timeout: 180_000 }, () => {
  it("bring each posted batch to a certificate that the contract takes", async () => {
    const devnet = await startTestDevnet(4);
    const { genesis, validators } = devnet;
    const relay = await startRelay({ genesis, da: devnet.client, askAfterMs: 200 });
    const peers = relay.relay.peerAddresses;
    const signers = [];
    // The fourth is down: three of four make a quorum.
    for (const { privateKey } of validators.slice(0, 3))
      signers.push(await startSigner({ genesis, da: await readerOf(devnet), privateKey, peers }));
    const chain = testChain(genesis, 3);
    for (const batch of chain) await devnet.post(batch);
    for (const { id } of chain) {
      await until(
        () => relay.get(`/v1/batches/${id}`).catch(() => ({ stage: "" })),
        ({ stage }) => stage === "proved",
      );
      const certificate = certificateFromJson(await relay.get(`/v1/batches/${id}/certificate`));
      assert.equal(verifyCertificate(certificate, genesis.validators), 3n);
      const recorded = await devnet.client.certificateOf(id, 0n);
      assert.deepEqual(
        recorded?.attestations.map(({ slot }) => slot),
        [0, 1, 2],
      );
    }
    const late = await startSigner({
      genesis,
      da: await readerOf(devnet),
      privateKey: validators[3]!.privateKey,
      peers,
    });
    await until(
      () => late.get("/v1/state"),
      ({ tip }) => (tip as { number: string }).number === "3",
    );
    const [mine, first] = await Promise.all([late.get("/v1/state"), signers[0]!.get("/v1/state")]);
    assert.deepEqual(mine.tip, first.tip);
  });
});
