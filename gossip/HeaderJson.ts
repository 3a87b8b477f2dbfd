import { type BatchHeader, FIELD_BYTES, field, fromBytes32, toBytes32, unsigned } from "../protocol/index.ts";
import { GossipError } from "./GossipError.ts";

/** A header in JSON, as certificates have it: numbers in decimal strings, states in 32 bytes of hex. */
export interface HeaderJson {
  readonly number: string;
  readonly source: string;
  readonly target: string;
  readonly landBy: string;
  readonly dataLength: string;
  readonly decodedLength: string;
  readonly scheme: string;
}

/** 32 bytes, big-endian, as `0x` and 64 digits. */
export function fieldToHex(value: bigint): `0x${string}` {
  return `0x${Buffer.from(toBytes32(value)).toString("hex")}`;
}

export function headerToJson(header: BatchHeader): HeaderJson {
  return {
    number: header.number.toString(),
    source: fieldToHex(header.source),
    target: fieldToHex(header.target),
    landBy: header.landBy.toString(),
    dataLength: header.dataLength.toString(),
    decodedLength: header.decodedLength.toString(),
    scheme: header.scheme.toString(),
  };
}

/** @throws {GossipError} `GOSSIP_MALFORMED` */
export function headerFromJson(json: unknown): BatchHeader {
  try {
    const { number, source, target, landBy, dataLength, decodedLength, scheme } = json as HeaderJson;
    return {
      number: decimal(number, 64),
      source: element(source),
      target: element(target),
      landBy: decimal(landBy, 32),
      dataLength: decimal(dataLength, 32),
      decodedLength: decimal(decodedLength, 32),
      scheme: decimal(scheme, 16),
    };
  } catch (cause) {
    throw new GossipError("GOSSIP_MALFORMED", { what: "no batch header" }, { cause });
  }
}

function decimal(text: string, bits: number): bigint {
  if (!/^(0|[1-9][0-9]{0,19})$/.test(text)) throw new TypeError("not a decimal number");
  return unsigned(BigInt(text), bits);
}

function element(text: string): bigint {
  if (!/^0x[0-9a-f]{64}$/.test(text)) throw new TypeError(`not ${FIELD_BYTES} bytes of hex`);
  return field(fromBytes32(new Uint8Array(Buffer.from(text.slice(2), "hex"))));
}
