import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import type { L1CommandStatus, MinaCommandJson } from "../../l1/index.ts";
import type { GenesisJson } from "../../protocol/index.ts";
import { publicKeyToBase58 } from "../../protocol/index.ts";
import { followLock } from "../../scripts/gas/followLock.ts";
import { claimUntil, paymentText } from "../../scripts/gas/gasClaim.ts";
import { MINA_PATTERN, minaToNanomina, nanominaToMina } from "../../scripts/gas/mina.ts";
import type { GasPayment } from "../../scripts/gas/openGasDesk.ts";
import { sampleKey } from "../../scripts/vectors/samples.ts";
import { sampleSet } from "../../scripts/vectors/setVectors.ts";
import { hasCode } from "../support/hasCode.ts";
import { temporaryDirectory } from "../support/temporaryDirectory.ts";
import { cli } from "./support/cli.ts";

const MINA = 1_000_000_000n;
const RECIPIENT = `0x${"a1".repeat(20)}`;
const directory = temporaryDirectory();
const members = sampleSet(4).members.map(({ publicKey }) => ({
  publicKey: publicKeyToBase58(publicKey),
  weight: "1",
}));
const key = sampleKey("gas account").base58;
const genesisJson: GenesisJson = {
  version: 1,
  name: "test",
  minaNetwork: "mina:devnet",
  outerKey: key,
  da: {
    chainId: "31337",
    inbox: `0x${"11".repeat(20)}`,
    validatorSet: `0x${"22".repeat(20)}`,
    owner: `0x${"33".repeat(20)}`,
    salt: `0x${"00".repeat(32)}`,
  },
  sequencer: key,
  council: key,
  validators: { threshold: "3", members },
  allocations: [],
  innerVerificationKeyHash: `0x${"00".repeat(32)}`,
  accountCreationFee: "1000000000",
  delays: { claim: "1", maxLag: "2", open: "3", freeze: "4", freezeNotice: "5", grace: "6", governance: "7" },
  gas: { account: key, verificationKeyHash: `0x${"00".repeat(31)}4d`, vault: `0x${"44".repeat(20)}` },
};

function genesisFile(name: string, json: GenesisJson): string {
  const file = join(directory, name);
  writeFileSync(file, JSON.stringify(json));
  return file;
}
const genesis = genesisFile("genesis.json", genesisJson);
const { gas: _, ...withoutGas } = genesisJson;
const noGas = genesisFile("no-gas.json", withoutGas);

describe("amounts of MINA", () => {
  it("are read and written with nine decimals at most", () => {
    const cases: [string, bigint][] = [
      ["5", 5n * MINA],
      ["0.25", 250_000_000n],
      ["0.000000001", 1n],
      ["12345.1", 12_345_100_000_000n],
      ["0", 0n],
    ];
    for (const [text, nanomina] of cases) {
      assert.match(text, MINA_PATTERN);
      assert.equal(minaToNanomina(text), nanomina);
      assert.equal(nanominaToMina(nanomina), text);
    }
    for (const text of ["", ".5", "5.", "05", "-1", "1e9", "1.0000000001", "1,5", "0x5"])
      assert.doesNotMatch(text, MINA_PATTERN);
  });
});

