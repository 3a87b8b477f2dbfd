import {
  comparePublicKeys,
  type Genesis,
  genesisFromJson,
  publicKeyToBase58,
  type Validator,
} from "../../../protocol/index.ts";
import { testKey } from "../../ledger/support/commands.ts";

const base58 = (n: number) => publicKeyToBase58(testKey(n).publicKey);

export const sequencerKey = testKey(900);
export const outerKey = testKey(901);
/** Three of four make a quorum; by rising key. */
export const validatorKeys = [910, 911, 912, 913]
  .map(testKey)
  .sort((a, b) => comparePublicKeys(a.publicKey, b.publicKey));
/** Has MINA on L2 from the start. */
export const alice = testKey(1);
export const bob = testKey(2);
/** Have none. */
export const carol = testKey(3);
export const feeRecipient = testKey(4);

export const MINA = 1_000_000_000n;

/** A deployment that exists in tests only. */
export function testGenesis(changes: { name?: string; maxLag?: bigint } = {}): Genesis {
  const members: Validator[] = validatorKeys.map(({ publicKey }) => ({ publicKey, weight: 1n }));
  const address = (digit: string) => `0x${digit.repeat(40)}`;
  return genesisFromJson({
    version: 1,
    name: changes.name ?? "test",
    minaNetwork: "mina:devnet",
    outerKey: base58(901),
    da: {
      chainId: "31337",
      inbox: address("1"),
      validatorSet: address("2"),
      owner: address("3"),
      salt: `0x${"4".repeat(64)}`,
    },
    sequencer: base58(900),
    council: base58(902),
    validators: {
      threshold: "3",
      members: members.map(({ publicKey, weight }) => ({
        publicKey: publicKeyToBase58(publicKey),
        weight: weight.toString(),
      })),
    },
    allocations: [
      { publicKey: base58(1), balance: (1_000n * MINA).toString() },
      { publicKey: base58(2), balance: (1_000n * MINA).toString() },
      { publicKey: base58(4), balance: (10n * MINA).toString() },
    ],
    innerVerificationKeyHash: `0x${"0".repeat(63)}7`,
    accountCreationFee: MINA.toString(),
    delays: {
      claim: "10",
      maxLag: (changes.maxLag ?? 480n).toString(),
      open: "1000",
      freeze: "2000",
      freezeNotice: "100",
      grace: "100",
      governance: "1000",
    },
  });
}
