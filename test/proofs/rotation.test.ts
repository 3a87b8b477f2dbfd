import assert from "node:assert/strict";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { setBackend } from "o1js";
import {
  ChildProver,
  defaultCacheDirectory,
  deployTransaction,
  type Prover,
  type ProvingCost,
  proverOptions,
  signTransaction,
} from "../../circuits/index.ts";
import { connectDaClient, deployDa } from "../../da/index.ts";
import { type L1Client, testAccounts } from "../../l1/index.ts";
import { genesisSnapshot } from "../../ledger/index.ts";
import {
  allocated,
  codeOf,
  comparePublicKeys,
  domainHash,
  domainOf,
  type Genesis,
  outerAfterRotation,
  outerAtGenesis,
  outerFields,
  possessionMessage,
  publicKeyToBase58,
  type Rotation,
  rotationMessage,
  signFields,
  tagToField,
  termsOf,
  type ValidatorSet,
} from "../../protocol/index.ts";
import { Progress } from "../../scripts/validator/Progress.ts";
import { readBothSides } from "../../scripts/validator/readBothSides.ts";
import { sendRotation } from "../../scripts/validator/sendRotation.ts";
import { statusOf } from "../../scripts/validator/statusOf.ts";
import { type Clock, Secret, silentLogger, systemClock } from "../../service/index.ts";
import { L1Finality, RotationDesk } from "../../signer/index.ts";
import { fundedKeys, hardhatNode } from "../da/support/hardhatNode.ts";
import { type TestDevnet, withDevnet } from "../l1/devnetProcess.ts";
import { testKey } from "../ledger/support/commands.ts";
import { testGenesis } from "../ledger/support/genesis.ts";
import { temporaryDirectory } from "../support/temporaryDirectory.ts";

setBackend("native");

const costs: ProvingCost[] = [];
const prover = new ChildProver(proverOptions(defaultCacheDirectory(process.env)), {
  onCost: (cost) => costs.push(cost),
});
after(() => prover.stop());

const outerKey = testKey(701);
const payer = testAccounts(1)[0]!;
const keysOf = (...numbers: number[]) =>
  numbers.map(testKey).sort((a, b) => comparePublicKeys(a.publicKey, b.publicKey));
const setOf = (keys: ReturnType<typeof keysOf>, epoch: bigint): ValidatorSet => ({
  epoch,
  threshold: 3n,
  members: keys.map(({ publicKey }) => ({ publicKey, weight: 1n })),
});
const oldKeys = keysOf(711, 712, 713, 714);
const newKeys = keysOf(712, 713, 714, 715);
const SALT = `0x${"7".repeat(64)}` as const;
const GRACE_SECONDS = 600n;

/** Contracts on a DA chain, and the genesis that names them. */
async function deployOnDa(url: string): Promise<Genesis> {
  const base: Genesis = {
    ...testGenesis(),
    minaNetwork: "mina:devnet",
    outerKey: outerKey.publicKey,
    validators: setOf(oldKeys, 0n),
  };
  const home = {
    minaNetwork: tagToField(base.minaNetwork),
    outerKey: base.outerKey,
    salt: SALT,
    graceSeconds: GRACE_SECONDS,
  };
  const [key] = fundedKeys;
  const { validators } = base;
  const options = { url, key, validators, home, receiptPollMs: 20 };
  const { chainId, inbox, validatorSet } = await deployDa(options, { clock: systemClock });
  const da = {
    chainId,
    inbox: BigInt(inbox),
    validatorSet: BigInt(validatorSet),
    owner: BigInt(key.address),
    salt: BigInt(SALT),
  };
  return { ...base, da };
}

async function deployOnMina(devnet: TestDevnet, genesis: Genesis): Promise<void> {
  const state = outerAtGenesis(genesis, genesisSnapshot(genesis).state);
  const json = deployTransaction({
    outerKey: publicKeyToBase58(genesis.outerKey),
    allocated: allocated(genesis),
    state,
    feePayer: { publicKey: payer.publicKey, fee: 100_000_000n, nonce: 0n },
  });
  const keys = { feePayer: payer.privateKey, others: [outerKey.privateKey] };
  await devnet.client.send(JSON.parse(signTransaction(json, keys, "devnet")));
  await devnet.slot();
}