describe("zeko gas", () => {
  const servers: Server[] = [];
  after(async () => {
    for (const server of servers) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  });
  /** A relay that gives these answers, one after the other, the last one for ever. */
  const relay = async (...answers: readonly (readonly [status: number, body: unknown])[]) => {
    const left = [...answers];
    const paths: string[] = [];
    const server = createServer((request, response) => {
      paths.push(`${request.method} ${request.url}`);
      const [status, body] = left.length > 1 ? left.shift()! : left[0]!;
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, paths };
  };
  const claim = (url: string, ...more: string[]) =>
    cli([
      ...["gas", "claim", "--genesis", genesis, "--gas.recipient", RECIPIENT, "--gas.relay-url", url],
      ...["--gas.poll-ms", "100", ...more],
    ]);
  const notYet = [404, { error: { code: "RELAY_GAS_NOT_YET", message: "" } }] as const;
  const paid = [200, { certified: `${5n * MINA}`, paid: `${5n * MINA}`, held: "0" }] as const;

  it("asks the relay until a quorum certifies something", async () => {
    const busy = [503, { error: { code: "RELAY_GAS_BUSY", message: "" } }] as const;
    const { url, paths } = await relay(notYet, busy, paid);
    const { code, out } = await claim(url);
    assert.equal(code, 0);
    assert.equal(out, "paid out in all: gas for 5 MINA\n");
    assert.deepEqual(paths, Array(3).fill(`POST /v1/gas/${RECIPIENT}/claim`));
  });

  it("gives up waiting, and says how to go on", async () => {
    const { url } = await relay(notYet);
    const { code, err } = await claim(url, "--gas.wait-ms", "0");
    assert.notEqual(code, 0);
    assert.match(err, /GAS_WAIT_OVER/);
    assert.match(err, /zeko gas claim/);
  });

  it("does not wait for what time will not heal", async () => {
    const { url, paths } = await relay([400, { error: { code: "RELAY_GAS_TOO_LITTLE", message: "" } }]);
    assert.match((await claim(url)).err, /REMOTE_STATUS/);
    assert.equal(paths.length, 1);
  });

  it("believes no answer that is none", async () => {
    for (const body of [null, [], {}, { certified: 5, paid: "5", held: "0" }]) {
      const { url } = await relay([200, body]);
      assert.match((await claim(url)).err, /REMOTE_NOT_JSON/);
    }
  });

  it("needs a way to have gas paid, a deployment that sells it, and an address", async () => {
    const recipient = ["--gas.recipient", RECIPIENT];
    assert.match((await cli(["gas", "claim", "--genesis", genesis, ...recipient])).err, /GAS_NO_WAY/);
    const relayed = ["--gas.relay-url", "http://127.0.0.1:1"];
    const selling = ["gas", "claim", "--genesis", noGas, ...recipient, ...relayed];
    assert.match((await cli(selling)).err, /GENESIS_NO_GAS/);
    for (const address of ["0x12", `0x${"g".repeat(40)}`, RECIPIENT.slice(2)]) {
      const words = ["gas", "claim", "--genesis", genesis, "--gas.recipient", address, ...relayed];
      assert.match((await cli(words)).err, /CONFIG_BAD_VALUE/);
    }
    const zero = ["gas", "claim", "--genesis", genesis, "--gas.recipient", `0x${"0".repeat(40)}`, ...relayed];
    assert.match((await cli(zero)).err, /GAS_RECIPIENT/);
  });

  it("refuses to lock what the contract would not take, before it asks anybody", async () => {
    const words = ["gas", "deposit", "--genesis", genesis, "--gas.recipient", RECIPIENT];
    const places = ["--gas.l1-url", "http://127.0.0.1:1", "--gas.relay-url", "http://127.0.0.1:1"];
    const deposit = (amount: string) =>
      cli([...words, ...places, "--gas.key-file", "nowhere", "--gas.amount", amount]);
    assert.match((await deposit("0.099999999")).err, /GAS_AMOUNT/);
    assert.match((await deposit("99999999999")).err, /GAS_AMOUNT/);
    assert.match((await deposit("1.0000000001")).err, /CONFIG_BAD_VALUE/);
  });

  it("locks nothing on another network, or in another account than the deployment's", async () => {
    const mina = (networkID: string, verificationKey: string | null) =>
      relay([
        200,
        {
          data: {
            networkID,
            genesisConstants: { genesisTimestamp: "2026-01-01T00:00:00Z", accountCreationFee: "1" },
            daemonStatus: { consensusConfiguration: { slotDuration: 1 } },
            account: {
              publicKey: key,
              token: "w",
              nonce: "0",
              balance: { total: "0" },
              permissions: null,
              zkappState: verificationKey && Array(8).fill("0"),
              actionState: verificationKey && Array(5).fill("0"),
              provedState: false,
              verificationKey: verificationKey && { hash: verificationKey },
            },
          },
        },
      ]);
    const password = join(directory, "password");
    writeFileSync(password, "secret\n", { mode: 0o600 });
    const payer = join(directory, "payer");
    assert.equal((await cli(["keys", "new", payer, "--password-file", password])).code, 0);
    for (const [network, vk] of [
      ["mina:mainnet", "77"],
      ["mina:devnet", "78"],
      ["mina:devnet", null],
    ] as const) {
      const { url } = await mina(network, vk);
      const { err } = await cli([
        ...["gas", "deposit", "--genesis", genesis, "--gas.recipient", RECIPIENT, "--gas.amount", "5"],
        ...["--gas.l1-url", url, "--gas.relay-url", url, "--gas.key-file", payer],
        ...["--password-file", password],
      ]);
      assert.match(err, /GAS_ACCOUNT_OTHER/);
    }
  });
});

describe("waiting for a payment", () => {
  const desk = (...answers: (GasPayment | null)[]) => ({ claim: async () => answers.shift()!, close() {} });
  const payment = (certified: bigint, paidOut = certified, held = 0n) => ({ certified, paid: paidOut, held });

  it("ends with the total that was waited for, not with an older one", async () => {
    let waits = 0;
    const found = await claimUntil({
      desk: desk(payment(3n), null, payment(8n)),
      recipient: 1n,
      least: 8n,
      waitMs: 60_000,
      pollMs: 1,
      onWait: async () => {
        waits++;
      },
    });
    assert.deepEqual(found, payment(8n));
    assert.equal(waits, 2);
  });

  it("says what waits for the cap, and what is held", () => {
    assert.equal(
      paymentText(payment(5n * MINA, 2n * MINA, 7n)),
      "paid out in all: gas for 2 MINA\n" +
        "gas for 3 MINA waits for the vault's next period\n" +
        "7 units are held in the vault: the recipient did not take them",
    );
  });
});

describe("following a lock on L1", () => {
  const block = { height: 7, stateHash: "3N", slot: 9 };
  const sent = { hash: "5J", command: {} as MinaCommandJson, validUntil: 20n };
  const follow = (statuses: L1CommandStatus[], slot = 10) => {
    let out = "";
    let resent = 0;
    const look = followLock(
      {
        status: async () => statuses.shift()!,
        currentSlot: async () => slot,
        send: async () => {
          resent++;
          return "5J";
        },
      },
      sent,
      {
        out: (text) => {
          out += text;
        },
      },
    );
    return { look, seen: () => ({ out, resent }) };
  };

  it("tells how deep it is, once for each depth", async () => {
    const included = (depth: number): L1CommandStatus => ({ kind: "included", block, depth });
    const { look, seen } = follow([{ kind: "pending" }, included(0), included(0), included(1)]);
    for (let i = 0; i < 4; i++) await look();
    assert.equal(seen().out, "pending\nin L1 block 7, 0 on top\nin L1 block 7, 1 on top\n");
  });

  it("sends it again where a reorganisation lost it, and never once it is final", async () => {
    const { look, seen } = follow([
      { kind: "unknown" },
      { kind: "included", block, depth: 285 },
      { kind: "unknown" },
    ]);
    for (let i = 0; i < 3; i++) await look();
    assert.equal(seen().resent, 1);
  });

  it("gives it up when its last slot is over, or L1 refused what it does", async () => {
    await assert.rejects(follow([{ kind: "unknown" }], 21).look(), hasCode("GAS_LOCK_LOST"));
    const failed: L1CommandStatus = { kind: "failed", block, depth: 0, failures: ["Overflow"] };
    await assert.rejects(follow([failed]).look(), hasCode("GAS_LOCK_FAILED"));
  });
});
