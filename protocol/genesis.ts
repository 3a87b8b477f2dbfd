import { createHash } from "node:crypto";
import { keccak_256 } from "@noble/hashes/sha3.js";
import { z } from "zod";
import { GenesisError } from "./errors/GenesisError.ts";
import { field, fromBytes32, toBytes32 } from "./field.ts";
import type { GasDomain } from "./gas/gasMessage.ts";
import { INNER_KEY } from "./innerKey.ts";
import { MAX_SUPPLY, NONCE_BASE } from "./limits.ts";
import { tagToField } from "./poseidon.ts";
import { type PublicKey, publicKeyFromBase58, samePublicKey } from "./publicKey.ts";
import type { Domain } from "./state.ts";
import { checkedValidatorSet, type ValidatorSet } from "./validatorSet.ts";

/** MINA that an account has on L2 from the start; the deployer brings the sum into the outer account. */
export interface Allocation {
  readonly publicKey: PublicKey;
  /** Nanomina. */
  readonly balance: bigint;
}

/** Times that the outer contract counts in, all in Mina slots. */
export interface Delays {
  /** From a batch's last slot to the first claim against it. */
  readonly claim: bigint;
  /** Slots after a batch's last one at which L1 still accepts it. */
  readonly maxLag: bigint;
  /** Age of the oldest unprocessed action at which anybody may commit. */
  readonly open: bigint;
  /** Age at which a freeze may be announced, and how long the notice is. */
  readonly freeze: bigint;
  readonly freezeNotice: bigint;
  /** How long the certificates of a rotated set stay good. */
  readonly grace: bigint;
  /** How long a council's change waits. */
  readonly governance: bigint;
}

/** Everything that differs between deployments. Read by every role; its hash must agree everywhere. */
export interface Genesis {
  readonly version: 1;
  readonly name: string;
  readonly minaNetwork: string;
  readonly outerKey: PublicKey;
  readonly da: {
    readonly chainId: bigint;
    readonly inbox: bigint;
    readonly validatorSet: bigint;
    readonly owner: bigint;
    readonly salt: bigint;
  };
  /** Signs batch headers and commits. */
  readonly sequencer: PublicKey;
  readonly council: PublicKey;
  readonly validators: ValidatorSet;
  readonly allocations: readonly Allocation[];
  readonly innerVerificationKeyHash: bigint;
  /** Nanomina that a new L2 account costs. */
  readonly accountCreationFee: bigint;
  /**
   * Nonce of new accounts, 2³¹ where the file says nothing. A signed command names no deployment: those whose users share keys
   * need bases far apart.
   */
  readonly nonceBase: bigint;
  readonly delays: Delays;
  /** Where MINA is locked for gas of the DA chain, and what pays the gas out. Undefined: this deployment sells none. */
  readonly gas?: GasDeployment | undefined;
}

export interface GasDeployment {
  /** The L1 account in which MINA is locked: `DaGas`. */
  readonly account: PublicKey;
  /** Of the contract that the account runs; under another one nothing is certified. */
  readonly verificationKeyHash: bigint;
  /** Address of `GasVault` on the DA chain. */
  readonly vault: bigint;
}

const key = z.string().transform((text, context) => {
  try {
    return publicKeyFromBase58(text);
  } catch {
    context.addIssue({ code: "custom", message: "a Mina public key" });
    return z.NEVER;
  }
});
const decimal = (bits: number) =>
  z
    .string()
    .regex(/^(0|[1-9][0-9]{0,19})$/, "a decimal number")
    .transform(BigInt)
    .refine((value) => value >> BigInt(bits) === 0n, `a number of ${bits} bits`);
const hex = (bytes: number) =>
  z
    .string()
    .regex(new RegExp(`^0x[0-9a-fA-F]{${bytes * 2}}$`), `${bytes} bytes of hex`)
    .transform((text) => BigInt(text));

/** Leaves each account some 268 million nonces. */
const MAX_NONCE_BASE = (1n << 32n) - (1n << 28n);

