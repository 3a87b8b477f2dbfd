import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, it } from "node:test";
import { DaError, type GasAccount, type GasCertificate, type GasVault } from "../../da/index.ts";
import { fieldToHex } from "../../gossip/index.ts";
import {
  codeOf,
  gasMessage,
  type Signature,
  signFields,
  type ValidatorSet,
  validatorSetHash,
  verifyFields,
} from "../../protocol/index.ts";
import { claimGas } from "../../relay/gas/claimGas.ts";
import { collectGasTotal } from "../../relay/gas/collectGasTotal.ts";
import { GasCounter } from "../../relay/gas/GasCounter.ts";
import { gasClaimRoute } from "../../relay/gas/gasClaimRoute.ts";
import { sampleKey } from "../../scripts/vectors/samples.ts";
import { sampleSet } from "../../scripts/vectors/setVectors.ts";
import { ManualClock, silentLogger } from "../../service/index.ts";
import { hasCode } from "../support/hasCode.ts";

const MINA = 1_000_000_000n;
const ALICE = 0xa11cen;
const DOMAIN = 4_711n;
const set: ValidatorSet = sampleSet(4);
const checked = { set, hash: validatorSetHash(set) };
/** Private keys by slot. */
const keys = set.members.map(({ publicKey }) => {
  const all = Array.from({ length: 4 }, (_, i) => sampleKey(`validator ${i}`));
  return all.find((key) => key.publicKey.x === publicKey.x)!;
});

interface Word {
  readonly total: bigint;
  readonly slot?: number;
  readonly key?: string;
  readonly epoch?: bigint;
  readonly recipient?: bigint;
  readonly domain?: bigint;
  readonly setHash?: bigint;
  readonly signature?: Signature;
}

