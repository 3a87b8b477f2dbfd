import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import {
  type Contract,
  type ContractTransactionResponse,
  getAddress,
  type Interface,
  keccak256,
  id as keccakOf,
  type Signer,
  toBeHex,
} from "ethers";
import { GAS_UNITS_PER_NANOMINA, gasMessage } from "../../protocol/index.ts";
import { type FixedKey, fixedKey } from "./support/minaKeys.ts";
import { deploy, deployBehindProxy, revertsWith } from "./support/network.ts";
import {
  CAP,
  COIN,
  deployVault,
  domainOfVault,
  GAS_KEY,
  gasVotes,
  MINA,
  MINA_NETWORK,
  PERIOD,
  STOCK,
  setHashOf,
  type VaultFixture,
  vaultFixture,
} from "./support/vault.ts";

/** An account that has nothing, not even gas. */
const NEWCOMER = 0xabc_def_0123n;
const OTHER = 0xabc_def_0124n;
/** `GasReceiver.Mood` */
const mood = {
  takes: 0,
  refuses: 1,
  burnsAllGas: 2,
  returnsMuch: 3,
  claimsAgain: 4,
  releases: 5,
  withdraws: 6,
};

const as = (contract: Contract, signer: Signer) => contract.connect(signer) as Contract;
const address = (value: bigint) => getAddress(toBeHex(value, 20));

