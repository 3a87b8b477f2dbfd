import { GraphQLError, GraphQLScalarType, type GraphQLSchema, Kind, type ValueNode } from "graphql";
import {
  base58Versions,
  EMPTY_KEY,
  FIELD_MODULUS,
  fromBase58,
  publicKeyFromBase58,
  publicKeyToBase58,
} from "../../protocol/index.ts";

/** A proof of o1js is about 30 kB of base64; the data of a verification key about 3 kB. */
const MAX_BASE64_LENGTH = 100_000;

type Parse = (value: unknown) => string;

function text(name: string, accepts: (value: string) => boolean): Parse {
  return (value) => {
    if (typeof value === "string" && accepts(value)) return value;
    throw new GraphQLError(`not a ${name}`);
  };
}

/** Decimal, canonical, below the bound. A number is taken where it is exact: clients write small amounts unquoted. */
function decimal(name: string, bound: bigint): Parse {
  return (value) => {
    const digits = typeof value === "number" && Number.isSafeInteger(value) ? String(value) : value;
    const shape = typeof digits === "string" && digits.length <= 80 && /^(0|[1-9][0-9]*)$/.test(digits);
    if (!shape || BigInt(digits) >= bound) throw new GraphQLError(`not a ${name}`);
    return digits;
  };
}

function isPublicKey(value: string): boolean {
  try {
    // The empty key stands for "nobody" in delegates and dummies, and is on no curve.
    return value === EMPTY_KEY_BASE58 || publicKeyFromBase58(value) !== undefined;
  } catch {
    return false;
  }
}
const EMPTY_KEY_BASE58 = publicKeyToBase58(EMPTY_KEY);
const isBase64 = (value: string) => value.length <= MAX_BASE64_LENGTH && /^[A-Za-z0-9+/_=-]*$/.test(value);
const isTokenId = (value: string) => fromBase58(base58Versions.tokenId, 32, value) !== undefined;
const isMemo = (value: string) => fromBase58(base58Versions.memo, 34, value) !== undefined;
const isSignature = (value: string) => fromBase58(base58Versions.signature, 65, value) !== undefined;

const parsers: Readonly<Record<string, Parse>> = {
  PublicKey: text("public key", isPublicKey),
  TokenId: text("token id", isTokenId),
  Signature: text("signature", isSignature),
  Memo: text("memo", isMemo),
  ZkappProof: text("proof in base64", isBase64),
  VerificationKey: text("verification key in base64", isBase64),
  FieldElem: decimal("field element", FIELD_MODULUS),
  Fee: decimal("64-bit amount", 1n << 64n),
  UInt32: decimal("32-bit number", 1n << 32n),
  UInt64: decimal("64-bit number", 1n << 64n),
  Sign: text("sign", (value) => value === "Positive" || value === "Negative"),
  AuthRequired: text("permission", (value) =>
    ["None", "Either", "Proof", "Signature", "Impossible"].includes(value),
  ),
};

/** o1js inlines JSON without the quotes of its keys, so names arrive as strings; hand-written queries send enum words. */
function literal(node: ValueNode): unknown {
  if (node.kind === Kind.STRING || node.kind === Kind.ENUM) return node.value;
  return node.kind === Kind.INT ? node.value : undefined;
}

/** Gives each scalar of the schema its parser, for variables and for inlined literals alike. */
export function defineScalars(schema: GraphQLSchema): GraphQLSchema {
  for (const [name, parse] of Object.entries(parsers)) {
    const scalar = schema.getType(name);
    if (!(scalar instanceof GraphQLScalarType)) throw new Error(`the schema lacks the scalar ${name}`);
    scalar.parseValue = parse;
    scalar.parseLiteral = (node) => parse(literal(node));
  }
  return schema;
}
