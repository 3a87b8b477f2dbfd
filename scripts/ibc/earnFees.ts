import { connectDaClient, type DaClient, deployDa } from "../../da/index.ts";
import {
  attestationMessage,
  type BatchHeader,
  chunkRoot,
  chunksOf,
  DATA_SCHEME,
  signFields,
  tagToField,
} from "../../protocol/index.ts";
import { type EvmKey, newMinaKeyPair, systemClock } from "../../service/index.ts";
import { claimFees } from "../validator/claimFees.ts";

export interface EarnFeesOptions {
  /** JSON-RPC of the chain. */
  readonly url: string;
  /** Deploys, posts and pays. */
  readonly owner: EvmKey;
  /** The validator's account. */
  readonly validator: EvmKey;
  /** Units of the chain's coin for the batch that is posted. */
  readonly fee: bigint;
}

const HOUR = 3_600;
const DATA = new Uint8Array(10_000).map((_, i) => i);

/**
 * The way by which a validator comes to money: contracts with a price, a batch that is posted and paid for, a certificate
 * that the validator signed, and its claim.
 * @returns what was paid to its account
 */
export async function earnFees({ url, owner, validator, fee }: EarnFeesOptions): Promise<bigint> {
  const [mina, sequencer, outer] = [newMinaKeyPair(), newMinaKeyPair(), newMinaKeyPair()];
  const home = {
    minaNetwork: tagToField("devnet"),
    outerKey: outer.publicKey,
    salt: `0x${"1".padStart(64, "0")}`,
    graceSeconds: BigInt(HOUR),
  } as const;
  const { timelock: _, ...addresses } = await deployDa(
    {
      url,
      key: owner,
      validators: { epoch: 0n, threshold: 1n, members: [{ publicKey: mina.publicKey, weight: 1n }] },
      home,
      fees: { price: fee / BigInt(DATA.length), lateWindowSeconds: HOUR },
    },
    { clock: systemClock },
  );
  const connect = (key: EvmKey) => connectDaClient({ url, addresses, key }, { clock: systemClock });
  const [poster, claimer] = [await connect(owner), await connect(validator)];
  try {
    const sign = (message: bigint) => signFields(mina.privateKey.reveal(), [message]);
    const rollup = { ...home, sequencerKey: sequencer.publicKey, posters: [poster.account] };
    await certifiedBatch(poster, await poster.registerRollup(rollup), fee, sign);
    const options = { validator: mina.publicKey, from: 0, payout: claimer.account };
    return (await claimFees(options, { da: claimer, fees: await claimer.fees(), sign })).paid;
  } finally {
    poster.close();
    claimer.close();
  }
}

/** The chain knows nothing of a payload's content, so any bytes do. */
async function certifiedBatch(
  client: DaClient,
  rollup: `0x${string}`,
  fee: bigint,
  sign: (message: bigint) => ReturnType<typeof signFields>,
): Promise<void> {
  await (await client.fees()).prepay(rollup, fee);
  const length = BigInt(DATA.length);
  const chunks = chunksOf(DATA);
  const header: BatchHeader = {
    number: 1n,
    source: 1n,
    target: 2n,
    landBy: 2n ** 32n - 1n,
    dataLength: length,
    decodedLength: length,
    scheme: DATA_SCHEME,
  };
  const chunkRoots = chunks.map(chunkRoot);
  const batch = await client.openBatch({ rollup, header, chunkRoots, signature: { r: 1n, s: 1n } });
  await client.postChunks(batch, chunks);
  const { statement, dataRoot } = (await client.batch(batch))!;
  const { hash } = await client.validatorSet(0n);
  const message = attestationMessage(hash, { statement, dataRoot, dataLength: length, scheme: DATA_SCHEME });
  await client.recordCertificate({
    batch,
    epoch: 0n,
    attestations: [{ slot: 0, signature: sign(message) }],
  });
}
