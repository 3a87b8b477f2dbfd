import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import {
  connectDaClient,
  connectGasVaultReader,
  deployGasVault,
  fundGasVault,
  type GasVault,
  gasVaultAddress,
  type Hex,
} from "../../../da/index.ts";
import {
  GAS_UNITS_PER_NANOMINA,
  type GasDomain,
  gasDomainHash,
  gasMessage,
  NANOMINA,
  signFields,
  tagToField,
  validatorSetHash,
} from "../../../protocol/index.ts";
import { sampleKey } from "../../../scripts/vectors/samples.ts";
import { evmKeyFromHex, Secret } from "../../../service/index.ts";
import { hasCode } from "../../support/hasCode.ts";
import { clock, type Deployment, deployment, validatorKeys, validators } from "./deployment.ts";
import { ask, fundedKeys, type HardhatNode } from "./hardhatNode.ts";

/** The fourth of Hardhat's accounts, which nothing else here uses. */
const deployer = evmKeyFromHex(
  new Secret("0x7c852118294e51e653712a81e05800f419141751be58f605c371e15141b007a6"),
);
const NEWCOMER = 0xa11cen;
const COIN = NANOMINA * GAS_UNITS_PER_NANOMINA;

/**
 * What the client must be able to do with a vault on any chain.
 * @param hasCoins whether the chain's genesis gives the vault's address coins
 */
export function gasVaultSuite(chain: string, start: () => Promise<HardhatNode>, hasCoins: boolean): void {
  describe(`the gas vault on ${chain}`, () => suite(start, hasCoins));
}

function suite(start: () => Promise<HardhatNode>, hasCoins: boolean): void {
  let node: HardhatNode;
  let d: Deployment;
  let address: Hex;
  let vault: GasVault;
  let domain: GasDomain;
  let close: () => void;
  const deploy = () =>
    deployGasVault(
      {
        url: node.url,
        key: deployer,
        owner: fundedKeys[0].address as Hex,
        guardian: fundedKeys[0].address as Hex,
        validatorSet: d.addresses.validatorSet,
        minaNetwork: tagToField("mina:devnet"),
        gasKey: sampleKey("gas account").publicKey,
        cap: 10n * NANOMINA,
        periodSeconds: 1_000n,
        receiptPollMs: 5,
      },
      { clock },
    );
  before(async () => {
    node = await start();
    d = await deployment(node.url);
    address = await deploy();
    const key = fundedKeys[1];
    const client = await connectDaClient(
      { url: node.url, addresses: d.addresses, key, receiptPollMs: 5 },
      { clock },
    );
    close = () => client.close();
    vault = client.gasVault(address);
    domain = {
      minaNetwork: tagToField("mina:devnet"),
      gasKey: sampleKey("gas account").publicKey,
      daChainId: d.addresses.chainId,
      vault: BigInt(address),
    };
  });
  after(async () => {
    close?.();
    d?.client.close();
    await node?.close();
  });
  const certificate = (total: bigint, recipient = NEWCOMER) => {
    const message = gasMessage(validatorSetHash(validators), gasDomainHash(domain), { recipient, total });
    const attestations = [0, 1, 2].map((slot) => ({
      slot,
      signature: signFields(validatorKeys[slot]!.privateKey, [message]),
    }));
    return { recipient, total, epoch: 0n, attestations };
  };

  it("stands where its deployer's address says, before there is one", async () => {
    assert.equal(address.toLowerCase(), gasVaultAddress(deployer.address));
  });

  it("takes a deployer for one vault only", () => assert.rejects(deploy(), hasCode("DA_DEPLOYER_USED")));

  it("is known by its domain", async () => {
    const place = { url: node.url, chainId: domain.daChainId, address, domain: gasDomainHash(domain) };
    const reader = await connectGasVaultReader(place);
    assert.deepEqual(await reader.accountOf(NEWCOMER), { certified: 0n, paid: 0n, held: 0n });
    assert.deepEqual(await reader.limits(), {
      cap: 10n * NANOMINA,
      periodSeconds: 1_000n,
      periodEnd: 0n,
      spent: 0n,
    });
    await assert.rejects(connectGasVaultReader({ ...place, domain: 1n }), hasCode("DA_WRONG_CONTRACTS"));
    await assert.rejects(connectGasVaultReader({ ...place, chainId: 1n }), hasCode("DA_WRONG_CHAIN"));
    const nowhere: Hex = `0x${"12".repeat(20)}`;
    await assert.rejects(
      connectGasVaultReader({ ...place, address: nowhere }),
      hasCode("DA_WRONG_CONTRACTS"),
    );
  });

  it("pays what a quorum certifies, once it has coins; a certificate shown again does nothing", async () => {
    const { stock } = await vault.totals();
    assert.equal(stock > 0n, hasCoins);
    await vault.claim(certificate(5n * NANOMINA));
    if (!hasCoins) {
      assert.equal((await vault.accountOf(NEWCOMER)).paid, 0n);
      await assert.rejects(vault.release(NEWCOMER), hasCode("DA_REVERTED"));
      const coins = { url: node.url, key: fundedKeys[0], vault: address, units: 100n * COIN };
      await fundGasVault(coins, { clock });
      await vault.release(NEWCOMER);
    }
    await vault.claim(certificate(5n * NANOMINA));
    const account = await vault.accountOf(NEWCOMER);
    assert.deepEqual(account, { certified: 5n * NANOMINA, paid: 5n * NANOMINA, held: 0n });
    const balance = await ask(node.url, "eth_getBalance", [`0x${"0".repeat(35)}a11ce`, "latest"]);
    assert.equal(BigInt(balance as string), 5n * COIN);
    const left = (hasCoins ? stock : 100n * COIN) - 5n * COIN;
    const totals = { certified: 5n * NANOMINA, paid: 5n * NANOMINA, held: 0n, stock: left };
    assert.deepEqual(await vault.totals(), totals);
  });

  it("says by which of its errors it refused", async () => {
    const wrong = { ...certificate(9n * NANOMINA), total: 8n * NANOMINA };
    await assert.rejects(vault.claim(wrong), (error) => {
      assert.match(String(error), /MinaSchnorrWrongSignature/);
      return true;
    });
  });
}
