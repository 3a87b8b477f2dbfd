import {
  type Account,
  accountIdKey,
  allocated,
  type Genesis,
  INNER_KEY,
  MAX_SUPPLY,
  type State,
} from "../protocol/index.ts";
import { defaultAccount, defaultZkapp, EMPTY_ACTION_STATE } from "./defaultAccount.ts";
import { IndexedMap } from "./IndexedMap.ts";
import { Ledger } from "./Ledger.ts";
import type { Snapshot } from "./Snapshot.ts";

/**
 * The state that a deployment starts from: the inner account at index 0 with the maximum supply less Σ allocations, then
 * the allocations in the file's order, at the nonce base; all their ids in the accounts map; nothing owed.
 */
export function genesisSnapshot(genesis: Genesis): Snapshot {
  const ledger = Ledger.empty();
  ledger.set(0n, innerAccount(genesis));
  for (const [i, { publicKey, balance }] of genesis.allocations.entries())
    ledger.set(BigInt(i + 1), { ...defaultAccount(publicKey, genesis.nonceBase), balance });
  const accounts = IndexedMap.empty();
  for (const { index, account } of ledger.accounts())
    accounts.insert(accountIdKey(account.publicKey, account.tokenId), index);
  const owed = IndexedMap.empty();
  const state: State = {
    ledgerRoot: ledger.root(),
    accountsRoot: accounts.root(),
    accountsLength: accounts.length,
    inner: EMPTY_ACTION_STATE,
    owedRoot: owed.root(),
    owedLength: owed.length,
    lastSlot: 0n,
    batch: 0n,
    blockCount: 0n,
    cursor: EMPTY_ACTION_STATE,
    processed: 0n,
  };
  const rules = { creationFee: genesis.accountCreationFee, nonceBase: genesis.nonceBase };
  return { rules, state, ledger, accounts, owed };
}

/**
 * The bridge's account on L2. Only its own proofs may touch it: `access` so that nothing at all happens without one,
 * `send` for withdrawals, `editActionState` for their actions. What could change its rules is closed for good; `receive`
 * is open, but behind `access`.
 */
export function innerAccount(genesis: Genesis): Account {
  return {
    ...defaultAccount(INNER_KEY, 0n),
    balance: MAX_SUPPLY - allocated(genesis),
    delegate: null,
    permissions: {
      editState: "proof",
      access: "proof",
      send: "proof",
      receive: "none",
      setDelegate: "impossible",
      setPermissions: "impossible",
      setVerificationKey: "impossible",
      setZkappUri: "impossible",
      editActionState: "proof",
      setTokenSymbol: "impossible",
      incrementNonce: "impossible",
      setVotingFor: "impossible",
      setTiming: "impossible",
      setVerificationKeyTxnVersion: 3n,
    },
    zkapp: { ...defaultZkapp, verificationKeyHash: genesis.innerVerificationKeyHash },
  };
}
