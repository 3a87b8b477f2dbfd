import { type MinaCommandJson, signCommand } from "../../l1/index.ts";
import {
  type AccountUpdate,
  commandToJson,
  EMPTY_KEY,
  publicKeyFromBase58,
  type Signature,
} from "../../protocol/index.ts";

export interface Transfer {
  readonly from: { readonly publicKey: string; readonly privateKey: string };
  readonly to: string;
  /** Nanomina. */
  readonly amount: bigint;
  readonly nonce: number;
  readonly fee?: bigint;
  readonly validUntil?: number;
  /** Nanomina on top of the amount, when the receiver is new. */
  readonly creationFee?: bigint;
  readonly updates?: (updates: AccountUpdate[]) => AccountUpdate[];
}

const UNSIGNED: Signature = { r: 1n, s: 1n };

/** A signed transfer, as o1js' `AccountUpdate.createSigned(from).send(…)` makes it. */
export function transferCommand({
  from,
  to,
  amount,
  nonce,
  creationFee = 0n,
  ...rest
}: Transfer): MinaCommandJson {
  const update = (publicKey: string, balanceChange: bigint, signature: Signature | null): AccountUpdate => ({
    publicKey: publicKeyFromBase58(publicKey),
    callDepth: 0,
    balanceChange,
    incrementNonce: false,
    useFullCommitment: true,
    implicitAccountCreationFee: false,
    mayUseToken: "no",
    nonce: null,
    validWhile: null,
    authorization: signature,
  });
  const updates = [update(from.publicKey, -(amount + creationFee), UNSIGNED), update(to, amount, null)];
  const unsigned = commandToJson({
    feePayer: { publicKey: EMPTY_KEY, fee: 0n, nonce: 0n, validUntil: null, signature: UNSIGNED },
    updates: rest.updates?.(updates) ?? updates,
    memo: Uint8Array.from({ length: 34 }, (_, i) => (i === 0 ? 1 : 0)),
  });
  return signCommand(unsigned as unknown as MinaCommandJson, {
    privateKey: from.privateKey,
    fee: rest.fee ?? 100_000_000n,
    nonce,
    validUntil: rest.validUntil ?? null,
  });
}
