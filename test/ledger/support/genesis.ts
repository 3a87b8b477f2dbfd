import { genesisSnapshot, type Snapshot } from "../../../ledger/index.ts";
import { type Genesis, NANOMINA, NONCE_BASE } from "../../../protocol/index.ts";
import { testKey } from "./commands.ts";

/** Keys 0 to 3 have 1000 MINA each on L2; a new account costs 1 MINA. */
export function testGenesis(allocations = 4): Genesis {
  const { publicKey } = testKey(100);
  return {
    version: 1,
    name: "test",
    minaNetwork: "testnet",
    outerKey: publicKey,
    da: { chainId: 31_337n, inbox: 1n, validatorSet: 2n, owner: 3n, salt: 4n },
    sequencer: publicKey,
    council: publicKey,
    validators: { epoch: 0n, threshold: 1n, members: [{ publicKey, weight: 1n }] },
    allocations: Array.from({ length: allocations }, (_, i) => ({
      publicKey: testKey(i).publicKey,
      balance: 1000n * NANOMINA,
    })),
    innerVerificationKeyHash: 77n,
    accountCreationFee: NANOMINA,
    nonceBase: NONCE_BASE,
    delays: {
      claim: 0n,
      maxLag: 100n,
      open: 100n,
      freeze: 200n,
      freezeNotice: 10n,
      grace: 10n,
      governance: 50n,
    },
  };
}

export function testSnapshot(allocations?: number): Snapshot {
  return genesisSnapshot(testGenesis(allocations));
}
