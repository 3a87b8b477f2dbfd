import { Field, initializeBindings, Ledger as OcamlLedger, PublicKey } from "o1js";
import {
  type Account,
  type AuthRequired,
  base58Versions,
  commandToJson,
  fromBase58,
  fromLittleEndian,
  type PublicKey as Key,
  MINA_TOKEN,
  type Permissions,
  permissionNames,
  publicKeyFromBase58,
  publicKeyToBase58,
  STATE_FIELDS,
  type ZkappCommand,
} from "../../../protocol/index.ts";

await initializeBindings();

type Json = Record<string, unknown>;

/** o1js' own ledger: Mina's OCaml code. What our rules are compared with. */
export class Oracle {
  readonly #ledger = OcamlLedger.create();
  readonly #creationFee: bigint;

  constructor(creationFee: bigint) {
    this.#creationFee = creationFee;
  }

  add(publicKey: Key, balance: bigint): void {
    this.#ledger.addAccount(mlKey(publicKey), balance.toString());
  }

  /** @returns null when the command went through, what OCaml said otherwise; it charges a failed command's fee. */
  apply(command: ZkappCommand, slot: bigint): string | null {
    return this.applyJson(JSON.stringify(commandToJson(command)), slot);
  }

  applyJson(json: string, slot: bigint): string | null {
    try {
      this.#ledger.applyJsonTransaction(json, this.#creationFee.toString(), networkState(slot));
      return null;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }

  /** The account as we keep it, or null. */
  get(publicKey: Key): Account | null {
    const json = this.#ledger.getAccount(mlKey(publicKey), [0, MINA_TOKEN]) as unknown as Json | undefined;
    return json === undefined ? null : accountFromJson(json);
  }
}

function mlKey(key: Key) {
  const { x, isOdd } = PublicKey.fromBase58(publicKeyToBase58(key));
  // The binding takes OCaml's record of a field constant and a bool.
  return [0, [0, x.toBigInt()], isOdd.toBoolean() ? 1 : 0] as unknown as Parameters<
    OcamlLedger["getAccount"]
  >[0];
}

function networkState(slot: bigint): string {
  const zero = Field(0).toString();
  const epoch = {
    ledger: { hash: zero, totalCurrency: "0" },
    seed: zero,
    startCheckpoint: zero,
    lockCheckpoint: zero,
    epochLength: "0",
  };
  return JSON.stringify({
    snarkedLedgerHash: zero,
    blockchainLength: "0",
    minWindowDensity: "0",
    totalCurrency: "0",
    globalSlotSinceGenesis: slot.toString(),
    stakingEpochData: epoch,
    nextEpochData: epoch,
  });
}

/** An account as OCaml prints it. */
export function accountFromJson(json: Json): Account {
  const timing = json.timing as Json;
  const zkapp = json.zkapp as Json | null;
  return {
    publicKey: publicKeyFromBase58(json.publicKey as string),
    tokenId: fieldOf(json.tokenId as string, base58Versions.tokenId),
    tokenSymbol: (json.tokenSymbol as string) ?? "",
    balance: BigInt(json.balance as string),
    nonce: BigInt(json.nonce as string),
    receiptChainHash: BigInt(json.receiptChainHash as string),
    delegate: json.delegate == null ? null : publicKeyFromBase58(json.delegate as string),
    votingFor: BigInt(json.votingFor as string),
    timing: timing.isTimed
      ? {
          initialMinimumBalance: BigInt(timing.initialMinimumBalance as string),
          cliffTime: BigInt(timing.cliffTime as string),
          cliffAmount: BigInt(timing.cliffAmount as string),
          vestingPeriod: BigInt(timing.vestingPeriod as string),
          vestingIncrement: BigInt(timing.vestingIncrement as string),
        }
      : null,
    permissions: permissionsFromJson(json.permissions as Json),
    zkapp: zkapp && {
      appState: (zkapp.appState as string[]).slice(0, STATE_FIELDS).map(BigInt),
      verificationKeyHash: BigInt((zkapp.verificationKey as Json).hash as string),
      zkappVersion: BigInt(zkapp.zkappVersion as string),
      actionState: (zkapp.actionState as string[]).map(BigInt),
      lastActionSlot: BigInt(zkapp.lastActionSlot as string),
      provedState: zkapp.provedState as boolean,
      zkappUriHash: 0n,
    },
  };
}

function fieldOf(text: string, version: number): bigint {
  const bytes = fromBase58(version, 32, text);
  if (!bytes) throw new Error(`not base58check: ${text}`);
  return fromLittleEndian(bytes);
}

function permissionsFromJson(json: Json): Permissions {
  const auth = (text: unknown) => (text as string).toLowerCase() as AuthRequired;
  const { setVerificationKey } = json as { setVerificationKey: { auth: string; txnVersion: string } };
  const entries = permissionNames.map((name) => [
    name,
    auth(name === "setVerificationKey" ? setVerificationKey.auth : json[name]),
  ]);
  return {
    ...Object.fromEntries(entries),
    setVerificationKeyTxnVersion: BigInt(setVerificationKey.txnVersion),
  } as Permissions;
}
