import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { codeOf } from "../../../protocol/index.ts";
import { decodeTagged, encodeTagged } from "../../../sequencer/store/taggedJson.ts";
import type { TestRollup } from "./TestRollup.ts";

/** The parts of a test's world that a sequencer in another process asks. */
export type Service = "da" | "fees" | "l1" | "relay" | "prover";
export interface Call {
  readonly service: Service;
  readonly method: string;
  readonly parameters: readonly unknown[];
}
export type Answer = { readonly result: unknown } | { readonly error: string };

/** Serves a test's world, so that it survives the sequencer's process. @returns its address */
export async function serveRollup(rollup: TestRollup): Promise<{ url: string; server: Server }> {
  const services = {
    fees: await rollup.da.client().fees(),
    da: rollup.da.client(),
    l1: rollup.l1.client(),
    relay: rollup.da.relay(),
    prover: rollup.prover.prover(),
  } as unknown as Record<Service, Record<string, (...parameters: unknown[]) => Promise<unknown>>>;
  const answer = async ({ service, method, parameters }: Call): Promise<Answer> => {
    try {
      return { result: await services[service][method]!(...parameters) };
    } catch (error) {
      return { error: codeOf(error) };
    }
  };
  const server = createServer(async (request, response) => {
    response.end(encodeTagged(await answer(decodeTagged<Call>(await text(request)))));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}
