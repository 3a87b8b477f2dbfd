import type { Interface, Result } from "ethers";
import { type Revert, readRevert } from "./contracts.ts";
import type { Hex } from "./DaTypes.ts";
import { DaError } from "./errors/DaError.ts";
import { type JsonRpc, rpcError } from "./rpc/JsonRpc.ts";
import { hex } from "./rpc/readAnswer.ts";

/** Read-only calls of one contract. */
export class ContractCaller {
  readonly #rpc: JsonRpc;
  readonly #contract: Interface;
  readonly #address: Hex;

  constructor(rpc: JsonRpc, contract: Interface, address: Hex) {
    this.#rpc = rpc;
    this.#contract = contract;
    this.#address = address;
  }

  /**
   * The function's results by name, as the contract would give them to `from` where that matters.
   * @throws {DaError} `DA_REVERTED`, `DA_ANSWER_MALFORMED`, and those of `JsonRpc`
   */
  async call(name: string, args: readonly unknown[], from?: Hex): Promise<Result> {
    const answer = await this.attempt(name, args, from);
    if ("result" in answer) return answer.result;
    throw new DaError("DA_REVERTED", { error: answer.revert.name, args: answer.revert.args });
  }

  /** As {@link call}; undefined when the contract refuses with the custom error `absent`. */
  async find(name: string, args: readonly unknown[], absent: string): Promise<Result | undefined> {
    const answer = await this.attempt(name, args);
    if ("result" in answer) return answer.result;
    if (answer.revert.name === absent) return undefined;
    throw new DaError("DA_REVERTED", { error: answer.revert.name, args: answer.revert.args });
  }

  async attempt(
    name: string,
    args: readonly unknown[],
    from?: Hex,
  ): Promise<{ result: Result } | { revert: Revert }> {
    const data = this.#contract.encodeFunctionData(name, args);
    const request = { to: this.#address, data, ...(from && { from }) };
    const answer = await this.#rpc.attempt("eth_call", [request, "latest"]);
    if ("fault" in answer) {
      if (answer.fault.data !== undefined) return { revert: readRevert(answer.fault.data) };
      throw rpcError("eth_call", answer.fault);
    }
    try {
      return { result: this.#contract.decodeFunctionResult(name, hex(answer.result, name)) };
    } catch (cause) {
      throw new DaError("DA_ANSWER_MALFORMED", { what: `result of ${name}` }, { cause });
    }
  }
}
