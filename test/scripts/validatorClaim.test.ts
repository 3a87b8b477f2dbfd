import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { Contract, JsonRpcProvider, Wallet } from "ethers";
import type { BatchId, DaFees } from "../../da/index.ts";
import { type GenesisJson, publicKeyToBase58 } from "../../protocol/index.ts";
import { uncertifiedFees } from "../../scripts/validator/claimFees.ts";
import { sampleKey } from "../../scripts/vectors/samples.ts";
import {
  exitCodes,
  minaKeyPairFromBase58,
  Secret,
  writeEvmKeyFile,
  writeMinaKeyFile,
} from "../../service/index.ts";
import {
  attestations,
  type Deployment,
  deployment,
  sampleBatch,
  validatorKeys,
} from "../da/support/deployment.ts";
import { fundedKeys, type HardhatNode, hardhatNode } from "../da/support/hardhatNode.ts";
import { temporaryDirectory } from "../support/temporaryDirectory.ts";
import { cli } from "./support/cli.ts";

const PRICE = 10n ** 15n;
/** 50 posted bytes that decode to 100: a tenth of a coin, in four shares. */
const LENGTH = 50;
const FEE = 100n * PRICE;
const RECEIVER = `0x${"7".repeat(40)}`;
const directory = temporaryDirectory();
const file = (name: string) => join(directory, name);

describe("zeko validator claim", () => {
  let node: HardhatNode;
  let d: Deployment;
  let signer: Server;
  let words: string[];
  let number = 0n;
  before(async () => {
    node = await hardhatNode();
    d = await deployment(node.url, { price: PRICE, lateWindowSeconds: 3_600 });
    const password = new Secret("correct horse");
    writeFileSync(file("password"), password.reveal(), { mode: 0o600 });
    writeFileSync(file("genesis.json"), JSON.stringify(genesisOf(d)));
    const key = minaKeyPairFromBase58(new Secret(validatorKeys[3]!.privateKey));
    await writeMinaKeyFile(file("validator"), key, password);
    await writeEvmKeyFile(file("payer"), fundedKeys[2], password);
    signer = createServer(
      (request, response) => void answer(request.url!).then((json) => response.end(json)),
    );
    await new Promise<void>((resolve) => signer.listen(0, "127.0.0.1", resolve));
    words = [
      ...["validator", "claim", "--genesis", file("genesis.json"), "--password-file", file("password")],
      ...["--validator.key-file", file("validator"), "--validator.da-key-file", file("payer")],
      ...["--validator.da-url", node.url],
    ];
  });
  after(async () => {
    signer?.close();
    d?.client.close();
    await node?.close();
  });

  /** As a signer answers for its own attestation. */
  async function answer(url: string): Promise<string> {
    const batch = /batches\/(0x[0-9a-f]{64})\/attestation/.exec(url)![1] as BatchId;
    const [own] = await attestations(d.client, batch, [3]);
    const hex = (value: bigint) => `0x${value.toString(16).padStart(64, "0")}`;
    const { r, s } = own!.signature;
    return JSON.stringify({ batchId: batch, epoch: "0", slot: 3, r: hex(r), s: hex(s) });
  }

  async function certified(slots: readonly number[]): Promise<BatchId> {
    await (await d.client.fees()).prepay(d.rollup, FEE);
    const batch = sampleBatch(d.rollup, LENGTH, ++number);
    const id = await d.client.openBatch(batch.request);
    await d.client.postChunks(id, batch.chunks);
    const signed = await attestations(d.client, id, slots);
    await d.client.recordCertificate({ batch: id, epoch: 0n, attestations: signed });
    return id;
  }

  it("says that nothing is due, and sends nothing", async () => {
    const { code, out } = await cli(words);
    assert.deepEqual([code, out], [exitCodes.ok, "nothing is due\n"]);
  });

  it("shows what is due without sending anything, then pays it", async () => {
    const id = await certified([0, 1, 2, 3]);
    const shown = await cli([...words, "--validator.show=true"]);
    assert.equal(shown.out, `${id} 0.025, ready\ndue 0.0, payout address not named\n`);
    assert.ok((await (await d.client.fees()).feeOf(id))?.earned);
    const paid = await cli([...words, "--validator.payout", RECEIVER]);
    assert.match(paid.out, /^batches settled: 1\npaid 0\.025 to 0x7{40} in 0x[0-9a-f]{64}\n$/);
    const after_ = await cli([...words, "--validator.show=true"]);
    assert.match(after_.out, /^due 0\.0, payout address 0x7{40}\n$/);
  });

  it("joins what its own signer signed, and tells how long there is time", async () => {
    const id = await certified([0, 1, 2]);
    const shown = await cli([...words, "--validator.show=true"]);
    assert.match(shown.out, new RegExp(`^${id} 0\\.025 if joined, open until \\d{4}-.*Z\n`));
    const { port } = signer.address() as AddressInfo;
    const joined = await cli([...words, "--validator.signer-url", `http://127.0.0.1:${port}`]);
    assert.equal(joined.out, "certificates joined: 1\nnothing is due\n");
    const paid = await cli(words);
    assert.match(paid.out, /^batches settled: 1\npaid 0\.025 to 0x7{40}/);
  });

  it("lists what is sealed and has no certificate, and when its fee goes back, until there is one", async () => {
    const fees = await d.client.fees();
    await fees.prepay(d.rollup, 2n * FEE);
    const batch = sampleBatch(d.rollup, LENGTH, ++number);
    const id = await d.client.openBatch(batch.request);
    await d.client.openBatch(sampleBatch(d.rollup, LENGTH, ++number).request); // and never sealed
    await d.client.postChunks(id, batch.chunks);
    const shown = await cli([...words, "--validator.show=true"]);
    const sealed = `${id} 0\\.1 not certified, sealed in block \\d+, nobody has asked for it back\n`;
    assert.match(shown.out, new RegExp(`^${sealed}due 0`));
    await requestReturn(node.url, fees, id);
    const claimed = await cli(words);
    assert.match(claimed.out, /due\n0x[0-9a-f]{64} 0\.1 not certified, .*, goes back from \d{4}-.*Z\n$/);
    const signed = await attestations(d.client, id, [0, 1, 3]);
    await d.client.recordCertificate({ batch: id, epoch: 0n, attestations: signed });
    assert.deepEqual(await uncertifiedFees(0, { da: d.client, fees }), []);
    assert.equal((await fees.feeOf(id))!.returnsAt, undefined);
  });

  it("refuses an address that is none", async () => {
    const { code, err } = await cli([...words, "--validator.payout", "0x12"]);
    assert.equal(code, exitCodes.usage);
    assert.match(err, /CONFIG_BAD_VALUE/);
  });
});

