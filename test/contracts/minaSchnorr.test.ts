import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import type { Contract } from "ethers";
import fc from "fast-check";
import {
  absorb,
  FIELD_MODULUS as P,
  SCALAR_MODULUS as Q,
  saltedState,
  verifyFields,
} from "../../protocol/index.ts";
import { type FixedKey, fixedKey, sign } from "./support/minaKeys.ts";
import { contractNetwork, deploy, revertsWith } from "./support/network.ts";
import { GENERATOR, multiply } from "./support/pallas.ts";

interface Claim {
  readonly message: bigint;
  readonly x: bigint;
  readonly y: bigint;
  readonly r: bigint;
  readonly s: bigint;
}

const key = fixedKey(0x1234567890abcdefn ** 4n % Q);
const claimOf = (signer: FixedKey, message: bigint): Claim => ({
  message,
  x: signer.x,
  y: signer.y,
  ...sign(signer, message),
});
const challenge = ({ message, x, y, r }: Omit<Claim, "s">) =>
  absorb(saltedState("CodaSignature*******"), [message, x, y, r])[0];
const modQ = (value: bigint) => ((value % Q) + Q) % Q;

describe("MinaSchnorr", () => {
  let harness: Contract;
  before(async () => {
    const { ethers } = await contractNetwork();
    harness = await deploy(ethers, "CryptoHarness");
  });
  const verify = ({ message, x, y, r, s }: Claim): Promise<bigint> => harness.verify!(message, x, y, r, s);
  const refused = (claim: Claim, error: string, args?: readonly unknown[]) =>
    assert.rejects(verify(claim), revertsWith(harness, error, args));
  const good = claimOf(key, 42n);

  it("accepts what mina-signer signs", async () => {
    const secret = fc.bigInt({ min: 1n, max: Q - 1n });
    const message = fc.bigInt({ min: 0n, max: P - 1n });
    const property = fc.asyncProperty(secret, message, async (d, m) => {
      await verify(claimOf(fixedKey(d), m));
    });
    await fc.assert(property, { seed: 21, numRuns: 40 });
  });

  it("accepts the smallest and largest messages and secrets", async () => {
    for (const secret of [1n, 2n, Q - 2n, Q - 1n])
      for (const message of [0n, 1n, P - 1n]) await verify(claimOf(fixedKey(secret), message));
  });

  it("agrees with mina-signer on signatures that were changed in one place", async () => {
    const place = fc.constantFrom("message", "r", "s", "key");
    const delta = fc.bigInt({ min: 1n, max: 1n << 200n });
    const property = fc.asyncProperty(fc.nat(1_000), place, delta, async (n, where, d) => {
      const claim = claimOf(key, BigInt(n));
      const changed = {
        message: { ...claim, message: (claim.message + d) % P },
        r: { ...claim, r: (claim.r + d) % P },
        s: { ...claim, s: (claim.s + d) % Q },
        key: { ...claim, x: fixedKey(d).x, y: fixedKey(d).y },
      }[where]!;
      const publicKey = { x: changed.x, isOdd: (changed.y & 1n) === 1n };
      const expected = verifyFields(publicKey, [changed.message], { r: changed.r, s: changed.s });
      const actual = await verify(changed).then(
        () => true,
        () => false,
      );
      assert.equal(actual, expected);
      assert.equal(actual, false);
    });
    await fc.assert(property, { seed: 22, numRuns: 40 });
  });

  it("refuses a message that is not below p", async () => {
    await verify(good);
    await refused({ ...good, message: good.message + P }, "MinaSchnorrMessageNotCanonical", [
      good.message + P,
    ]);
    await refused({ ...good, message: P }, "MinaSchnorrMessageNotCanonical");
  });

  it("refuses r that is not below p", async () => {
    await refused({ ...good, r: good.r + P }, "MinaSchnorrNonceNotCanonical", [good.r + P]);
    await refused({ ...good, r: P }, "MinaSchnorrNonceNotCanonical");
  });

  it("refuses s that is not below q", async () => {
    await refused({ ...good, s: good.s + Q }, "MinaSchnorrScalarNotCanonical", [good.s + Q]);
    await refused({ ...good, s: Q }, "MinaSchnorrScalarNotCanonical");
  });

  it("refuses a key whose coordinates are not below p", async () => {
    await refused({ ...good, x: good.x + P }, "MinaSchnorrKeyNotCanonical", [good.x + P, good.y]);
    await refused({ ...good, y: good.y + P }, "MinaSchnorrKeyNotCanonical", [good.x, good.y + P]);
  });

  it("refuses the zero key, for which anybody could sign", async () => {
    await refused({ message: 99n, x: 0n, y: 0n, r: 0n, s: 0n }, "MinaSchnorrKeyIsZero");
  });

  it("refuses a key that is not on the curve", async () => {
    await refused({ ...good, y: good.y + 1n }, "MinaSchnorrKeyNotOnCurve", [good.x, good.y + 1n]);
    await refused({ ...good, x: 0n, y: 1n }, "MinaSchnorrKeyNotOnCurve");
    await refused({ ...good, y: 0n }, "MinaSchnorrKeyNotOnCurve");
  });

  it("refuses R at infinity, which the secret's owner can reach with any r", async () => {
    for (const r of [0n, 5n, good.r]) {
      const s = modQ(challenge({ ...good, r }) * key.secret);
      await refused({ ...good, r, s }, "MinaSchnorrNonceAtInfinity");
    }
  });

  it("refuses the twin of a signature whose R has an odd y", async () => {
    let odd = 0;
    for (let k = 1n; k <= 8n; k++) {
      const nonce = multiply(k, GENERATOR)!;
      const s = modQ(k + challenge({ ...good, r: nonce.x }) * key.secret);
      const claim = { ...good, r: nonce.x, s };
      if ((nonce.y & 1n) === 0n) await verify(claim);
      else {
        odd++;
        await refused(claim, "MinaSchnorrNonceIsOdd");
      }
    }
    assert.ok(odd > 0 && odd < 8);
  });

  it("refuses a signature over another message, or of another key", async () => {
    const r = { ...good, message: 43n };
    await refused(r, "MinaSchnorrWrongSignature");
    const other = fixedKey(77n);
    await refused({ ...good, x: other.x, y: other.y }, "MinaSchnorrWrongSignature");
  });

  it("refuses a signature for the negated key", async () => {
    await refused({ ...good, y: P - good.y }, "MinaSchnorrWrongSignature");
  });
});
