import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { certificateFromJson, verifyCertificate } from "../../protocol/index.ts";
import { relayCrashPoints } from "../../relay/index.ts";
import { requestJson } from "../../service/index.ts";
import { kill, killed, startProcess, upOrKilled } from "../signer/support/crashingProcess.ts";
import { until } from "../signer/support/startSigner.ts";
import { startTestDevnet } from "../signer/support/testDevnet.ts";
import { testChain } from "../signer/support/testRollup.ts";
import { temporaryDirectory } from "../support/temporaryDirectory.ts";
import type { RelayProcessConfig } from "./support/relayProcess.ts";
import { answerOf, attest, startAnswering } from "./support/testValidator.ts";

const script = new URL("./support/relayProcess.ts", import.meta.url);

describe("relay, killed with −9", { timeout: 300_000 }, () => {
  it("at every step of a batch, goes on to one certificate in the inbox", async () => {
    const devnet = await startTestDevnet(4);
    const { genesis, validators, url, addresses, client } = devnet;
    const chain = testChain(genesis, 2);
    const word = (slot: number, id: string) =>
      answerOf(attest(genesis, validators[slot]!, slot, chain.find((batch) => batch.id === id)!));
    const signers = await Promise.all(
      [0, 1, 3].map((slot) => startAnswering(validators[slot]!, (id) => word(slot, id))),
    );
    const config: RelayProcessConfig = { url, addresses, genesis, directory: temporaryDirectory(), signers };
    await devnet.post(chain[0]!);
    // Each life ends one write later than the one before it, so each continues what the last one left.
    for (const crashAt of relayCrashPoints) {
      const child = startProcess(script, { ...config, crashAt });
      after(() => kill(child));
      assert.equal(await killed(child), "SIGKILL", crashAt);
    }
    const child = startProcess(script, config);
    after(() => kill(child));
    const { url: http } = (await upOrKilled(child))!;
    await devnet.post(chain[1]!);
    for (const { id } of chain) {
      const ask = async (path: string) =>
        (await requestJson({ url: `${http}/v1/batches/${id}${path}` })) as { stage?: string };
      await until(
        () => ask("").catch(() => ({ stage: "" })),
        ({ stage }) => stage === "proved",
      );
      assert.equal(verifyCertificate(certificateFromJson(await ask("/certificate")), genesis.validators), 3n);
      const recorded = await client.certificateOf(id, 0n);
      assert.deepEqual(
        recorded?.attestations.map(({ slot }) => slot),
        [0, 1, 3],
      );
    }
    const { events } = await client.events(0);
    const records = events.filter(({ kind }) => kind === "CertificateRecorded");
    assert.deepEqual(
      records.map(({ batch }) => batch),
      chain.map(({ id }) => id),
    );
    await kill(child);
  });
});
