import { gasRecipient } from "../../protocol/index.ts";
import type { Route } from "../../service/index.ts";
import { RelayError } from "../RelayError.ts";
import type { GasCounter } from "./GasCounter.ts";

/** `POST /v1/gas/<recipient>/claim`: has the recipient paid what validators certify for it. */
export function gasClaimRoute(counter: Pick<GasCounter, "claim">): Route {
  return {
    method: "POST",
    path: "/v1/gas/:recipient/claim",
    handle: async ({ params, signal }) => {
      try {
        const { before, after } = await counter.claim(gasRecipient(params.recipient!), signal);
        return {
          json: { paidNow: after.paid - before.paid, ...after },
          headers: { "cache-control": "no-store" },
        };
      } catch (error) {
        // Not deep enough, or not seen by enough validators: a matter of time, as whatever is not there yet.
        if (!(error instanceof RelayError && error.code === "RELAY_GAS_NOT_YET")) throw error;
        return { status: 404, json: { error: error.toJSON() }, headers: { "cache-control": "no-store" } };
      }
    },
  };
}
