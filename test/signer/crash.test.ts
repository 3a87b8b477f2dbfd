import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import type { SignedAttestation } from "../../gossip/index.ts";
import { requestBytes, requestJson } from "../../service/index.ts";
import { signerCrashPoints } from "../../signer/index.ts";
import { attest, startVoice } from "../relay/support/testValidator.ts";
import { temporaryDirectory } from "../support/temporaryDirectory.ts";
import { kill, killed, startProcess, upOrKilled } from "./support/crashingProcess.ts";
import type { SignerProcessConfig } from "./support/signerProcess.ts";
import { until } from "./support/startSigner.ts";
import { startTestDevnet } from "./support/testDevnet.ts";
import { testChain } from "./support/testRollup.ts";

const script = new URL("./support/signerProcess.ts", import.meta.url);

describe("signer, killed with −9", { timeout: 300_000 }, () => {
  it("at every step of a batch, goes on and never says two things", async () => {
    const devnet = await startTestDevnet(4);
    const { genesis, validators, url, addresses } = devnet;
    const [batch, next] = testChain(genesis, 2);
    const heard: SignedAttestation[] = [];
    const listener = await startVoice(genesis, validators[3]!, [], {
      hear: (attestation) => heard.push(attestation),
    });
    const config: SignerProcessConfig = {
      url,
      addresses,
      genesis,
      directory: temporaryDirectory(),
      privateKey: validators[0]!.privateKey,
      peers: listener.addresses,
    };
    await devnet.post(batch!);
    // Each life ends one write later than the one before it, so each continues what the last one left.
    for (const crashAt of signerCrashPoints) {
      const child = startProcess(script, { ...config, crashAt });
      after(() => kill(child));
      assert.equal(await killed(child), "SIGKILL", crashAt);
    }
    const child = startProcess(script, config);
    after(() => kill(child));
    const { url: http } = (await upOrKilled(child))!;
    await devnet.post(next!);
    for (const { id, data } of [batch!, next!]) {
      const record = await until(
        async () =>
          (await requestJson({ url: `${http}/v1/batches/${id}` }).catch(() => ({}))) as { step?: string },
        ({ step }) => step === "published",
      );
      assert.equal((record as { attestations?: unknown[] }).attestations?.length, 1);
      assert.deepEqual(new Uint8Array(await requestBytes({ url: `${http}/v1/batches/${id}/data` })), data);
    }
    const right = attest(genesis, validators[0]!, 0, batch!);
    for (const attestation of heard.filter((a) => a.batch === batch!.id))
      assert.deepEqual(attestation, right);
    await until(() => heard.some((a) => a.batch === next!.id), Boolean);
    await kill(child);
  });
});
