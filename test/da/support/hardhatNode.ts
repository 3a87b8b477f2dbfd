import hre from "hardhat";
import { type EvmKey, evmKeyFromHex, Secret } from "../../../service/index.ts";

/** The first accounts of Hardhat's network, each with 10 000 coins. Known to everybody. */
export const fundedKeys: readonly [EvmKey, EvmKey, EvmKey] = [
  evmKeyFromHex(new Secret("0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80")),
  evmKeyFromHex(new Secret("0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d")),
  evmKeyFromHex(new Secret("0x5de4111afa1a4b94908f83103eb1f1706367c2e68ca870fc3fb9a804cdab365a")),
];

export interface HardhatNode {
  readonly url: string;
  close(): Promise<void>;
}

/** A DA chain of its own on a free port, over HTTP as every role sees it. */
export async function hardhatNode(): Promise<HardhatNode> {
  const server = await hre.network.createServer({ network: "default" }, "127.0.0.1", 0);
  const { port } = await server.listen();
  return { url: `http://127.0.0.1:${port}`, close: () => server.close() };
}

/** Asks the node itself, past the client. */
export async function ask(url: string, method: string, params: readonly unknown[] = []): Promise<unknown> {
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
  const response = await fetch(url, {
    method: "POST",
    body,
    headers: { "content-type": "application/json" },
  });
  const { result, error } = (await response.json()) as { result?: unknown; error?: unknown };
  if (error) throw new Error(JSON.stringify(error));
  return result;
}