describe("GasVault", () => {
  let fixture: VaultFixture;
  let vault: Contract;
  let abi: { readonly interface: Interface };
  beforeEach(async () => {
    fixture = await vaultFixture();
    vault = fixture.vault;
    const both = [...vault.interface.fragments, ...fixture.set.interface.fragments];
    abi = { interface: new (vault.interface.constructor as typeof Interface)(both) };
  });
  const balanceOf = (recipient: bigint) => fixture.ethers.provider.getBalance(address(recipient));
  const refused = (call: Promise<unknown>, error: string, args?: readonly unknown[]) =>
    assert.rejects(call, revertsWith(abi, error, args));
  /** Shows a quorum's total. */
  const claim = (
    recipient: bigint,
    total: bigint,
    votes = gasVotes(fixture, { recipient, total }),
    epoch = 0n,
  ): Promise<ContractTransactionResponse> => vault.claim!(address(recipient), total, epoch, votes);
  const accountOf = async (recipient: bigint): Promise<bigint[]> =>
    (await vault.accountOf!(address(recipient))).toArray();
  const pass = async (seconds: bigint) => {
    await fixture.ethers.provider.send("evm_increaseTime", [Number(seconds)]);
    await fixture.ethers.provider.send("evm_mine", []);
  };

  describe("pays what is certified", () => {
    it("gives one coin for one MINA, whoever sends the claim", async () => {
      await as(vault, fixture.stranger).claim!(
        address(NEWCOMER),
        5n * MINA,
        0n,
        gasVotes(fixture, { recipient: NEWCOMER, total: 5n * MINA }),
      );
      assert.equal(await balanceOf(NEWCOMER), 5n * COIN);
      assert.equal(await vault.UNITS_PER_NANOMINA!(), GAS_UNITS_PER_NANOMINA);
    });

    it("pays a later total's difference", async () => {
      await claim(NEWCOMER, 5n * MINA);
      await claim(NEWCOMER, 7n * MINA);
      assert.equal(await balanceOf(NEWCOMER), 7n * COIN);
      assert.deepEqual(await accountOf(NEWCOMER), [7n * MINA, 7n * MINA, 0n]);
      assert.deepEqual((await vault.totals!()).toArray(), [7n * MINA, 7n * MINA, 0n]);
    });

    it("needs no earlier total: the last one says it all", async () => {
      await claim(NEWCOMER, 7n * MINA);
      assert.equal(await balanceOf(NEWCOMER), 7n * COIN);
      await refused(claim(NEWCOMER, 5n * MINA), "GasVaultTotalStale", [7n * MINA, 5n * MINA]);
    });

    it("tells of it", async () => {
      const receipt = await (await claim(NEWCOMER, 5n * MINA)).wait();
      const events = receipt!.logs.map((log) => vault.interface.parseLog(log)!);
      assert.deepEqual(
        events.map(({ name, args }) => [name, ...args.toArray().slice(1)]),
        [
          ["TotalCertified", 5n * MINA, 0n, 0b111n],
          ["GasPaid", 5n * MINA],
        ],
      );
    });

    it("signs what the protocol says", async () => {
      const total = { recipient: NEWCOMER, total: 5n * MINA };
      assert.equal(await vault.domain!(), fixture.domain);
      assert.equal(
        await vault.gasMessage!(address(NEWCOMER), total.total, 0n),
        gasMessage(setHashOf(fixture), fixture.domain, total),
      );
    });
  });

  describe("refuses", () => {
    const total = 5n * MINA;
    it("the same total again", async () => {
      await claim(NEWCOMER, total);
      await refused(claim(NEWCOMER, total), "GasVaultTotalStale", [total, total]);
      assert.equal(await balanceOf(NEWCOMER), 5n * COIN);
    });

    it("a total of nothing", () => refused(claim(NEWCOMER, 0n, []), "GasVaultTotalStale", [0n, 0n]));

    it("the zero address", () => refused(claim(0n, total), "GasVaultNoRecipient"));

    it("less than a quorum", () =>
      refused(
        claim(NEWCOMER, total, gasVotes(fixture, { recipient: NEWCOMER, total }, [0, 1])),
        "ValidatorSetBelowThreshold",
        [2n, 3n],
      ));

    it("one validator for two", async () => {
      const [first, second] = gasVotes(fixture, { recipient: NEWCOMER, total });
      await refused(claim(NEWCOMER, total, [first!, first!, second!]), "ValidatorSetDuplicateSigner", [0n]);
    });

    it("a signature of somebody else", async () => {
      const keys: FixedKey[] = [...fixture.keys];
      keys[2] = fixedKey(123n);
      const message = gasVotes({ ...fixture, keys: fixture.keys }, { recipient: NEWCOMER, total }).slice(
        0,
        2,
      );
      const forged = gasVotes({ keys, domain: fixture.domain }, { recipient: NEWCOMER, total })[2]!;
      await refused(claim(NEWCOMER, total, [...message, forged]), "MinaSchnorrWrongSignature");
    });

    it("signatures over another total or another recipient", async () => {
      const votes = gasVotes(fixture, { recipient: NEWCOMER, total });
      await refused(claim(NEWCOMER, total + 1n, votes), "MinaSchnorrWrongSignature");
      await refused(claim(OTHER, total, votes), "MinaSchnorrWrongSignature");
    });

    it("signatures for another vault, account or network", async () => {
      const other = await deployVault(fixture);
      const domains = [
        await domainOfVault(other),
        await domainOfVault(vault, { gasKey: fixedKey(5n) }),
        await domainOfVault(vault, { minaNetwork: MINA_NETWORK + 1n }),
      ];
      for (const domain of domains) {
        const votes = gasVotes({ ...fixture, domain }, { recipient: NEWCOMER, total });
        await refused(claim(NEWCOMER, total, votes), "MinaSchnorrWrongSignature");
      }
    });

    it("an epoch that never was, or whose set signed as another's", async () => {
      await refused(claim(NEWCOMER, total, undefined, 7n), "GasVaultEpochNotCurrent", [7n, 0n]);
      await rotate();
      await refused(claim(NEWCOMER, total, undefined, 1n), "MinaSchnorrWrongSignature");
    });

    it("a set in its grace, which could otherwise certify what it likes after it was voted out", async () => {
      const latest = await fixture.ethers.provider.getBlock("latest");
      await rotate(BigInt(latest!.timestamp) + 1_000n);
      assert.equal(await fixture.set.isInForce!(0n), true);
      await refused(claim(NEWCOMER, total), "GasVaultEpochNotCurrent", [0n, 1n]);
      const anew = gasVotes(fixture, { recipient: NEWCOMER, total }, [1, 2, 3], 1n);
      await claim(NEWCOMER, total, anew, 1n);
      assert.equal(await balanceOf(NEWCOMER), total * GAS_UNITS_PER_NANOMINA);
    });

    const rotate = (graceEnd = 0n) =>
      fixture.set.forceRotation!(
        fixture.keys.map(({ x, y }) => ({ x, y, weight: 1n })),
        3n,
        graceEnd,
      );
  });

  describe("cap", () => {
    it("pays up to it, and keeps the rest for the next period", async () => {
      await claim(NEWCOMER, CAP + 30n * MINA);
      assert.equal(await balanceOf(NEWCOMER), 100n * COIN);
      await refused(vault.release!(address(NEWCOMER)), "GasVaultPeriodSpent");
      await pass(PERIOD + 1n);
      await as(vault, fixture.stranger).release!(address(NEWCOMER));
      assert.equal(await balanceOf(NEWCOMER), 130n * COIN);
      await refused(vault.release!(address(NEWCOMER)), "GasVaultNothingWaits", [address(NEWCOMER)]);
    });

    it("is one for all, and a claim beyond it is still recorded", async () => {
      await claim(NEWCOMER, 60n * MINA);
      await claim(OTHER, 60n * MINA);
      assert.equal(await balanceOf(OTHER), 40n * COIN);
      const third = OTHER + 1n;
      await claim(third, 10n * MINA);
      assert.deepEqual(await accountOf(third), [10n * MINA, 0n, 0n]);
      await pass(PERIOD + 1n);
      await vault.release!(address(third));
      await vault.release!(address(OTHER));
      assert.equal(await balanceOf(third), 10n * COIN);
      assert.equal(await balanceOf(OTHER), 60n * COIN);
      assert.deepEqual((await vault.limits!()).toArray().slice(3), [30n * MINA]);
    });

    it("holds until the period's last second", async () => {
      await claim(NEWCOMER, 2n * CAP);
      const { periodEnd } = await vault.limits!();
      await fixture.ethers.provider.send("evm_setNextBlockTimestamp", [Number(periodEnd)]);
      await refused(vault.release!(address(NEWCOMER)), "GasVaultPeriodSpent", [periodEnd]);
      await fixture.ethers.provider.send("evm_setNextBlockTimestamp", [Number(periodEnd) + 1]);
      await vault.release!(address(NEWCOMER));
      assert.equal(await balanceOf(NEWCOMER), 200n * COIN);
    });

    it("is the owner's to change, and what was paid counts against the new one", async () => {
      await claim(NEWCOMER, 150n * MINA);
      await refused(as(vault, fixture.guardian).setLimits!(1n, 1n), "OwnableUnauthorizedAccount");
      await vault.setLimits!(90n * MINA, PERIOD);
      await refused(vault.release!(address(NEWCOMER)), "GasVaultPeriodSpent");
      await vault.setLimits!(120n * MINA, PERIOD);
      await vault.release!(address(NEWCOMER));
      assert.equal(await balanceOf(NEWCOMER), 120n * COIN);
    });

    it("is never zero, nor is the period", async () => {
      await refused(vault.setLimits!(0n, PERIOD), "GasVaultLimits", [0n, PERIOD]);
      await refused(vault.setLimits!(CAP, 0n), "GasVaultLimits", [CAP, 0n]);
    });
  });

  describe("stock", () => {
    it("pays what is there; the rest waits until coins come", async () => {
      const poor = await deployVault(fixture, { stock: 3n * COIN });
      const domain = await domainOfVault(poor);
      const votes = gasVotes({ ...fixture, domain }, { recipient: NEWCOMER, total: 5n * MINA });
      await poor.claim!(address(NEWCOMER), 5n * MINA, 0n, votes);
      assert.equal(await balanceOf(NEWCOMER), 3n * COIN);
      await refused(poor.release!(address(NEWCOMER)), "GasVaultEmpty");
      await fixture.owner.sendTransaction({ to: await poor.getAddress(), value: 10n * COIN });
      await poor.release!(address(NEWCOMER));
      assert.equal(await balanceOf(NEWCOMER), 5n * COIN);
    });

    it("never pays with coins that are held for another", async () => {
      const poor = await deployVault(fixture, { stock: 5n * COIN });
      const domain = await domainOfVault(poor);
      const receiver = await receiverOf(poor, mood.refuses);
      const votesFor = (recipient: bigint, total: bigint) =>
        gasVotes({ ...fixture, domain }, { recipient, total });
      await poor.claim!(address(receiver.at), 4n * MINA, 0n, votesFor(receiver.at, 4n * MINA));
      await poor.claim!(address(NEWCOMER), 4n * MINA, 0n, votesFor(NEWCOMER, 4n * MINA));
      assert.equal(await balanceOf(NEWCOMER), 1n * COIN);
      assert.equal(await fixture.ethers.provider.getBalance(await poor.getAddress()), 4n * COIN);
    });
  });

  describe("a recipient that is a contract", () => {
    const total = 5n * MINA;
    for (const [name, kind] of [
      ["refuses", mood.refuses],
      ["burns all its gas", mood.burnsAllGas],
    ] as const) {
      it(`that ${name} may fetch its coins later`, async () => {
        const receiver = await receiverOf(vault, kind);
        const receipt = await (await claim(receiver.at, total)).wait();
        assert.ok(receipt!.gasUsed < 900_000n, `${receipt!.gasUsed} gas`);
        assert.deepEqual(await accountOf(receiver.at), [total, total, 5n * COIN]);
        await refused(vault.release!(address(receiver.at)), "GasVaultNothingWaits");
        await receiver.contract.withdraw!(address(NEWCOMER));
        assert.equal(await balanceOf(NEWCOMER), 5n * COIN);
        assert.deepEqual((await vault.totals!()).toArray(), [total, total, 0n]);
        await refused(receiver.contract.withdraw!(address(NEWCOMER)), "GasVaultNothingHeld");
      });
    }

    it("does not make its caller pay for what it returns", async () => {
      const receiver = await receiverOf(vault, mood.returnsMuch);
      await claim(receiver.at, total);
      assert.equal(await balanceOf(receiver.at), 5n * COIN);
    });

    it("gets nothing twice by calling back", async () => {
      const receiver = await receiverOf(vault, mood.takes);
      const first = gasVotes(fixture, { recipient: receiver.at, total });
      const second = gasVotes(fixture, { recipient: receiver.at, total: 2n * total });
      const attempts: [number, string][] = [
        [
          mood.claimsAgain,
          vault.interface.encodeFunctionData("claim", [address(receiver.at), 2n * total, 0n, second]),
        ],
        [mood.releases, vault.interface.encodeFunctionData("release", [address(receiver.at)])],
        [mood.withdraws, vault.interface.encodeFunctionData("withdrawHeld", [address(receiver.at)])],
      ];
      for (const [kind, call] of attempts) {
        fixture = await vaultFixture();
        vault = fixture.vault;
        const again = await receiverOf(vault, kind, call);
        assert.equal(again.at, receiver.at, "the same address on a new chain");
        await claim(receiver.at, total, first);
        assert.equal(await again.contract.reentered!(), false);
        assert.equal(await balanceOf(receiver.at), 5n * COIN);
      }
    });

    it("is not shut out by a caller who brings too little gas", async () => {
      const receiver = await receiverOf(vault, mood.takes);
      const votes = gasVotes(fixture, { recipient: receiver.at, total });
      const args = [address(receiver.at), total, 0n, votes];
      const used = await vault.claim!.estimateGas(...args);
      // Whatever is given, coins are either taken or nothing happens at all.
      for (let gasLimit = used - 120_000n; gasLimit < used; gasLimit += 15_000n) {
        await assert.rejects(vault.claim!.staticCall(...args, { gasLimit }));
      }
      await vault.claim!(...args, { gasLimit: used });
      assert.deepEqual(await accountOf(receiver.at), [total, total, 0n]);
    });

    it("keeps what is held when its own choice of receiver refuses", async () => {
      const receiver = await receiverOf(vault, mood.refuses);
      await claim(receiver.at, total);
      await refused(receiver.contract.withdraw!(address(receiver.at)), "GasVaultTransferFailed");
      assert.deepEqual(await accountOf(receiver.at), [total, total, 5n * COIN]);
    });

    it("finds nothing held for others", async () => {
      await claim((await receiverOf(vault, mood.refuses)).at, total);
      await refused(as(vault, fixture.stranger).withdrawHeld!(address(NEWCOMER)), "GasVaultNothingHeld", [
        fixture.stranger.address,
      ]);
    });
  });

  describe("governance", () => {
    it("stops every payment while paused", async () => {
      await claim(NEWCOMER, 150n * MINA);
      const receiver = await receiverOf(vault, mood.refuses);
      await as(vault, fixture.guardian).pause!();
      await refused(claim(NEWCOMER, 160n * MINA), "EnforcedPause");
      await refused(vault.release!(address(NEWCOMER)), "EnforcedPause");
      await refused(receiver.contract.withdraw!(address(NEWCOMER)), "EnforcedPause");
      await as(vault, fixture.guardian).unpause!();
      await claim(NEWCOMER, 160n * MINA);
    });

    it("stops with the validator set", async () => {
      await fixture.set.pause!();
      await refused(claim(NEWCOMER, MINA), "EnforcedPause");
    });

    it("is initialised once, and the implementation never", async () => {
      const { owner, guardian, set } = fixture;
      const args = [
        owner.address,
        guardian.address,
        await set.getAddress(),
        1n,
        GAS_KEY.publicKey,
        CAP,
        PERIOD,
      ];
      await refused(vault.initialize!(...args), "InvalidInitialization");
      const implementation = await deploy(fixture.ethers, "GasVault");
      await refused(implementation.initialize!(...args), "InvalidInitialization");
    });

    it("keeps its state where ERC-7201 says, so that an upgrade can find it", async () => {
      const inner = BigInt(keccakOf("zeko.storage.GasVault")) - 1n;
      const slot = BigInt(keccak256(toBeHex(inner, 32))) & ~0xffn;
      const stored = await fixture.ethers.provider.getStorage(await vault.getAddress(), toBeHex(slot, 32));
      assert.equal(BigInt(stored), BigInt(await fixture.set.getAddress()));
    });

    it("takes only canonical fields", async () => {
      const { owner, guardian, set, ethers } = fixture;
      const start = (minaNetwork: bigint, x: bigint) =>
        deployBehindProxy(
          ethers,
          "GasVault",
          owner.address,
          guardian.address,
          set.target,
          minaNetwork,
          { x, isOdd: false },
          CAP,
          PERIOD,
        );
      const most = (1n << 256n) - 1n;
      await refused(start(most, 1n), "PoseidonFieldNotCanonical", [most]);
      await refused(start(1n, most), "PoseidonFieldNotCanonical", [most]);
    });

    it("takes coins from anybody, and tells", async () => {
      const sent = await fixture.stranger.sendTransaction({ to: await vault.getAddress(), value: 7n });
      const [log] = (await sent.wait())!.logs;
      const { name, args } = vault.interface.parseLog(log!)!;
      assert.deepEqual([name, ...args], ["VaultFunded", fixture.stranger.address, 7n]);
      assert.equal(await fixture.ethers.provider.getBalance(await vault.getAddress()), STOCK + 7n);
    });

    it("upgrades by its owner alone, and keeps what it knew", async () => {
      await claim(NEWCOMER, 5n * MINA);
      const next = await (await deploy(fixture.ethers, "GasVault")).getAddress();
      await refused(as(vault, fixture.guardian).upgradeToAndCall!(next, "0x"), "OwnableUnauthorizedAccount");
      await vault.upgradeToAndCall!(next, "0x");
      assert.deepEqual(await accountOf(NEWCOMER), [5n * MINA, 5n * MINA, 0n]);
      assert.equal(await vault.domain!(), fixture.domain);
    });
  });

  async function receiverOf(of: Contract, kind: number, call = "0x") {
    const contract = await deploy(fixture.ethers, "GasReceiver", await of.getAddress());
    await contract.behave!(kind, call);
    return { contract, at: BigInt(await contract.getAddress()) };
  }
});
