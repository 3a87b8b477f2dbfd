import { receiptChainHashToBase58, stateHashToBase58 } from "../graphql/base58Hashes.ts";
import type { GraphqlAccount } from "../graphql/MinaGraphqlBackend.ts";
import type { LedgerAccount } from "./OcamlLedger.ts";

/** The OCaml ledger's JSON, in which hashes are decimal, in the words of the daemon's schema. */
export function ledgerAccountToGraphql(account: LedgerAccount): GraphqlAccount {
  const { timing, zkapp, permissions } = account;
  const { initialMinimumBalance, cliffTime, cliffAmount, vestingPeriod, vestingIncrement } = timing;
  return {
    publicKey: account.publicKey,
    token: account.tokenId,
    nonce: account.nonce,
    balance: account.balance,
    tokenSymbol: account.tokenSymbol,
    receiptChainHash: receiptChainHashToBase58(BigInt(account.receiptChainHash)),
    delegate: account.delegate,
    votingFor: stateHashToBase58(BigInt(account.votingFor)),
    timing: timing.isTimed
      ? { initialMinimumBalance, cliffTime, cliffAmount, vestingPeriod, vestingIncrement }
      : null,
    permissions,
    zkapp: zkapp
      ? {
          appState: zkapp.appState,
          verificationKey: zkapp.verificationKey,
          zkappVersion: zkapp.zkappVersion,
          actionState: zkapp.actionState,
          provedState: zkapp.provedState,
          zkappUri: zkapp.zkappUri,
        }
      : null,
  };
}
