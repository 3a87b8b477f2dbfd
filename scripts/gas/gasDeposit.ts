import type { GasLockTransaction } from "../../circuits/index.ts";
import {
  commandHash,
  GraphqlL1Client,
  type L1Client,
  type MinaCommandJson,
  signCommand,
} from "../../l1/index.ts";
import {
  checkedGasLock,
  type GasDeployment,
  type GasLock,
  type Genesis,
  gasDomainOf,
  gasRecipient,
  publicKeyToBase58,
} from "../../protocol/index.ts";
import {
  createLogger,
  exitCodes,
  logOptions,
  type MinaKeyPair,
  type OptionGroup,
  type OptionValues,
} from "../../service/index.ts";
import { lockedFor } from "../../signer/index.ts";
import { type CliIo, loadedCommand } from "../cli/Command.ts";
import { createProver } from "../roles/createProver.ts";
import { openKeys } from "../roles/openKeys.ts";
import { proverOptionGroup } from "../roles/proverOptionGroup.ts";
import { readGenesis } from "../roles/readGenesis.ts";
import { followLock, type SentLock } from "./followLock.ts";
import { GasCliError } from "./GasCliError.ts";
import { claimUntil, paymentText } from "./gasClaim.ts";
import { gasOptions } from "./gasOptions.ts";
import { MINA_PATTERN, minaToNanomina, nanominaToMina } from "./mina.ts";
import { openGasDesk } from "./openGasDesk.ts";

const options = {
  ...gasOptions,
  "gas.amount": {
    type: "string",
    required: true,
    pattern: MINA_PATTERN,
    description: "MINA to lock, such as 5 or 0.25; they never come back",
  },
  "gas.key-file": { ...gasOptions["gas.key-file"], required: true },
  "gas.l1-url": { ...gasOptions["gas.l1-url"], required: true },
  "gas.fee": {
    type: "amount",
    default: 100_000_000n,
    description: "Fee of the L1 transaction, in nanomina",
  },
  "gas.valid-slots": {
    type: "integer",
    default: 40,
    min: 1,
    max: 10_000,
    description: "Slots in which L1 may take the transaction; after them it never will",
  },
  ...proverOptionGroup,
  ...logOptions,
} as const satisfies OptionGroup;
type Values = OptionValues<typeof options>;

/** `zeko gas deposit`: locks MINA on L1, follows it there, and has the vault pay. May be interrupted: `zeko gas claim` goes on. */
export const gasDeposit = loadedCommand(options, async ({ values }, io) => {
  const lock = checkedGasLock({
    recipient: gasRecipient(values["gas.recipient"]),
    amount: minaToNanomina(values["gas.amount"]),
  });
  const genesis = await readGenesis(values.genesis);
  gasDomainOf(genesis); // there is an account
  const desk = await openGasDesk(values, genesis, io);
  try {
    const payer = await openKeys(values, io).mina(values["gas.key-file"]);
    const mina = values["gas.l1-url"];
    const l1 = new GraphqlL1Client({ mina, archive: values["gas.archive-url"] ?? mina });
    const before = await lockedBefore(l1, genesis, lock.recipient);
    const sent = await sendLock({ l1, genesis, lock, payer, values, io });
    const payment = await claimUntil({
      desk,
      recipient: lock.recipient,
      least: before + lock.amount,
      waitMs: values["gas.wait-ms"],
      pollMs: values["gas.poll-ms"],
      onWait: followLock(l1, sent, io),
    });
    io.out(`${paymentText(payment)}\n`);
  } finally {
    desk.close();
  }
  return exitCodes.ok;
});

/** Checks that the account is the right one on the right network: what is locked elsewhere is lost. @returns nanomina locked for the recipient */
async function lockedBefore(l1: L1Client, genesis: Genesis, recipient: bigint): Promise<bigint> {
  const { networkId } = await l1.network();
  if (networkId !== genesis.minaNetwork)
    throw new GasCliError("GAS_ACCOUNT_OTHER", {
      what: `is on ${genesis.minaNetwork}, the node on ${networkId}`,
    });
  const { account, verificationKeyHash } = genesis.gas as GasDeployment;
  const address = publicKeyToBase58(account);
  const { zkapp } = (await l1.account(address)) ?? {};
  if (zkapp?.verificationKeyHash !== verificationKeyHash)
    throw new GasCliError("GAS_ACCOUNT_OTHER", { what: "does not exist, or runs another contract" });
  const { height: tip } = await l1.head();
  return await lockedFor(recipient, { l1, account: address }, { to: zkapp.actionState[0]!, tip });
}

interface LockRequest {
  readonly l1: L1Client;
  readonly genesis: Genesis;
  readonly lock: GasLock;
  readonly payer: MinaKeyPair;
  readonly values: Values;
  readonly io: CliIo;
}

/**
 * Proves, signs, says the hash, sends: in this order, so that an interrupted deposit can be looked for. Who pays is not part of
 * the proof, which may take minutes: nonce and last slot are read after it.
 */
async function sendLock({ l1, genesis, lock, payer, values, io }: LockRequest): Promise<SentLock> {
  const fee = values["gas.fee"];
  io.out("proving\n");
  const proved = await prove(values, {
    ...lock,
    gasKey: publicKeyToBase58((genesis.gas as GasDeployment).account),
    feePayer: { publicKey: payer.address, fee, nonce: 0n },
    validUntil: null,
  });
  const account = await l1.account(payer.address);
  const validUntil = BigInt((await l1.currentSlot()) + values["gas.valid-slots"]);
  const command = signCommand(JSON.parse(proved) as MinaCommandJson, {
    privateKey: payer.privateKey.reveal(),
    fee,
    nonce: account?.inferredNonce ?? 0,
    validUntil: Number(validUntil),
    network: genesis.minaNetwork === "mina:mainnet" ? "mainnet" : "devnet",
  });
  const hash = await commandHash(command);
  io.out(`locking ${nanominaToMina(lock.amount)} MINA with transaction ${hash}\n`);
  await l1.send(command);
  return { hash, command, validUntil };
}

async function prove(values: Values, input: GasLockTransaction): Promise<string> {
  const log = createLogger({ role: "gas", level: values["log.level"], format: values["log.format"] });
  const prover = createProver(values, { log });
  try {
    return await prover.transaction({ program: "gas", branch: "lock", input });
  } finally {
    await prover.stop();
  }
}