const schema = z
  .object({
    version: z.literal(1),
    name: z.string().regex(/^[a-z0-9-]{1,32}$/, "a name of a-z, 0-9 and -"),
    minaNetwork: z.string().regex(/^[a-z0-9:-]{1,31}$/, "a network id"),
    outerKey: key,
    da: z
      .object({ chainId: decimal(64), inbox: hex(20), validatorSet: hex(20), owner: hex(20), salt: hex(32) })
      .strict(),
    sequencer: key,
    council: key,
    validators: z
      .object({
        threshold: decimal(64),
        members: z.array(z.object({ publicKey: key, weight: decimal(32) }).strict()).max(64),
      })
      .strict(),
    allocations: z.array(z.object({ publicKey: key, balance: decimal(64) }).strict()).max(10_000),
    innerVerificationKeyHash: hex(32),
    accountCreationFee: decimal(64),
    nonceBase: decimal(32)
      .refine((base) => base >= NONCE_BASE && base <= MAX_NONCE_BASE, "from 2^31 to 2^32 - 2^28")
      .optional(),
    delays: z
      .object({
        claim: decimal(32),
        maxLag: decimal(32),
        open: decimal(32),
        freeze: decimal(32),
        freezeNotice: decimal(32),
        grace: decimal(32),
        governance: decimal(32),
      })
      .strict(),
    gas: z
      .object({ account: key, verificationKeyHash: hex(32), vault: hex(20) })
      .strict()
      .optional(),
  })
  .strict();

/** The file as it is written, before it is read. */
export type GenesisJson = z.input<typeof schema>;

/** @throws {GenesisError} `GENESIS_MALFORMED`; {ValidatorSetError} */
export function genesisFromJson(json: unknown): Genesis {
  const parsed = schema.safeParse(json);
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    throw new GenesisError("GENESIS_MALFORMED", {
      path: issue.path.join(".") || "it",
      expected: issue.message,
    });
  }
  const { validators, ...rest } = parsed.data;
  const genesis: Genesis = {
    ...rest,
    nonceBase: rest.nonceBase ?? NONCE_BASE,
    validators: checkedValidatorSet({ ...validators, epoch: 0n }),
  };
  field(genesis.innerVerificationKeyHash, "innerVerificationKeyHash");
  if (genesis.gas) field(genesis.gas.verificationKeyHash, "gas.verificationKeyHash");
  checkAllocations(genesis.allocations);
  return genesis;
}

/** Sum of all allocations, in nanomina. */
export function allocated(genesis: Pick<Genesis, "allocations">): bigint {
  return genesis.allocations.reduce((sum, { balance }) => sum + balance, 0n);
}

function checkAllocations(allocations: readonly Allocation[]): void {
  if (allocated({ allocations }) > MAX_SUPPLY) {
    throw new GenesisError("GENESIS_MALFORMED", {
      path: "allocations",
      expected: "below the maximum supply",
    });
  }
  const seen = new Set<string>();
  for (const [i, { publicKey }] of allocations.entries()) {
    const id = `${publicKey.x}/${publicKey.isOdd}`;
    if (seen.has(id) || samePublicKey(publicKey, INNER_KEY)) {
      throw new GenesisError("GENESIS_MALFORMED", { path: `allocations.${i}`, expected: "a key of its own" });
    }
    seen.add(id);
  }
}

/** SHA-256 of the file's content in canonical form: keys sorted, no white space, as read. 64 hex digits. */
export function genesisHash(genesis: Genesis): string {
  const canonical = JSON.stringify(genesis, (_, value: unknown) =>
    typeof value === "bigint"
      ? value.toString()
      : value !== null && typeof value === "object" && !Array.isArray(value)
        ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
        : value,
  );
  return createHash("sha256").update("ZekoGenesis/1").update(canonical).digest("hex");
}

/** Rollup id in the inbox: keccak256(abi.encode(owner, salt)). Twin: contracts/BatchInbox.sol */
export function rollupId(owner: bigint, salt: bigint): bigint {
  return fromBytes32(keccak_256(Buffer.concat([toBytes32(owner), toBytes32(salt)])));
}

/** The deployment that this genesis names. */
export function domainOf(genesis: Genesis): Domain {
  const { da } = genesis;
  return {
    minaNetwork: tagToField(genesis.minaNetwork),
    outerKey: genesis.outerKey,
    daChainId: da.chainId,
    inbox: da.inbox,
    rollupId: rollupId(da.owner, da.salt),
  };
}

/** What totals of locked MINA are certified for. @throws {GenesisError} `GENESIS_NO_GAS` */
export function gasDomainOf({ gas, minaNetwork, da }: Genesis): GasDomain {
  if (!gas) throw new GenesisError("GENESIS_NO_GAS", {});
  return {
    minaNetwork: tagToField(minaNetwork),
    gasKey: gas.account,
    daChainId: da.chainId,
    vault: gas.vault,
  };
}