describe("gas, as a relay claims it", () => {
  const servers: Server[] = [];
  let asked = 0;
  beforeEach(() => {
    asked = 0;
  });
  afterEach(async () => {
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  });
  const serve = async (answer: (url: string) => { status?: number; body: string }): Promise<string> => {
    const server = createServer((request, response) => {
      asked++;
      const { status = 200, body } = answer(request.url!);
      response.writeHead(status, { "content-type": "application/json" }).end(body);
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };
  /** The signer of a slot, saying this. */
  const signer = (slot: number, word: Word) => serve(() => ({ body: JSON.stringify(wordOf(slot, word)) }));
  const wordOf = (slot: number, word: Word) => {
    const total = { recipient: word.recipient ?? ALICE, total: word.total };
    const message = gasMessage(word.setHash ?? checked.hash, word.domain ?? DOMAIN, total);
    const { r, s } = word.signature ?? signFields(word.key ?? keys[slot]!.privateKey, [message]);
    return {
      recipient: "whatever",
      total: word.total.toString(),
      epoch: (word.epoch ?? 0n).toString(),
      slot: word.slot ?? slot,
      r: fieldToHex(r),
      s: fieldToHex(s),
    };
  };
  const signers = (words: readonly Word[]) => Promise.all(words.map((word, slot) => signer(slot, word)));
  const collect = async (urls: readonly string[]) =>
    collectGasTotal({ recipient: ALICE, signers: urls, set: checked, domain: DOMAIN });

  describe("collecting signatures", () => {
    const total = 5n * MINA;
    const said: Word = { total };

    it("makes a certificate of as many as a quorum takes", async () => {
      const { certificate } = await collect(await signers([said, said, said, said]));
      assert.equal(certificate!.total, total);
      assert.deepEqual(
        certificate!.attestations.map(({ slot }) => slot),
        [0, 1, 2],
      );
      const message = gasMessage(checked.hash, DOMAIN, { recipient: ALICE, total });
      for (const { slot, signature } of certificate!.attestations)
        assert.ok(verifyFields(set.members[slot]!.publicKey, [message], signature));
    });

    it("takes the largest total that has a quorum, when validators see L1 differently", async () => {
      const ahead: Word = { total: 7n * MINA };
      const { certificate, best } = await collect(await signers([said, ahead, said, said]));
      assert.equal(certificate!.total, total);
      assert.deepEqual(best, { total: 7n * MINA, weight: 1n });
    });

    /** A signer that has counted so many of these totals. */
    const counted = (slot: number, totals: readonly bigint[], refuses = false) =>
      serve((url) => {
        const wanted = new URL(url, "http://a").searchParams.get("total");
        const found = wanted === null ? totals.at(-1) : totals.find((known) => known === BigInt(wanted));
        if (found === undefined || (wanted !== null && refuses)) return { status: 404, body: "{}" };
        return { body: JSON.stringify(wordOf(slot, { total: found })) };
      });
    const one = 5n * MINA;
    const [two, three, four] = [one + 1n, one + 2n, one + 3n];

    it("has those that are ahead sign the largest total that a quorum has reached", async () => {
      const seen = [[one], [one, two], [one, two, three], [one, two, three, four]];
      const urls = await Promise.all(seen.map((totals, slot) => counted(slot, totals)));
      const { certificate, best } = await collect(urls);
      assert.deepEqual([certificate!.total, best.total], [two, four]);
      const message = gasMessage(checked.hash, DOMAIN, { recipient: ALICE, total: two });
      assert.deepEqual(
        certificate!.attestations.map(({ slot }) => slot),
        [1, 2, 3],
      );
      for (const { slot, signature } of certificate!.attestations)
        assert.ok(verifyFields(set.members[slot]!.publicKey, [message], signature));
    });

    it("goes down to the next total while those that are ahead have forgotten one", async () => {
      const seen = [[one], [one], [two], [one, three]];
      const urls = await Promise.all(seen.map((totals, slot) => counted(slot, totals)));
      assert.equal((await collect(urls)).certificate!.total, one);
      const liar = [[one], [one, two], [one, two, three], [one, two, three, four]];
      const others = await Promise.all(liar.map((totals, slot) => counted(slot, totals, slot === 3)));
      assert.equal((await collect(others)).certificate!.total, one, "the largest that three have signed");
      const refusing = await Promise.all(seen.map((totals, slot) => counted(slot, totals, true)));
      assert.equal((await collect(refusing)).certificate, undefined);
    });

    it("counts nobody twice, and asks everybody itself, when a signer hands on another's signature", async () => {
      const echo = (of: number, total: bigint) =>
        serve(() => ({ body: JSON.stringify(wordOf(of, { total })) }));
      // Slot 0 has signed the one total, and so says the third address: no quorum.
      const two_ = [await counted(0, [one]), await counted(1, [one, two]), await echo(0, one)];
      assert.equal((await collect(two_)).certificate, undefined);
      // The echo comes first, and in the place of who is ahead.
      const echoes = [await echo(2, two), await counted(0, [one]), await counted(1, [one, two])];
      const { certificate } = await collect([...echoes, await counted(2, [one, two])]);
      assert.deepEqual(
        certificate!.attestations.map(({ slot }) => slot),
        [0, 1, 2],
      );
    });

    it("counts no other total than it asked for", async () => {
      const lying = (slot: number) => serve(() => ({ body: JSON.stringify(wordOf(slot, { total: three })) }));
      const urls = [await counted(0, [one]), await counted(1, [one]), await lying(2)];
      assert.equal((await collect(urls)).certificate, undefined);
    });

    it("does not wait for a signer that does not answer, once a quorum has", async () => {
      const silent = createServer(() => {});
      servers.push(silent);
      await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
      const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
      const clock = new ManualClock(0);
      const urls = [...(await signers([said, said, said])), url];
      const collected = collectGasTotal({
        recipient: ALICE,
        signers: urls,
        set: checked,
        domain: DOMAIN,
        clock,
      });
      while (clock.sleeping === 0) await new Promise((resolve) => setImmediate(resolve));
      await clock.advance(1_000);
      assert.equal((await collected).certificate!.total, total);
    });

    it("makes none of less than a quorum", async () => {
      const { certificate, best, threshold } = await collect(await signers([said, said]));
      assert.equal(certificate, undefined);
      assert.deepEqual([best.weight, threshold], [2n, 3n]);
    });

    const worthless: [name: string, word: Word][] = [
      ["by a stranger", { total, key: sampleKey("stranger").privateKey }],
      ["by another member than it says", { total, slot: 3 }],
      ["by a slot that there is not", { total, slot: 4 }],
      ["over another total", { total: total + 1n, signature: { r: 1n, s: 1n } }],
      ["for another recipient", { total, recipient: ALICE + 1n }],
      ["for another vault", { total, domain: DOMAIN + 1n }],
      ["of another set", { total, setHash: 1n }],
      ["of another epoch", { total, epoch: 1n }],
      ["that is no number", { total, signature: { r: 2n ** 256n - 1n, s: 1n } }],
      ["over more than 64 bits", { total: 2n ** 64n }],
    ];
    for (const [name, word] of worthless) {
      it(`does not count a signature ${name}`, async () => {
        const { certificate } = await collect(await signers([said, said, word]));
        assert.equal(certificate, undefined);
      });
    }

    it("counts one that answers at two addresses once", async () => {
      const urls = [await signer(0, said), await signer(0, said), await signer(1, said)];
      assert.equal((await collect(urls)).certificate, undefined);
    });

    it("bears with signers that are down, lie or have nothing", async () => {
      const urls = [
        ...(await signers([said, said, said])),
        "http://127.0.0.1:1",
        await serve(() => ({ body: "[]" })),
        await serve(() => ({ body: "null" })),
        await serve(() => ({ body: "{" })),
        await serve(() => ({ status: 404, body: "{}" })),
        await serve(() => ({ body: JSON.stringify({ ...wordOf(3, said), total: 5 }) })),
      ];
      assert.equal((await collect(urls)).certificate!.total, total);
    });
  });

  /** A vault in memory that believes every certificate. */
  class FakeVault implements GasVault {
    readonly address = "0x00";
    readonly account = "0x01";
    state: GasAccount = { certified: 0n, paid: 0n, held: 0n };
    cap = 1_000n * MINA;
    readonly calls: string[] = [];
    async domain() {
      return DOMAIN;
    }
    async totals() {
      return { ...this.state, stock: 0n };
    }
    async limits() {
      return { cap: this.cap, periodSeconds: 1n, periodEnd: 0n, spent: 0n };
    }
    async accountOf() {
      return this.state;
    }
    epoch = 0n;
    async claim({ total, epoch }: GasCertificate) {
      this.calls.push(`claim ${total}`);
      if (epoch !== this.epoch) {
        const args = [epoch.toString(), this.epoch.toString()];
        throw new DaError("DA_REVERTED", { error: "GasVaultEpochNotCurrent", args });
      }
      this.state = { ...this.state, certified: total };
      this.#pay();
    }
    async release() {
      this.calls.push("release");
      if (this.cap === 0n) throw new DaError("DA_REVERTED", { error: "GasVaultPeriodSpent", args: [] });
      this.#pay();
    }
    #pay() {
      const due = this.state.certified - this.state.paid;
      const now = due < this.cap ? due : this.cap;
      this.cap -= now;
      this.state = { ...this.state, paid: this.state.paid + now };
    }
  }

  describe("claiming", () => {
    const claim = async (vault: GasVault, words: readonly Word[], least = MINA) =>
      claimGas(
        { recipient: ALICE, signers: await signers(words), set: checked, domain: DOMAIN, least },
        vault,
      );
    const all = (total: bigint): Word[] => [{ total }, { total }, { total }];

    it("shows the vault a quorum's total", async () => {
      const vault = new FakeVault();
      const { before, after } = await claim(vault, all(5n * MINA));
      assert.deepEqual([before.paid, after.paid], [0n, 5n * MINA]);
      assert.deepEqual(vault.calls, [`claim ${5n * MINA}`]);
    });

    it("sends nothing for what is paid already", async () => {
      const vault = new FakeVault();
      await claim(vault, all(5n * MINA));
      const { after } = await claim(vault, all(5n * MINA));
      assert.equal(after.paid, 5n * MINA);
      assert.equal(vault.calls.length, 1);
    });

    it("sends nothing for less than is worth its price", async () => {
      const vault = new FakeVault();
      await claim(vault, all(5n * MINA));
      await assert.rejects(claim(vault, all(5n * MINA + 1n)), hasCode("RELAY_GAS_TOO_LITTLE"));
      assert.equal(vault.calls.length, 1);
    });

    it("says how far validators are while there is no quorum", async () => {
      const vault = new FakeVault();
      await assert.rejects(claim(vault, all(5n * MINA).slice(1)), (error) => {
        assert.equal(codeOf(error), "RELAY_GAS_NOT_YET");
        assert.match(String(error), /weight 2 of 3 signs 5000000000/);
        return true;
      });
      await assert.rejects(claim(vault, []), hasCode("RELAY_GAS_NOT_YET"));
      assert.deepEqual(vault.calls, []);
    });

    it("asks for patience when the set is rotated between its signatures and the claim", async () => {
      const vault = new FakeVault();
      vault.epoch = 1n;
      await assert.rejects(claim(vault, all(5n * MINA)), hasCode("RELAY_GAS_NOT_YET"));
      assert.equal((await vault.accountOf()).paid, 0n);
    });

    it("has what waited paid once there is room, and costs nothing before", async () => {
      const vault = new FakeVault();
      vault.cap = 2n * MINA;
      await claim(vault, all(5n * MINA));
      const spent = await claim(vault, all(5n * MINA));
      assert.equal(spent.after.paid, 2n * MINA);
      vault.cap = 10n * MINA;
      const { after } = await claim(vault, all(5n * MINA));
      assert.equal(after.paid, 5n * MINA);
      assert.deepEqual(vault.calls, [`claim ${5n * MINA}`, "release", "release"]);
    });
  });

  describe("over HTTP", () => {
    const counterOf = (vault: GasVault, urls: readonly string[]) =>
      new GasCounter(
        { signers: urls, domain: DOMAIN, least: MINA },
        { vault, currentSet: async () => checked, log: silentLogger },
      );
    const post = (counter: GasCounter, recipient: string) =>
      gasClaimRoute(counter).handle({ params: { recipient }, signal: new AbortController().signal } as never);
    const word: Word = { total: 5n * MINA };

    it("pays a newcomer, who asks without a coin", async () => {
      const vault = new FakeVault();
      const counter = counterOf(vault, await signers([word, word, word]));
      const { json } = (await post(counter, "0x00000000000000000000000000000000000a11ce")) as {
        json: object;
      };
      assert.deepEqual(json, { paidNow: 5n * MINA, certified: 5n * MINA, paid: 5n * MINA, held: 0n });
    });

    it("answers 404 while it is not time, and refuses what is no address", async () => {
      const counter = counterOf(new FakeVault(), []);
      const reply = await post(counter, "0x00000000000000000000000000000000000a11ce");
      assert.equal(reply.status, 404);
      await assert.rejects(async () => post(counter, "0x1"), hasCode("GAS_RECIPIENT"));
    });

    it("claims once for all who ask at the same time, and for eight recipients at most", async () => {
      const vault = new FakeVault();
      const urls = await signers([word, word, word]);
      const counter = counterOf(vault, urls);
      const { signal } = new AbortController();
      const claims = await Promise.all([counter.claim(ALICE, signal), counter.claim(ALICE, signal)]);
      assert.equal(claims[0], claims[1]);
      assert.equal(asked, urls.length);
      assert.equal(vault.calls.length, 1);
      const many = Array.from({ length: 9 }, (_, i) => counter.claim(BigInt(i + 1), signal));
      const outcomes = await Promise.allSettled(many);
      const codes = outcomes.map((outcome) => (outcome.status === "rejected" ? codeOf(outcome.reason) : ""));
      assert.equal(codes.filter((code) => code === "RELAY_GAS_BUSY").length, 1);
    });
  });
});
