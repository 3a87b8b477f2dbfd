import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, describe, it } from "node:test";
import {
  ChildProofVerifier,
  type L1Error,
  type MinaCommandJson,
  signCommand,
  testAccount,
  testAccounts,
} from "../../l1/index.ts";
import { type TestDevnet, withDevnet } from "./devnetProcess.ts";

type Proved = {
  readonly verificationKeyHash: string;
  readonly deploy: MinaCommandJson;
  readonly call: MinaCommandJson;
};
const fixture = readFileSync(new URL("fixtures/provedCommands.json", import.meta.url), "utf8");
const { adder, multiplier } = JSON.parse(fixture) as { readonly adder: Proved; readonly multiplier: Proved };

const alice = testAccounts(1)[0]!;
const zkapp = testAccount("proved-zkapp");

/** Signs anew, as the account that pays and, where asked, as the zkApp's key. */
function signed(command: MinaCommandJson, nonce: number): MinaCommandJson {
  const payment = { privateKey: alice.privateKey, fee: 100_000_000n, nonce, validUntil: null };
  return signCommand(command, { ...payment, cosigners: [zkapp.privateKey] });
}
function edited(
  command: MinaCommandJson,
  edit: (update: MinaCommandJson["accountUpdates"][number]) => unknown,
) {
  const copy = structuredClone(command);
  edit(copy.accountUpdates.at(-1)!);
  return copy;
}
const proofOf = ({ call }: Proved) => call.accountUpdates[0]!.authorization.proof!;
const withProof = (proof: string) =>
  edited(adder.call, ({ authorization }) => Object.assign(authorization, { proof }));
/** Changes one byte of a proof: by default one bit of the first digit at or after `at`, which leaves it readable. */
function damaged(proof: string, at: number, change: (byte: number) => number = (byte) => byte ^ 1): string {
  const bytes = Buffer.from(proof, "base64");
  const digit = bytes.findIndex((byte, i) => i >= at && byte >= 0x30 && byte <= 0x39);
  bytes[digit] = change(bytes[digit]!);
  return bytes.toString("base64");
}

async function refusal(devnet: TestDevnet, command: MinaCommandJson): Promise<string> {
  const before = await devnet.state();
  try {
    await devnet.client.send(command);
  } catch (error) {
    assert.deepEqual(await devnet.state(), before);
    return ((error as L1Error).data as { code: string }).code;
  }
  return "accepted";
}
// One for all: computing its tables takes ten seconds.
const verifier = new ChildProofVerifier();
const withVerifier = (use: (devnet: TestDevnet) => Promise<void>) => withDevnet(use, {}, {}, { verifier });
async function deployed(use: (devnet: TestDevnet) => Promise<void>): Promise<void> {
  await withVerifier(async (devnet) => {
    await devnet.client.send(signed(adder.deploy, 0));
    await devnet.slot();
    await use(devnet);
  });
}
const numberIn = async ({ client }: TestDevnet) =>
  (await client.account(zkapp.publicKey))?.zkapp?.appState[0];

