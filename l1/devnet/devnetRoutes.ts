import { L1_CREATION_FEE, publicKeyFromBase58 } from "../../protocol/index.ts";
import type { Route } from "../../service/index.ts";
import { DevnetError } from "../errors/DevnetError.ts";
import { DEFAULT_TOKEN } from "../graphql/base58Hashes.ts";
import type { Devnet } from "./Devnet.ts";
import { fundCommand } from "./fundCommand.ts";
import { faucetAccount, type TestAccount } from "./testAccounts.ts";

/** Nanomina: what one request to the faucet gives at most. */
const MAX_FUNDING = 1_000_000_000_000_000n;
/** A jump of the clock: some 4 years of Mina's slots, and far below 2³². */
const MAX_JUMP = 1_000_000;

/** What a real network has not: time by command, reorganisations by command, money for nothing. */
export function devnetRoutes(devnet: Devnet, accounts: readonly TestAccount[]): Route[] {
  const chainState = () => {
    const { height, slot, stateHash } = devnet.chain.tip;
    return { slot: devnet.slots.current(), tip: { height, slot, stateHash } };
  };
  return [
    { method: "GET", path: "/v1/dev/accounts", handle: () => ({ json: { accounts } }) },
    { method: "GET", path: "/v1/dev/state", handle: () => devnet.exclusive(() => ({ json: chainState() })) },
    {
      method: "POST",
      path: "/v1/dev/slot",
      async handle(request) {
        const body = fieldsOf(request.json(), ["advance"], ["slot"]);
        await devnet.advance(jumpOf(body, devnet.slots.current()));
        return { json: await devnet.exclusive(chainState) };
      },
    },
    {
      method: "POST",
      path: "/v1/dev/reorg",
      timeoutMs: 600_000,
      async handle(request) {
        const { depth } = fieldsOf(request.json(), ["depth"]);
        await devnet.reorg(integer("depth", depth, 1, Number.MAX_SAFE_INTEGER));
        return { json: await devnet.exclusive(chainState) };
      },
    },
    {
      method: "POST",
      path: "/v1/dev/fund",
      async handle(request) {
        const { publicKey, amount } = fieldsOf(request.json(), ["publicKey", "amount"]);
        return { json: { hash: await fund(devnet, keyOf(publicKey), amountOf(amount)) } };
      },
    },
  ];
}

async function fund(devnet: Devnet, to: string, amount: bigint): Promise<string> {
  return devnet.faucetTurn(async () => {
    const { nonce, isNew } = await devnet.exclusive(() => {
      const { chain } = devnet;
      const waiting = chain.pool.list(faucetAccount.publicKey).length;
      const faucet = chain.account(faucetAccount.publicKey, DEFAULT_TOKEN);
      return { nonce: Number(faucet?.nonce ?? 0) + waiting, isNew: !chain.account(to, DEFAULT_TOKEN) };
    });
    const creationFee = isNew ? L1_CREATION_FEE : 0n;
    return (await devnet.submit(fundCommand({ from: faucetAccount, nonce, to, amount, creationFee }))).hash;
  });
}

function malformed(reason: string): DevnetError {
  return new DevnetError("DEVNET_REQUEST_MALFORMED", { reason });
}

/** The fields of one of the allowed sets, and no others. */
function fieldsOf(body: unknown, ...allowed: readonly (readonly string[])[]): Record<string, unknown> {
  const keys =
    typeof body === "object" && body !== null && !Array.isArray(body) ? Object.keys(body).sort().join() : "";
  if (!allowed.some((names) => names.toSorted().join() === keys)) {
    throw malformed(`expected ${allowed.map((names) => `{${names.join(", ")}}`).join(" or ")}`);
  }
  return body as Record<string, unknown>;
}

function integer(name: string, value: unknown, least: number, most: number): number {
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= least && value <= most)
    return value;
  throw malformed(`${name} is not an integer from ${least} to ${most}`);
}

function jumpOf(body: Record<string, unknown>, current: number): number {
  if ("advance" in body) return integer("advance", body.advance, 1, MAX_JUMP);
  return integer("slot", body.slot, current + 1, current + MAX_JUMP) - current;
}

function keyOf(value: unknown): string {
  try {
    publicKeyFromBase58(value as string);
    return value as string;
  } catch {
    throw malformed("publicKey is not a Mina public key");
  }
}

function amountOf(value: unknown): bigint {
  const good = typeof value === "string" && /^[1-9][0-9]{0,18}$/.test(value) && BigInt(value) <= MAX_FUNDING;
  if (!good) throw malformed(`amount is not a decimal string from 1 to ${MAX_FUNDING} nanomina`);
  return BigInt(value);
}
