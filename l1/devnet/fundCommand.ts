import {
  type AccountUpdate,
  commandToJson,
  EMPTY_KEY,
  NANOMINA,
  publicKeyFromBase58,
  type Signature,
} from "../../protocol/index.ts";
import type { MinaCommandJson } from "../graphql/MinaGraphqlBackend.ts";
import { signCommand } from "../signCommand.ts";
import type { TestAccount } from "./testAccounts.ts";

const FEE = NANOMINA / 100n;
/** Stands where `signCommand` puts the real one. */
const UNSIGNED: Signature = { r: 1n, s: 1n };

export interface Funding {
  readonly from: TestAccount;
  readonly nonce: number;
  readonly to: string;
  /** Nanomina that the receiver gets. */
  readonly amount: bigint;
  /** Paid on top, when the receiver is new. */
  readonly creationFee: bigint;
}

/** A transfer: one signed update that pays, one unsigned that receives. */
export function fundCommand({ from, nonce, to, amount, creationFee }: Funding): MinaCommandJson {
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
  const command = commandToJson({
    feePayer: { publicKey: EMPTY_KEY, fee: FEE, nonce: 0n, validUntil: null, signature: UNSIGNED },
    updates: [update(from.publicKey, -(amount + creationFee), UNSIGNED), update(to, amount, null)],
    memo: Uint8Array.from({ length: 34 }, (_, i) => (i === 0 ? 1 : 0)),
  });
  // The same JSON: protocol's type follows from its template of a neutral body, o1js' from Mina's.
  return signCommand(command as unknown as MinaCommandJson, {
    privateKey: from.privateKey,
    fee: FEE,
    nonce,
    validUntil: null,
  });
}
