import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import { commandDigest, genesisSnapshot } from "../../../ledger/index.ts";
import { type Genesis, NONCE_BASE, signFields, type ZkappCommand } from "../../../protocol/index.ts";
import { requestBytes, retry, systemClock } from "../../../service/index.ts";
import { memo, testKey, update } from "../../ledger/support/commands.ts";
import { startTestDevnet } from "../../signer/support/testDevnet.ts";
import { type TestBatch, testBatch } from "../../signer/support/testRollup.ts";
import { certified, startFleet } from "./validatorFleet.ts";

const SIGNERS = 7;
const DECODED_BYTES = 1_000_000;
const SENDERS = 4;

type Figures = AsyncGenerator<{ name: string; value: number; unit: string }>;

/** Seven signers, each a process with its own database, and a relay; all on this machine. The chain is a Hardhat node. */
export async function* megabyte(): Figures {
  const closers: (() => void | Promise<void>)[] = [];
  const onEnd = (close: () => void | Promise<void>) => void closers.push(close);
  try {
    const devnet = await startTestDevnet(SIGNERS, onEnd);
    const directory = await mkdtemp(join(tmpdir(), "zeko-bench-"));
    onEnd(() => rm(directory, { recursive: true }));
    const { relay, signers } = await startFleet(devnet, [devnet.url], directory, onEnd);
    const batch = await megabyteBatch(devnet.genesis);
    // Making the batch kept this process, and the chain's node with it, from closing idle connections in time.
    const again = { attempts: 5, baseMs: 100, maxMs: 1_000 };
    await retry(() => devnet.post(batch), again, { clock: systemClock, random: Math.random });
    const sealed = performance.now();
    await certified(relay, batch.id);
    const total = (performance.now() - sealed) / 1000;
    const execution = await quorumExecution(signers, Number(devnet.genesis.validators.threshold));
    yield { name: "da.1mb.total", value: total, unit: "s" };
    yield { name: "da.1mb.execution", value: execution, unit: "s" };
  } finally {
    for (const close of closers.toReversed()) await close();
  }
}

/** How long the last member of the first quorum executed: the certificate waits for it. */
async function quorumExecution(signers: readonly string[], threshold: number): Promise<number> {
  const seconds = await Promise.all(
    signers.map(async (url) => {
      const text = Buffer.from(await requestBytes({ url: `${url}/metrics` })).toString();
      const [, sum] = /^zeko_signer_execution_seconds_sum (\S+)$/m.exec(text)!;
      return Number(sum);
    }),
  );
  // One that has not finished yet shows nothing, and was not needed.
  const done = seconds.filter((value) => value > 0).sort((a, b) => a - b);
  return done[threshold - 1]!;
}

/** Stock transfers between genesis accounts until the payload is a megabyte. */
async function megabyteBatch(genesis: Genesis): Promise<TestBatch> {
  const source = genesisSnapshot(genesis);
  const probe = testBatch(genesis, source, await sends(50));
  const count = Math.ceil((50 * DECODED_BYTES) / Number(probe.header.decodedLength));
  return testBatch(genesis, source, await sends(count));
}

/** Gives way after each: the signatures take most of a minute, and the chain's node lives in this process. */
async function sends(count: number): Promise<ZkappCommand[]> {
  const commands: ZkappCommand[] = [];
  for (let i = 0; i < count; i++) {
    commands.push(send(i));
    await turn();
  }
  return commands;
}

/** Fee payer and sender are one, so one signature stands twice in a command, as o1js makes it. */
function send(i: number): ZkappCommand {
  const from = testKey(i % SENDERS);
  const unsigned = { r: 0n, s: 0n };
  const nonce = NONCE_BASE + BigInt(Math.floor(i / SENDERS));
  const command: ZkappCommand = {
    feePayer: { publicKey: from.publicKey, fee: 1_000n, nonce, validUntil: null, signature: unsigned },
    updates: [
      update(from.publicKey, { balanceChange: -BigInt(i + 1), useFullCommitment: true, signed: true }),
      update(testKey((i + 1) % SENDERS).publicKey, { balanceChange: BigInt(i + 1) }),
    ],
    memo: memo(""),
  };
  const signature = signFields(from.privateKey, [commandDigest(command).fullCommitment]);
  const [sender, recipient] = command.updates;
  return {
    ...command,
    feePayer: { ...command.feePayer, signature },
    updates: [{ ...sender!, authorization: signature }, recipient!],
  };
}
