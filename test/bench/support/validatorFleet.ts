import { join } from "node:path";
import { createRelay } from "../../../relay/index.ts";
import { requestJson, silentLogger } from "../../../service/index.ts";
import { statingProver, testRelayOptions } from "../../relay/support/testRelayOptions.ts";
import { kill, startProcess, upOrKilled } from "../../signer/support/crashingProcess.ts";
import type { SignerProcessConfig } from "../../signer/support/signerProcess.ts";
import type { TestDevnet } from "../../signer/support/testDevnet.ts";

const signerScript = new URL("../../signer/support/signerProcess.ts", import.meta.url);

export interface Fleet {
  /** HTTP addresses. */
  readonly relay: string;
  readonly signers: readonly string[];
}

/** A relay, and each validator's signer as a process with its own database, reading from the node at `urls[i]`. */
export async function startFleet(
  { addresses, genesis, validators, client }: TestDevnet,
  urls: readonly string[],
  directory: string,
  onEnd: (close: () => Promise<void>) => void,
): Promise<Fleet> {
  const options = testRelayOptions(genesis, join(directory, "relay"), { "relay.ask-after-ms": 5_000 });
  const relay = createRelay(options, { da: client, prover: statingProver, log: silentLogger });
  await relay.start();
  onEnd(() => relay.stop());
  const children = validators.map(({ privateKey }, i) => {
    const config: SignerProcessConfig = {
      url: urls[i % urls.length]!,
      addresses,
      genesis,
      directory: join(directory, `signer-${i}`),
      privateKey,
      peers: relay.peerAddresses,
    };
    const child = startProcess(signerScript, config);
    onEnd(() => kill(child));
    return child;
  });
  const signers = await Promise.all(children.map(async (child) => (await upOrKilled(child))!.url));
  return { relay: relay.url, signers };
}

/** Waits until the batch's certificate is on the DA chain. */
export async function certified(relay: string, id: string): Promise<void> {
  for (;;) {
    const batch = await requestJson({ url: `${relay}/v1/batches/${id}` }).catch(() => ({}));
    const { step } = batch as { step?: string };
    if (step === "recorded" || step === "proved") return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
