import type { DaReader, DaValidatorSet } from "../../da/index.ts";
import type { L1Client } from "../../l1/index.ts";
import { genesisSnapshot } from "../../ledger/index.ts";
import {
  type Genesis,
  hash,
  type OuterState,
  outerAtGenesis,
  publicKeyToBase58,
  tags,
  type ValidatorEpochs,
} from "../../protocol/index.ts";
import { SequencerError, ValidatorHistory } from "../../sequencer/index.ts";

export interface BothSidesModules {
  readonly genesis: Genesis;
  readonly l1: Pick<L1Client, "account" | "head">;
  readonly da: Pick<DaReader, "currentEpoch" | "validatorSet">;
}

/** The validators as Mina and the DA chain have them now. */
export interface BothSides {
  /** The outer account at genesis, whose delays count. */
  readonly genesisOuter: OuterState;
  /** Slot and height of Mina's tip, and the state that it has accepted. */
  readonly slot: bigint;
  readonly height: number;
  readonly stateHash: string;
  readonly state: bigint;
  /** Field 6, and what it stands for, if a set of the DA chain's list makes it. */
  readonly fieldHash: bigint;
  readonly field: ValidatorEpochs | undefined;
  readonly history: ValidatorHistory;
  /** The DA chain's newest set, and the one before it. */
  readonly current: DaValidatorSet;
  readonly previous: DaValidatorSet | undefined;
}

const deployed = new WeakMap<Genesis, OuterState>();
/** The outer account as it was deployed. Every look needs it, and it hashes every allocation. */
function deployedOuter(genesis: Genesis): OuterState {
  const outer = deployed.get(genesis) ?? outerAtGenesis(genesis, genesisSnapshot(genesis).state);
  deployed.set(genesis, outer);
  return outer;
}

/** Every set that the DA chain has had in force. @throws {DaError}; {GossipError} `SET_MISMATCH` */
export async function readHistory({
  genesis,
  da,
}: Pick<BothSidesModules, "genesis" | "da">): Promise<ValidatorHistory> {
  const history = new ValidatorHistory({ genesis, outer: deployedOuter(genesis) }, { da });
  await history.look();
  return history;
}

/** @throws {SequencerError} `SETTLEMENT_OUTER_MISSING`; {DaError}; {L1Error}; {GossipError} `SET_MISMATCH` */
export async function readBothSides({ genesis, l1, da }: BothSidesModules): Promise<BothSides> {
  const genesisOuter = deployedOuter(genesis);
  const history = await readHistory({ genesis, da });
  const epoch = history.sets.at(-1)!.set.epoch;
  const current = await da.validatorSet(epoch);
  const previous = epoch > 0n ? await da.validatorSet(epoch - 1n) : undefined;
  const key = publicKeyToBase58(genesis.outerKey);
  const account = await l1.account(key);
  if (!account?.zkapp) throw new SequencerError("SETTLEMENT_OUTER_MISSING", { key });
  const { slot, height, stateHash } = await l1.head();
  const [core, , , , cursor, , fieldHash] = account.zkapp.appState;
  return {
    genesisOuter,
    slot: BigInt(slot),
    height,
    stateHash,
    state: hash(tags.state, [core!, cursor!]),
    fieldHash: fieldHash!,
    field: history.fieldOf(fieldHash!),
    history,
    current,
    previous,
  };
}