/** Anybody asks for an unearned fee. */
async function requestReturn(url: string, { address }: DaFees, batch: BatchId): Promise<void> {
  const provider = new JsonRpcProvider(url);
  const wallet = new Wallet(fundedKeys[2].privateKey.reveal(), provider);
  const contract = new Contract(address, ["function requestReturn(bytes32 id)"], wallet);
  await (await contract.getFunction("requestReturn")(batch)).wait();
  provider.destroy();
}

function genesisOf({ addresses, client }: Deployment): GenesisJson {
  const key = sampleKey("somebody").base58;
  return {
    version: 1,
    name: "test",
    minaNetwork: "mina:devnet",
    outerKey: key,
    da: {
      chainId: addresses.chainId.toString(),
      inbox: addresses.inbox,
      validatorSet: addresses.validatorSet,
      owner: client.account,
      salt: `0x${"00".repeat(32)}`,
    },
    sequencer: key,
    council: key,
    validators: {
      threshold: "3",
      members: validatorKeys.map(({ publicKey }) => ({
        publicKey: publicKeyToBase58(publicKey),
        weight: "1",
      })),
    },
    allocations: [],
    innerVerificationKeyHash: `0x${"00".repeat(32)}`,
    accountCreationFee: "1000000000",
    delays: {
      claim: "1",
      maxLag: "2",
      open: "3",
      freeze: "4",
      freezeNotice: "5",
      grace: "6",
      governance: "7",
    },
  };
}
