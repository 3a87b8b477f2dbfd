import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { genesisSnapshot } from "../../../ledger/index.ts";
import { NONCE_BASE } from "../../../protocol/index.ts";
import { testKey, transfer } from "../../ledger/support/commands.ts";
import { startTestDevnet } from "../../signer/support/testDevnet.ts";
import { testBatch } from "../../signer/support/testRollup.ts";
import type { ZekodNetwork } from "../../zekod/support/zekodNetwork.ts";
import { certified, startFleet } from "./validatorFleet.ts";

const TRANSFERS = 8;

/** Seconds from a small batch's seal to its certificate, by four validators who each read from a node of their own. */
export async function certificateLatency({ network, url }: ZekodNetwork): Promise<number> {
  const closers: (() => void | Promise<void>)[] = [];
  const onEnd = (close: () => void | Promise<void>) => void closers.push(close);
  try {
    const devnet = await startTestDevnet(network.nodes.length, onEnd, async () => ({
      url,
      close: async () => {},
    }));
    const directory = await mkdtemp(join(tmpdir(), "zeko-bench-"));
    onEnd(() => rm(directory, { recursive: true }));
    const { relay } = await startFleet(devnet, network.urls, directory, onEnd);
    const [from, to] = [testKey(0), testKey(1)];
    const commands = Array.from({ length: TRANSFERS }, (_, i) =>
      transfer({ from, to: to.publicKey, amount: 1n, nonce: NONCE_BASE + BigInt(i) }),
    );
    const batch = testBatch(devnet.genesis, genesisSnapshot(devnet.genesis), commands);
    await devnet.post(batch);
    const sealed = performance.now();
    await certified(relay, batch.id);
    return (performance.now() - sealed) / 1000;
  } finally {
    for (const close of closers.toReversed()) await close();
  }
}
