import {
  DEFAULT_TOKEN,
  type GraphqlAccount,
  type GraphqlZkapp,
  receiptChainHashToBase58,
  stateHashToBase58,
} from "../../l1/index.ts";
import {
  type Account,
  type AuthRequired,
  type PermissionName,
  permissionNames,
  publicKeyToBase58,
  type Timing,
  type ZkappState,
} from "../../protocol/index.ts";

type GraphqlPermission = GraphqlAccount["permissions"]["send"];

const permissionWords: Readonly<Record<AuthRequired, GraphqlPermission>> = {
  none: "None",
  either: "Either",
  proof: "Proof",
  signature: "Signature",
  impossible: "Impossible",
};

/** An L2 account in the words of the daemon's schema. Accounts on L2 hold MINA only in this version. */
export function accountToGraphql(account: Account): GraphqlAccount {
  const { permissions, timing, zkapp, delegate } = account;
  const word = (name: PermissionName) => permissionWords[permissions[name]];
  const plain = permissionNames.filter((name) => name !== "setVerificationKey");
  const setVerificationKey = {
    auth: word("setVerificationKey"),
    txnVersion: permissions.setVerificationKeyTxnVersion.toString(),
  };
  return {
    publicKey: publicKeyToBase58(account.publicKey),
    token: DEFAULT_TOKEN,
    nonce: account.nonce.toString(),
    balance: account.balance.toString(),
    tokenSymbol: account.tokenSymbol,
    receiptChainHash: receiptChainHashToBase58(account.receiptChainHash),
    delegate: delegate && publicKeyToBase58(delegate),
    votingFor: stateHashToBase58(account.votingFor),
    timing: timing && timingToGraphql(timing),
    permissions: {
      ...Object.fromEntries(plain.map((name) => [name, word(name)])),
      setVerificationKey,
    } as GraphqlAccount["permissions"],
    zkapp: zkapp && zkappToGraphql(zkapp),
  };
}

function timingToGraphql(timing: Timing): NonNullable<GraphqlAccount["timing"]> {
  return {
    initialMinimumBalance: timing.initialMinimumBalance.toString(),
    cliffTime: timing.cliffTime.toString(),
    cliffAmount: timing.cliffAmount.toString(),
    vestingPeriod: timing.vestingPeriod.toString(),
    vestingIncrement: timing.vestingIncrement.toString(),
  };
}

/** The ledger keeps hashes of key and URI only, and no batch can set either yet: there is nothing to show for them. */
function zkappToGraphql(zkapp: ZkappState): GraphqlZkapp {
  return {
    appState: zkapp.appState.map(String),
    verificationKey: null,
    zkappVersion: zkapp.zkappVersion.toString(),
    actionState: zkapp.actionState.map(String),
    provedState: zkapp.provedState,
    zkappUri: "",
  };
}
