import { after } from "node:test";
import {
  connectDaClient,
  connectDaReader,
  type DaAddresses,
  type DaClient,
  deployDa,
} from "../../../da/index.ts";
import { chunksOf, type Genesis, tagToField } from "../../../protocol/index.ts";
import { systemClock } from "../../../service/index.ts";
import { fundedKeys, hardhatNode } from "../../da/support/hardhatNode.ts";
import { type TestBatch, testDeployment } from "./testRollup.ts";

export interface TestDevnet {
  readonly url: string;
  readonly addresses: DaAddresses;
  readonly genesis: Genesis;
  readonly validators: ReturnType<typeof testDeployment>["validators"];
  /** Owner, poster, and whoever else has coins. */
  readonly client: DaClient;
  /** Opens a batch and posts all of its chunks. */
  post(batch: TestBatch): Promise<void>;
}

const clock = systemClock;
const SALT = `0x${"5".repeat(64)}` as const;
const GRACE_SECONDS = 3_600n;

/** Keeps what is to be closed at the end; `after` of node:test, or a bench's own list. */
export type OnEnd = (close: () => void | Promise<void>) => void;

/** A real DA chain with our contracts, a rollup registered on it, and `count` validators in the set. */
export async function startTestDevnet(
  count: number,
  onEnd: OnEnd = after,
  startChain: () => Promise<{ readonly url: string; close(): Promise<void> }> = hardhatNode,
): Promise<TestDevnet> {
  const { url, close } = await startChain();
  // Not awaited: it ends when the roles have let go of their connections, and their ends come after this one.
  onEnd(() => void close().catch(() => {}));
  const key = fundedKeys[0]!;
  const before = testDeployment(count);
  const addresses = await deployDa(
    {
      url,
      key,
      validators: before.genesis.validators,
      home: {
        minaNetwork: tagToField(before.genesis.minaNetwork),
        outerKey: before.genesis.outerKey,
        salt: SALT,
        graceSeconds: GRACE_SECONDS,
      },
      receiptPollMs: 20,
    },
    { clock },
  );
  const client = await connectDaClient({ url, key, addresses, receiptPollMs: 20 }, { clock });
  onEnd(() => client.close());
  const da = {
    chainId: addresses.chainId,
    inbox: BigInt(addresses.inbox),
    validatorSet: BigInt(addresses.validatorSet),
    owner: BigInt(client.account),
    salt: BigInt(SALT),
  };
  const { genesis, validators } = testDeployment(count, da);
  const rollup = await client.registerRollup({
    salt: SALT,
    minaNetwork: tagToField(genesis.minaNetwork),
    outerKey: genesis.outerKey,
    sequencerKey: genesis.sequencer,
    posters: [client.account],
  });
  return {
    url,
    addresses,
    genesis,
    validators,
    client,
    async post({ header, chunkRoots, signature, data }) {
      const id = await client.openBatch({ rollup, header, chunkRoots, signature });
      await client.postChunks(id, chunksOf(data));
    },
  };
}

/** Another node's view of the same chain: what each role has for itself. */
export async function readerOf({ url, addresses }: Pick<TestDevnet, "url" | "addresses">) {
  const reader = await connectDaReader({ url, addresses }, { clock });
  after(() => reader.close());
  return reader;
}
