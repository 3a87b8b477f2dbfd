import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { type Contract, keccak256, id as keccakOf, type Signer, toBeHex } from "ethers";
import { CHUNK_BYTES } from "../../protocol/index.ts";
import { type InboxFixture, inboxFixture, open, postChunk, sampleBatch, seal } from "./support/inbox.ts";
import { votes } from "./support/minaKeys.ts";
import { deploy, revertsWith } from "./support/network.ts";

const as = (contract: Contract, signer: Signer) => contract.connect(signer) as Contract;

describe("owner, guardian and pause", () => {
  let fixture: InboxFixture;
  let inbox: Contract;
  beforeEach(async () => {
    fixture = await inboxFixture();
    inbox = fixture.inbox;
  });
  const refused = (call: Promise<unknown>, error: string, args?: readonly unknown[]) =>
    assert.rejects(call, revertsWith(inbox, error, args));

  it("pauses everything that rollups and relays do, and lets it go on", async () => {
    const [open_, sealed] = [await sampleBatch(fixture, 100), await sampleBatch(fixture, 101)];
    await open(fixture, open_);
    await seal(fixture, sealed);
    await inbox.pause!();
    const good = votes(fixture.keys, [0, 1, 2], sealed.message);
    const key = fixture.keys[0]!.publicKey;
    await refused(inbox.registerRollup!(keccakOf("x"), 1n, key, key, []), "EnforcedPause");
    await refused(open(fixture, await sampleBatch(fixture, 102)), "EnforcedPause");
    await refused(postChunk(fixture, open_.id, 0, open_.data), "EnforcedPause");
    await refused(as(inbox, fixture.poster).dropBatch!(open_.id), "EnforcedPause");
    await refused(inbox.recordCertificate!(sealed.id, 0n, good), "EnforcedPause");
    await inbox.unpause!();
    await postChunk(fixture, open_.id, 0, open_.data);
    await inbox.recordCertificate!(sealed.id, 0n, good);
  });

  it("pauses the validator set by itself", async () => {
    const batch = await sampleBatch(fixture, 100);
    await seal(fixture, batch);
    const good = votes(fixture.keys, [0, 1, 2], batch.message);
    await fixture.set.pause!();
    await refused(inbox.recordCertificate!(batch.id, 0n, good), "EnforcedPause");
    await fixture.set.unpause!();
    await inbox.recordCertificate!(batch.id, 0n, good);
  });

  describe("a pause", () => {
    const WEEK = 604_800n;
    const now = async () => BigInt((await fixture.ethers.provider.getBlock("latest"))!.timestamp);
    const mineAt = async (time: bigint) => {
      await fixture.ethers.provider.send("evm_setNextBlockTimestamp", [Number(time)]);
      await fixture.ethers.provider.send("evm_mine", []);
    };
    const pauseAt = async (time: bigint) => {
      await fixture.ethers.provider.send("evm_setNextBlockTimestamp", [Number(time)]);
      await inbox.pause!();
    };

    it("is over after a week, though nobody ends it", async () => {
      await inbox.pause!();
      const end = (await now()) + WEEK;
      assert.equal(await inbox.pausedUntil!(), end);
      await mineAt(end - 1n);
      assert.equal(await inbox.paused!(), true);
      await mineAt(end);
      assert.deepEqual([await inbox.paused!(), await inbox.pausedUntil!()], [false, 0n]);
      await open(fixture, await sampleBatch(fixture, 100));
      await refused(inbox.unpause!(), "ExpectedPause");
    });

    it("does not begin again before as much time has passed as the last one took", async () => {
      await inbox.pause!();
      const start = await now();
      await refused(inbox.pause!(), "EnforcedPause");
      const earliest = start + 2n * WEEK;
      await refused(pauseAt(start + WEEK + 1n), "GovernedPausedLately", [earliest]);
      await refused(pauseAt(earliest - 1n), "GovernedPausedLately", [earliest]);
      await pauseAt(earliest);
      assert.equal(await inbox.pausedUntil!(), earliest + WEEK);
    });

    it("that was ended early can begin again soon", async () => {
      await inbox.pause!();
      const start = await now();
      await fixture.ethers.provider.send("evm_setNextBlockTimestamp", [Number(start + 100n)]);
      await inbox.unpause!();
      await refused(pauseAt(start + 199n), "GovernedPausedLately", [start + 200n]);
      await pauseAt(start + 200n);
    });

    it("cannot be drawn out by ending and beginning it in turn", async () => {
      let time = await now();
      let paused = 0n;
      const begin = time + 1n;
      for (const length of [3n, 500n, 40_000n]) {
        await pauseAt(time + 1n);
        time = await now();
        await fixture.ethers.provider.send("evm_setNextBlockTimestamp", [Number(time + length)]);
        await inbox.unpause!();
        paused += length;
        time = await now();
        await refused(pauseAt(time + length - 1n), "GovernedPausedLately", [time + length]);
        await mineAt(time + length);
        time = await now();
      }
      assert.ok(2n * paused <= time - begin + 3n, `${paused} of ${time - begin} seconds`);
    });

    it("tells when it is over", async () => {
      const receipt = await (await inbox.pause!()).wait();
      const names = receipt.logs.map((log: never) => inbox.interface.parseLog(log)?.name);
      assert.deepEqual(names, ["Paused", "PauseStarted"]);
    });
  });

  it("lets guardian and owner pause, nobody else", async () => {
    await inbox.setGuardian!(fixture.poster.address);
    await as(inbox, fixture.poster).pause!();
    await as(inbox, fixture.owner).unpause!();
    await refused(as(inbox, fixture.stranger).pause!(), "GovernedNotGuardian", [fixture.stranger.address]);
    await as(inbox, fixture.owner).pause!();
    await refused(as(inbox, fixture.stranger).unpause!(), "GovernedNotGuardian");
  });

  it("lets the owner alone name a guardian and change code", async () => {
    const next = await (await deploy(fixture.ethers, "BatchInbox")).getAddress();
    await inbox.setGuardian!(fixture.poster.address);
    for (const signer of [fixture.poster, fixture.stranger]) {
      const other = as(inbox, signer);
      await refused(other.setGuardian!(signer.address), "OwnableUnauthorizedAccount", [signer.address]);
      await refused(other.upgradeToAndCall!(next, "0x"), "OwnableUnauthorizedAccount", [signer.address]);
    }
    const batch = await sampleBatch(fixture, 100);
    await seal(fixture, batch);
    await inbox.upgradeToAndCall!(next, "0x");
    assert.equal((await inbox.batchOf!(batch.id)).dataRoot, batch.dataRoot, "state outlives an upgrade");
  });

  it("brings its own gate with an upgrade, and goes on with a batch that was half posted", async () => {
    const batch = await sampleBatch(fixture, CHUNK_BYTES + 1);
    await open(fixture, batch);
    await postChunk(fixture, batch.id, 0, batch.chunks[0]!);
    await inbox.upgradeToAndCall!(await (await deploy(fixture.ethers, "BatchInbox")).getAddress(), "0x");
    const before = await fixture.gate.getAddress();
    await refused(postChunk(fixture, batch.id, 1, batch.chunks[1]!), "BatchInboxNotGate", [before]);
    const gate = fixture.gate.attach(await inbox.chunkGate!()) as Contract;
    await postChunk({ gate, inbox }, batch.id, 1, batch.chunks[1]!);
    assert.notEqual((await inbox.batchOf!(batch.id)).sealedBlock, 0n);
  });

  it("gives ownership away in two steps", async () => {
    await inbox.transferOwnership!(fixture.stranger.address);
    assert.equal(await inbox.owner!(), fixture.owner.address);
    await refused(as(inbox, fixture.poster).acceptOwnership!(), "OwnableUnauthorizedAccount");
    await as(inbox, fixture.stranger).acceptOwnership!();
    assert.equal(await inbox.owner!(), fixture.stranger.address);
  });

  it("is initialised once, and the implementation never", async () => {
    const { address } = fixture.owner;
    const costs = { price: 0n, lateWindow: 60n };
    const args = [address, address, address, address, costs];
    await refused(inbox.initialize!(...args), "InvalidInitialization");
    const implementation = await deploy(fixture.ethers, "BatchInbox");
    await refused(implementation.initialize!(...args), "InvalidInitialization");
  });

  it("keeps its state where ERC-7201 says, so that an upgrade can find it", async () => {
    const slotOf = (name: string) => {
      const inner = BigInt(keccakOf(`zeko.storage.${name}`)) - 1n;
      const outer = BigInt(keccak256(toBeHex(inner, 32)));
      return toBeHex(outer & ~0xffn, 32);
    };
    const stored = async (contract: Contract, name: string) =>
      BigInt(await fixture.ethers.provider.getStorage(await contract.getAddress(), slotOf(name)));
    assert.equal(await stored(inbox, "BatchInbox"), BigInt(await fixture.set.getAddress()));
    assert.equal(await stored(inbox, "Governed"), BigInt(fixture.owner.address));
    assert.equal(await stored(fixture.set, "ValidatorSet"), 0n);
    await fixture.set.forceRotation!([{ x: fixture.keys[0]!.x, y: fixture.keys[0]!.y, weight: 1n }], 1n, 0n);
    assert.equal(await stored(fixture.set, "ValidatorSet"), 1n);
  });

  it("upgrades through the timelock, announced and not before its time", async () => {
    const { ethers, owner, stranger } = fixture;
    const timelock = await deploy(ethers, "ZekoTimelock", 3_600n, [owner.address], [owner.address]);
    const address = await timelock.getAddress();
    await inbox.transferOwnership!(address);
    const accept = inbox.interface.encodeFunctionData("acceptOwnership");
    const next = await (await deploy(ethers, "BatchInbox")).getAddress();
    const upgrade = inbox.interface.encodeFunctionData("upgradeToAndCall", [next, "0x"]);
    const to = await inbox.getAddress();
    const none = `0x${"00".repeat(32)}`;
    const schedule = (data: string) => timelock.schedule!(to, 0n, data, none, none, 3_600n);
    const execute = (data: string) => timelock.execute!(to, 0n, data, none, none);
    await schedule(accept);
    await schedule(upgrade);
    await assert.rejects(execute(accept), revertsWith(timelock, "TimelockUnexpectedOperationState"));
    await assert.rejects(
      (timelock.connect(stranger) as Contract).schedule!(to, 0n, upgrade, none, none, 3_600n),
      revertsWith(timelock, "AccessControlUnauthorizedAccount"),
    );
    await ethers.provider.send("evm_increaseTime", [3_601]);
    await execute(accept);
    assert.equal(await inbox.owner!(), address);
    await refused(inbox.upgradeToAndCall!(next, "0x"), "OwnableUnauthorizedAccount", [owner.address]);
    await execute(upgrade);
  });
});