/** From the old set to the next one, as everybody signs it who must. */
function signedRotation(genesis: Genesis, state: bigint, until: bigint): Rotation {
  const sets = { current: genesis.validators, next: setOf(newKeys, 1n) };
  const domain = domainHash(domainOf(genesis));
  const terms = { domain, ...sets, state, until, kind: "normal" } as const;
  const votes = (keys: typeof oldKeys, slots: readonly number[], message: bigint) =>
    slots.map((slot) => ({ slot, signature: signFields(keys[slot]!.privateKey, [message]) }));
  return {
    ...terms,
    approvals: votes(oldKeys, [0, 1, 3], rotationMessage(termsOf(terms))),
    possessions: votes(newKeys, [0, 1, 2, 3], possessionMessage(termsOf(terms))),
  };
}

/** The next set's signers, each with its own look at Mina: they confirm what is deep enough. */
function signersOf(genesis: Genesis, l1: L1Client, depth: number) {
  const finality = new L1Finality({ outerKey: genesis.outerKey, depth }, { l1 });
  const deployed = outerAtGenesis(genesis, genesisSnapshot(genesis).state);
  return async (rotation: Rotation) => {
    await finality.look();
    try {
      return newKeys.slice(0, 3).map(({ publicKey, privateKey }, slot) => {
        const key = { publicKey, sign: (fields: readonly bigint[]) => signFields(privateKey, fields) };
        const desk = new RotationDesk(deployed, { key, finality });
        return { slot, signature: desk.confirm(termsOf(rotation)) };
      });
    } catch (error) {
      if (codeOf(error) !== "SIGNER_ROTATION_NOT_FINAL") throw error;
      return [];
    }
  };
}

/** Waiting is a slot that passes. */
const clockOf = (devnet: TestDevnet): Clock => ({ ...systemClock, sleep: () => devnet.slot() });

describe("rotation with real proofs", { timeout: 900_000 }, () => {
  it("lands on Mina over HTTP, is mirrored once it is deep enough, and is not done again", async () => {
    const node = await hardhatNode();
    after(() => node.close());
    await withDevnet(
      async (devnet) => {
        const genesis = await deployOnDa(node.url);
        await deployOnMina(devnet, genesis);
        const address = (value: bigint) => `0x${value.toString(16).padStart(40, "0")}` as const;
        const addresses = {
          chainId: genesis.da.chainId,
          inbox: address(genesis.da.inbox),
          validatorSet: address(genesis.da.validatorSet),
        };
        const da = await connectDaClient(
          { url: node.url, addresses, key: fundedKeys[1], receiptPollMs: 20 },
          { clock: systemClock },
        );
        after(() => da.close());
        const l1 = devnet.client;
        const sides = await readBothSides({ genesis, l1, da });
        assert.equal(statusOf(sides).agree, true);
        const until = sides.slot + 100n;
        const confirmations = signersOf(genesis, l1, 2);
        const rotation = signedRotation(genesis, sides.state, until);
        const send = (by: Pick<Prover, "prove" | "transaction">) =>
          sendRotation(
            rotation,
            { depth: 2, fee: 100_000_000n, pollMs: 1 },
            {
              genesis,
              l1,
              da,
              prover: by,
              feePayer: new Secret(payer.privateKey),
              confirmations,
              progress: new Progress(join(temporaryDirectory(), "progress.json")),
              clock: clockOf(devnet),
              log: silentLogger,
              signal: new AbortController().signal,
            },
          );
        await send(prover);
        const status = statusOf(await readBothSides({ genesis, l1, da }));
        assert.deepEqual([status.agree, status.mina.epoch, status.da.epoch], [true, "1", "1"]);
        const { next, kind } = termsOf(rotation);
        const expected = outerFields(outerAfterRotation(sides.genesisOuter, { next, until, kind }));
        const account = await l1.account(publicKeyToBase58(genesis.outerKey));
        assert.deepEqual(account!.zkapp!.appState, expected);
        const nobody = () => Promise.reject(new Error("proved twice"));
        await send({ prove: nobody, transaction: nobody });
      },
      { "devnet.account-balance": 1_000_000_000_000_000n, "devnet.empty-block-slots": 1 },
    );
  });

  it("says what it cost", (t) => {
    for (const { program, branch, proveMs, compileMs, peakMb } of costs)
      t.diagnostic(
        `${program}.${branch}: ${(proveMs / 1000).toFixed(1)} s, keys ${(compileMs / 1000).toFixed(1)} s, ${peakMb} MB`,
      );
    assert.equal(costs.length, 3);
  });
});
