import assert from "node:assert/strict";
import { Bool, Field, Mina, PrivateKey, PublicKey, VerificationKey } from "o1js";
import {
  type CommitInput,
  type CommitProofs,
  commitWitness,
  deployOuter,
  OuterContract,
} from "../../../circuits/outer/index.ts";
import { QuorumOutput, QuorumProof } from "../../../circuits/quorum/index.ts";
import { WrapperProof, WrapperStatement } from "../../../circuits/wrapper/index.ts";
import { genesisSnapshot } from "../../../ledger/index.ts";
import {
  allocated,
  attestationMessage,
  comparePublicKeys,
  domainHash,
  domainOf,
  type Genesis,
  genesisFromJson,
  type OuterState,
  outerAfterCommit,
  outerAtGenesis,
  outerFields,
  publicKeyToBase58,
  type State,
  stateHash,
  statementHash,
} from "../../../protocol/index.ts";
import { sampleKey as testKey } from "../../../scripts/vectors/samples.ts";

export const outerKey = testKey("outer");
export const sequencer = testKey("sequencer");
const council = testKey("council");

export const testGenesis: Genesis = genesisFromJson({
  version: 1,
  name: "test",
  minaNetwork: "devnet",
  outerKey: publicKeyToBase58(outerKey.publicKey),
  da: {
    chainId: "31337",
    inbox: `0x${"11".repeat(20)}`,
    validatorSet: `0x${"22".repeat(20)}`,
    owner: `0x${"33".repeat(20)}`,
    salt: `0x${"44".repeat(32)}`,
  },
  sequencer: publicKeyToBase58(sequencer.publicKey),
  council: publicKeyToBase58(council.publicKey),
  validators: {
    threshold: "3",
    members: ["v1", "v2", "v3", "v4"]
      .map((name) => testKey(name).publicKey)
      .sort(comparePublicKeys)
      .map((publicKey) => ({ publicKey: publicKeyToBase58(publicKey), weight: "1" })),
  },
  allocations: [{ publicKey: publicKeyToBase58(testKey("alice").publicKey), balance: "5000000000" }],
  innerVerificationKeyHash: `0x${"00".repeat(31)}0d`,
  accountCreationFee: "1000000000",
  delays: {
    claim: "10",
    maxLag: "20",
    open: "30",
    freeze: "40",
    freezeNotice: "50",
    grace: "60",
    governance: "70",
  },
});

export const testState: State = genesisSnapshot(testGenesis).state;
export const testOuter: OuterState = outerAtGenesis(testGenesis, testState);

/** One commit, of which a test changes a part. */
export interface CommitCase {
  readonly input: CommitInput;
  readonly source: State;
  /** What the proofs say; made from `input` unless given. */
  readonly statement?: bigint;
  readonly recent?: bigint;
  readonly ctx?: bigint;
  readonly setHash?: bigint;
  readonly message?: bigint;
}

/** A good step on `outer`: one batch later, at `lastSlot`. */
export function commitCase(
  outer: OuterState = testOuter,
  source: State = testState,
  target: Partial<State> = {},
): CommitCase {
  return {
    source,
    input: {
      outer,
      domain: domainOf(testGenesis),
      target: {
        ...source,
        ledgerRoot: source.ledgerRoot + 1n,
        owedRoot: source.owedRoot + 1n,
        lastSlot: source.lastSlot + 100n,
        batch: source.batch + 1n,
        blockCount: source.blockCount + 4n,
        ...target,
      },
      landBy: 2n ** 32n - 1n,
      dataRoot: 71n,
      dataLength: 72n,
      scheme: 1n,
    },
  };
}

/** What honest proofs of this case say, but for what the case overrides. */
export function proofsOf(commit: CommitCase): CommitProofs {
  const { input, source } = commit;
  const { outer, target, landBy, dataRoot, dataLength, scheme } = input;
  const honest = statementHash({
    source: stateHash(source),
    target: stateHash(target),
    landBy,
    domain: domainHash(domainOf(testGenesis)),
  });
  const statement = commit.statement ?? honest;
  const setHash = commit.setHash ?? outer.validators.current;
  const message = commit.message ?? attestationMessage(setHash, { statement, dataRoot, dataLength, scheme });
  return {
    wrapper: new WrapperStatement({
      statement: Field(statement),
      recent: Field(commit.recent ?? target.cursor),
      ctx: Field(commit.ctx ?? outer.governance.context),
    }),
    message: Field(message),
    quorum: new QuorumOutput({ setHash: Field(setHash), epoch: Field(0), allSigned: Bool(true) }),
  };
}

type Chain = Awaited<ReturnType<typeof Mina.LocalBlockchain>>;

/** The outer account on o1js' ledger, without proofs. */
export class OuterChain {
  readonly chain: Chain;
  readonly contract: OuterContract;
  outer: OuterState;

  private constructor(chain: Chain, outer: OuterState) {
    this.chain = chain;
    this.contract = new OuterContract(this.address);
    this.outer = outer;
  }

  get address(): PublicKey {
    return PublicKey.fromBase58(publicKeyToBase58(outerKey.publicKey));
  }

  static async create(): Promise<OuterChain> {
    const chain = await Mina.LocalBlockchain({ proofsEnabled: false });
    Mina.setActiveInstance(chain);
    // A key without an account would have to pay for one when it signs.
    chain.addAccount(PublicKey.fromBase58(publicKeyToBase58(sequencer.publicKey)), "1000000000");
    return new OuterChain(chain, testOuter);
  }

  static async deployed(outer: OuterState = testOuter): Promise<OuterChain> {
    const created = await OuterChain.create();
    await created.deploy(outer);
    return created;
  }

  async deploy(outer: OuterState): Promise<void> {
    const [payer] = this.chain.testAccounts;
    const verificationKey = await VerificationKey.dummy();
    const transaction = await Mina.transaction(payer, async () => {
      deployOuter({
        outerKey: this.address.toBase58(),
        payer: payer.toBase58(),
        allocated: allocated(testGenesis),
        state: outer,
        verificationKey,
      });
    });
    await transaction.sign([payer.key, PrivateKey.fromBase58(outerKey.privateKey)]).send();
    this.outer = outer;
  }

  /** Sends any transaction, paid by the second test account. */
  async send(updates: () => Promise<void>, keys: readonly string[] = []): Promise<void> {
    const payer = this.chain.testAccounts[1];
    const transaction = await Mina.transaction(payer, updates);
    await transaction.prove();
    await transaction.sign([payer.key, ...keys.map((key) => PrivateKey.fromBase58(key))]).send();
  }

  async commit(commit: CommitCase, keys: readonly string[] = [sequencer.privateKey]): Promise<void> {
    const { wrapper, message, quorum } = proofsOf(commit);
    const wrapperProof = await WrapperProof.dummy(wrapper, undefined, 2);
    const quorumProof = await QuorumProof.dummy(message, quorum, 0);
    await this.send(() => this.contract.commit(wrapperProof, quorumProof, commitWitness(commit.input)), keys);
    const { outer, target, landBy } = commit.input;
    this.outer = outerAfterCommit(outer, target, landBy);
  }

  setSlot(slot: bigint): void {
    this.chain.setGlobalSlot(Number(slot));
  }

  fields(): bigint[] {
    return this.chain.getAccount(this.address).zkapp!.appState.map((field) => field.toBigInt());
  }

  assertFieldsOf(outer: OuterState): void {
    assert.deepEqual(this.fields(), outerFields(outer));
  }
}
