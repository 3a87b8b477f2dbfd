import { fieldToHex } from "../../gossip/index.ts";
import { type GasDomain, gasRecipient, publicKeyToBase58 } from "../../protocol/index.ts";
import { HttpError, type Route } from "../../service/index.ts";
import { SignerError } from "../SignerError.ts";
import type { GasDesk } from "./GasDesk.ts";
import type { GasStore } from "./GasStore.ts";

export interface GasRoutesModules {
  readonly desk: Pick<GasDesk, "signed">;
  readonly store: Pick<GasStore, "standing">;
  readonly domain: GasDomain;
  readonly depth: number;
}

/** 20 bytes, as the DA chain writes its addresses in hex. */
const addressHex = (value: bigint) => `0x${value.toString(16).padStart(40, "0")}`;

/** What a signer answers about gas: how far it has counted, and its signature over a recipient's total, or over one that it had. */
export function gasRoutes({ desk, store, domain, depth }: GasRoutesModules): Route[] {
  return [
    {
      method: "GET",
      path: "/v1/gas",
      handle: async () => {
        const { height, sum, sightings } = await store.standing();
        return {
          json: {
            account: publicKeyToBase58(domain.gasKey),
            vault: addressHex(domain.vault),
            depth,
            countedAt: height,
            seenAt: sightings.at(-1)?.height ?? null,
            sum: sum.toString(),
          },
          headers: { "cache-control": "no-store" },
        };
      },
    },
    {
      method: "GET",
      path: "/v1/gas/:recipient",
      handle: async ({ params, query }) => {
        try {
          const signed = await desk.signed(gasRecipient(params.recipient!), totalOf(query));
          return { json: signedTotalJson(signed) };
        } catch (error) {
          // Nothing locked yet, or not deep enough: a matter of time, as whatever is not there yet.
          if (!(error instanceof SignerError && error.code === "SIGNER_GAS_NONE")) throw error;
          return { status: 404, json: { error: error.toJSON() }, headers: { "cache-control": "no-store" } };
        }
      },
    },
  ];
}

/** `?total=<nanomina>`. @returns undefined where none is asked for */
function totalOf(query: URLSearchParams): bigint | undefined {
  const text = query.get("total");
  if (text === null) return undefined;
  if (!/^[1-9][0-9]{0,19}$/.test(text))
    throw new HttpError("HTTP_BAD_REQUEST", { reason: "total is nanomina in decimal" });
  return BigInt(text);
}

function signedTotalJson(signed: Awaited<ReturnType<GasDesk["signed"]>>) {
  return {
    recipient: addressHex(signed.recipient),
    total: signed.total.toString(),
    epoch: signed.epoch.toString(),
    slot: signed.slot,
    setHash: fieldToHex(signed.setHash),
    message: fieldToHex(signed.message),
    r: fieldToHex(signed.signature.r),
    s: fieldToHex(signed.signature.s),
  };
}
