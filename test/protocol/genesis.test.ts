import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  comparePublicKeys,
  domainOf,
  type GenesisJson,
  gasDomainHash,
  gasDomainOf,
  genesisFromJson,
  genesisHash,
  INNER_KEY,
  NONCE_BASE,
  publicKeyToBase58,
} from "../../protocol/index.ts";
import { sampleKey } from "../../scripts/vectors/samples.ts";
import { hasCode } from "../support/hasCode.ts";

const keys = ["a", "b", "c", "d"]
  .map((name) => sampleKey(name))
  .sort((a, b) => comparePublicKeys(a.publicKey, b.publicKey));
const json: GenesisJson = {
  version: 1,
  name: "test",
  minaNetwork: "devnet",
  outerKey: keys[0]!.base58,
  da: {
    chainId: "31337",
    inbox: `0x${"11".repeat(20)}`,
    validatorSet: `0x${"22".repeat(20)}`,
    owner: `0x${"33".repeat(20)}`,
    salt: `0x${"00".repeat(32)}`,
  },
  sequencer: keys[1]!.base58,
  council: keys[2]!.base58,
  validators: { threshold: "3", members: keys.map(({ base58 }) => ({ publicKey: base58, weight: "1" })) },
  allocations: [{ publicKey: keys[3]!.base58, balance: "1000" }],
  innerVerificationKeyHash: `0x${"00".repeat(32)}`,
  accountCreationFee: "1000000000",
  delays: { claim: "1", maxLag: "2", open: "3", freeze: "4", freezeNotice: "5", grace: "6", governance: "7" },
};

describe("genesis file", () => {
  it("hashes to the same whatever the order of its keys, and to something else when anything differs", () => {
    const genesis = genesisFromJson(json);
    const reversed = Object.fromEntries(Object.entries(json).reverse());
    assert.equal(genesisHash(genesisFromJson(reversed)), genesisHash(genesis));
    const others: Partial<GenesisJson>[] = [
      { name: "other" },
      { accountCreationFee: "1" },
      { allocations: [] },
      { delays: { ...json.delays, grace: "7" } },
    ];
    for (const other of others)
      assert.notEqual(genesisHash(genesisFromJson({ ...json, ...other })), genesisHash(genesis));
  });
  it("takes a nonce base of its own, which parts its users' commands from another deployment's", () => {
    const genesis = genesisFromJson({ ...json, nonceBase: "2684354560" });
    assert.equal(genesis.nonceBase, 2_684_354_560n);
    assert.equal(genesisFromJson(json).nonceBase, NONCE_BASE);
    assert.notEqual(genesisHash(genesis), genesisHash(genesisFromJson(json)));
  });
  it("makes one domain per deployment", () => {
    const domain = domainOf(genesisFromJson(json));
    const salted = domainOf(genesisFromJson({ ...json, da: { ...json.da, salt: `0x${"01".repeat(32)}` } }));
    assert.notEqual(domain.rollupId, salted.rollupId);
  });
  const bad: [string, object][] = [
    ["another version", { version: 2 }],
    ["an unknown field", { surprise: 1 }],
    ["a key that is none", { sequencer: "B62" }],
    ["an amount that is no number", { accountCreationFee: "1.5" }],
    ["an amount of 65 bits", { accountCreationFee: "18446744073709551616" }],
    ["a nonce base in L1's range", { nonceBase: "2147483647" }],
    ["a nonce base that leaves few nonces", { nonceBase: "4026531841" }],
    ["two allocations for one key", { allocations: [...json.allocations, ...json.allocations] }],
    [
      "an allocation for the inner account",
      { allocations: [{ publicKey: publicKeyToBase58(INNER_KEY), balance: "1" }] },
    ],
    [
      "more than the supply",
      {
        allocations: keys
          .slice(0, 2)
          .map(({ base58 }) => ({ publicKey: base58, balance: "18446744073709551615" })),
      },
    ],
  ];
  for (const [name, change] of bad) {
    it(`refuses ${name}`, () =>
      assert.throws(() => genesisFromJson({ ...json, ...change }), hasCode("GENESIS_MALFORMED")));
  }
  describe("that sells gas", () => {
    const gas = {
      account: keys[0]!.base58,
      verificationKeyHash: `0x${"00".repeat(31)}07`,
      vault: `0x${"44".repeat(20)}`,
    };

    it("names what totals are certified for, and hashes it", () => {
      const genesis = genesisFromJson({ ...json, gas });
      const domain = gasDomainOf(genesis);
      assert.deepEqual(domain, {
        minaNetwork: domainOf(genesis).minaNetwork,
        gasKey: keys[0]!.publicKey,
        daChainId: 31_337n,
        vault: BigInt(gas.vault),
      });
      assert.notEqual(genesisHash(genesis), genesisHash(genesisFromJson(json)));
      const other = genesisFromJson({ ...json, gas: { ...gas, vault: `0x${"45".repeat(20)}` } });
      assert.notEqual(gasDomainHash(gasDomainOf(other)), gasDomainHash(domain));
    });

    it("is told from one that sells none", () => {
      assert.throws(() => gasDomainOf(genesisFromJson(json)), hasCode("GENESIS_NO_GAS"));
    });

    it("is refused with a part missing, or a hash that is no field element", () => {
      const { vault: _, ...rest } = gas;
      assert.throws(() => genesisFromJson({ ...json, gas: rest }), hasCode("GENESIS_MALFORMED"));
      const large = { ...gas, verificationKeyHash: `0x${"ff".repeat(32)}` };
      assert.throws(() => genesisFromJson({ ...json, gas: large }), hasCode("FIELD_NOT_CANONICAL"));
    });
  });

  it("refuses validators that make no set", () => {
    const validators = { ...json.validators, threshold: "2" };
    assert.throws(() => genesisFromJson({ ...json, validators }), hasCode("SET_THRESHOLD"));
  });
});