describe("devnet proofs", () => {
  after(() => verifier.close());

  it("takes a real proof, over HTTP", () =>
    deployed(async (devnet) => {
      await devnet.client.send(signed(adder.call, 1));
      await devnet.slot();
      assert.equal(await numberIn(devnet), 5n);
      const { zkapp: fields } = (await devnet.client.account(zkapp.publicKey))!;
      assert.equal(fields?.verificationKeyHash, BigInt(adder.verificationKeyHash));
    }));

  it("refuses a proof with one byte changed, wherever", () =>
    deployed(async (devnet) => {
      const proof = proofOf(adder);
      const length = Buffer.from(proof, "base64").length;
      for (const at of [0, 1, 2, 3, 4].map((part) => 100 + Math.floor((part * (length - 200)) / 4))) {
        const other = signed(withProof(damaged(proof, at)), 1);
        assert.equal(await refusal(devnet, other), "DEVNET_PROOF_INVALID", `byte ${at}`);
        const broken = signed(withProof(damaged(proof, at, () => 0x7a)), 1);
        assert.equal(await refusal(devnet, broken), "DEVNET_COMMAND_MALFORMED", `byte ${at}`);
      }
      assert.equal(await refusal(devnet, signed(adder.call, 1)), "accepted");
    }));

  it("refuses a good proof in other bytes", () =>
    deployed(async (devnet) => {
      const text = Buffer.from(proofOf(adder), "base64").toString();
      for (const other of [
        `${text} `,
        text.replace(" ", "  "),
        text.replace(/[A-F](?=[0-9A-F]{8})/, (c) => c.toLowerCase()),
      ]) {
        assert.notEqual(other, text);
        const command = signed(withProof(Buffer.from(other).toString("base64")), 1);
        assert.equal(await refusal(devnet, command), "DEVNET_PROOF_INVALID");
      }
    }));

  it("refuses a proof of another program", () =>
    deployed(async (devnet) => {
      assert.equal(await refusal(devnet, signed(withProof(proofOf(multiplier)), 1)), "DEVNET_PROOF_INVALID");
      assert.equal(await refusal(devnet, signed(multiplier.call, 1)), "DEVNET_VERIFICATION_KEY_MISMATCH");
    }));

  it("refuses a proof of other account updates", () =>
    deployed(async (devnet) => {
      const other = edited(adder.call, ({ body }) =>
        Object.assign(body.update, { appState: ["6", ...Array(7).fill(null)] }),
      );
      assert.equal(await refusal(devnet, signed(other, 1)), "DEVNET_PROOF_INVALID");
    }));

  it("refuses what is not a proof at all", () =>
    deployed(async (devnet) => {
      for (const proof of ["AAAA", proofOf(adder).slice(0, -4), `${proofOf(adder)}=`]) {
        assert.equal(await refusal(devnet, signed(withProof(proof), 1)), "DEVNET_COMMAND_MALFORMED");
      }
    }));

  it("checks proofs for a key that only this command, or one that waits, sets", () =>
    withVerifier(async (devnet) => {
      assert.equal(await refusal(devnet, signed(adder.call, 0)), "DEVNET_VERIFICATION_KEY_MISMATCH");
      const both = (call: MinaCommandJson): MinaCommandJson => ({
        ...adder.deploy,
        accountUpdates: [...adder.deploy.accountUpdates, ...call.accountUpdates],
      });
      const wrong = both(withProof(damaged(proofOf(adder), 1_000)));
      assert.equal(await refusal(devnet, signed(wrong, 0)), "DEVNET_PROOF_INVALID");
      assert.equal(
        await refusal(devnet, signed(both(multiplier.call), 0)),
        "DEVNET_VERIFICATION_KEY_MISMATCH",
      );
      await devnet.client.send(signed(adder.deploy, 0));
      assert.equal(await refusal(devnet, signed(withProof(proofOf(multiplier)), 1)), "DEVNET_PROOF_INVALID");
      await devnet.client.send(signed(adder.call, 1));
      await devnet.slot();
      assert.equal(await numberIn(devnet), 5n);
      await devnet.command("reorg", { depth: 1 });
      await devnet.client.send(signed(both(adder.call), 0));
      await devnet.slot();
      assert.equal(await numberIn(devnet), 5n);
    }));

  it("refuses a verification key whose hash is another's", () =>
    withVerifier(async (devnet) => {
      const hash = multiplier.verificationKeyHash;
      const command = edited(adder.deploy, ({ body }) =>
        Object.assign(body.update.verificationKey!, { hash }),
      );
      assert.equal(await refusal(devnet, signed(command, 0)), "DEVNET_VERIFICATION_KEY_INVALID");
    }));

  it("keeps a proved command that fails in its block", () =>
    deployed(async (devnet) => {
      await devnet.client.send(signed(adder.call, 1));
      const hash = await devnet.client.send(signed(adder.call, 2)); // its precondition says zero, and it is five by then
      await devnet.slot();
      const status = await devnet.client.status(hash);
      assert.ok(status.kind === "failed");
      assert.ok(status.failures.includes("Account_app_state_precondition_unsatisfied"));
    }));

  it("takes a dropped proof back under a new signature", () =>
    deployed(async (devnet) => {
      await devnet.client.send(signed(adder.call, 1));
      await devnet.slot();
      await devnet.command("reorg", { depth: 1 });
      assert.equal(await numberIn(devnet), 0n);
      await devnet.client.send(
        signCommand(adder.call, {
          privateKey: alice.privateKey,
          fee: 200_000_000n,
          nonce: 1,
          validUntil: 99,
        }),
      );
      await devnet.slot();
      assert.equal(await numberIn(devnet), 5n);
    }));

  it("begins another process when the one that checks has died", async () => {
    const mortal = new ChildProofVerifier();
    const { data, hash } = adder.deploy.accountUpdates.at(-1)!.body.update.verificationKey!;
    const cut = mortal.ask({ kind: "key", data, hash });
    await Promise.all([assert.rejects(cut, /has ended/), mortal.close()]);
    assert.equal(await mortal.ask({ kind: "key", data, hash }), true);
    await mortal.close();
  });
});
