import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import type { HardhatEthers } from "@nomicfoundation/hardhat-ethers/types";
import { type Contract, toBeHex } from "ethers";
import {
  type BatchHeader,
  type BatchPlace,
  type Domain,
  decompress,
  type GasDomain,
  type GasTotal,
  type Payout,
  type PublicKey,
  type RotationTerms,
  type Signature,
  type Statement,
  type ValidatorSet,
} from "../../protocol/index.ts";
import { sampleBytes } from "../../scripts/vectors/samples.ts";
import { loadVectors, numbers } from "../support/loadVectors.ts";
import { contractNetwork, deploy, deployBehindProxy } from "./support/network.ts";

/** Which of the contract's errors say what a code of the protocol says. Undefined: the ABI has no such number. */
const setErrors: Record<string, readonly (string | undefined)[]> = {
  SET_SIZE: ["ValidatorSetSize"],
  SET_ORDER: ["ValidatorSetKeyOrder", "ValidatorSetDuplicateKey"],
  SET_WEIGHT: ["ValidatorSetWeightZero", undefined],
  SET_THRESHOLD: ["ValidatorSetThreshold"],
  KEY_MALFORMED: ["MinaSchnorrKeyNotOnCurve", "MinaSchnorrKeyIsZero"],
};

/** The contract takes both coordinates; for a key of no point, some that a caller might try. */
function pointOf({ x, isOdd }: PublicKey) {
  return decompress(x, isOdd) ?? { x, y: x === 0n ? 0n : 1n };
}

describe("Solidity agrees with the vectors", () => {
  let ethers: HardhatEthers;
  let harness: Contract;
  before(async () => {
    ({ ethers } = await contractNetwork());
    harness = await deploy(ethers, "CryptoHarness");
  });

  for (const { name, input, output } of loadVectors<string[], string[]>("permutation")) {
    const [a, b, c] = input.map(BigInt);
    // The contract's state starts from a tag or zero, so its third element is zero in what can be asked.
    if (c !== 0n) continue;
    it(`permutation ${name}`, async () => {
      assert.equal((await harness.absorb!(0n, a, b))[0], BigInt(output![0]!));
      assert.equal((await harness.absorb!(a, 0n, b))[0], BigInt(output![0]!));
    });
  }

  for (const { name, input, output } of loadVectors("domain")) {
    it(`domain ${name}`, async () => {
      const { minaNetwork, outerKey, inbox, rollupId } = numbers<Domain>(input);
      const answer = await harness.domain!(minaNetwork, outerKey, toBeHex(inbox, 20), toBeHex(rollupId, 32));
      assert.equal(answer, BigInt(output!));
    });
  }

  for (const { name, input, output } of loadVectors("statement")) {
    it(`statement ${name}`, async () => {
      const { source, target, landBy, domain } = numbers<Statement>(input);
      assert.equal(await harness.statement!(source, target, landBy, domain), BigInt(output!));
    });
  }

  for (const { name, input, output } of loadVectors("attestationMessage")) {
    it(`attestation message ${name}`, async () => {
      const v = numbers<Record<string, bigint>>(input);
      const answer = await harness.attestation!(v.setHash, v.statement, v.dataRoot, v.dataLength, v.scheme);
      assert.equal(answer, BigInt(output!));
    });
  }

  for (const { name, input, output } of loadVectors("rotationMessage")) {
    it(`rotation message ${name}`, async () => {
      const { domain, current, next, state, until, kind } = numbers<RotationTerms>(input);
      const answer = await harness.rotation!(domain, current, next, state, until, kind === "removal");
      assert.equal(answer, BigInt(output!));
    });
  }

  for (const { name, input, output } of loadVectors("mirroredMessage")) {
    it(`mirrored message: ${name}`, async () => {
      const { domain, next, until } = numbers<RotationTerms>(input);
      const removal = (input as { kind: string }).kind === "removal";
      assert.equal(await harness.mirrored!(domain, next, until, removal), BigInt(output!));
    });
  }

  for (const { name, input, output } of loadVectors("payoutMessage")) {
    it(`payout message: ${name}`, async () => {
      const { fees, validator, receiver, counter } = numbers<Payout>(input);
      const answer = await harness.payout!(toBeHex(fees, 20), validator, toBeHex(receiver, 20), counter);
      assert.equal(answer, BigInt(output!));
    });
  }

  for (const { name, input, output } of loadVectors("gasDomain")) {
    it(`gas domain ${name}`, async () => {
      const { minaNetwork, gasKey, vault } = numbers<GasDomain>(input);
      assert.equal(await harness.gasDomain!(minaNetwork, gasKey, toBeHex(vault, 20)), BigInt(output!));
    });
  }

  for (const { name, input, output } of loadVectors("gasMessage")) {
    it(`gas message ${name}`, async () => {
      const gas = numbers<{ setHash: bigint; domain: bigint } & GasTotal>(input);
      const answer = await harness.gasMessage!(
        gas.setHash,
        gas.domain,
        toBeHex(gas.recipient, 20),
        gas.total,
      );
      assert.equal(answer, BigInt(output!));
    });
  }

  for (const { name, input, output } of loadVectors<{ seed: string; length: number }>("chunkRoot")) {
    it(`chunk root of ${name}`, async () => {
      assert.equal(await harness.chunkRoot!(sampleBytes(input.seed, input.length)), output);
    });
  }

  for (const { name, input, output } of loadVectors<string[]>("chunkRoots")) {
    it(`data root of ${name}`, async () => {
      assert.equal(await harness.dataRoot!(input), BigInt(output!));
    });
  }

  for (const { name, input, output } of loadVectors<{ chunkRoots: string[] }>("batchId")) {
    it(`batch id of ${name}`, async () => {
      const { place, header } = numbers<{ place: BatchPlace; header: BatchHeader }>(input);
      const inbox = toBeHex(place.inbox, 20);
      const id = await harness.batchId!(inbox, toBeHex(place.rollupId, 32), header, input.chunkRoots);
      assert.equal(id, output);
    });
  }

  type SignatureVector = { publicKey: PublicKey; message: bigint; signature: Signature };
  for (const { name, input, output } of loadVectors<unknown, boolean>("signature")) {
    it(`signature: ${name}`, async () => {
      const { publicKey, message, signature } = numbers<SignatureVector>(input);
      const point = pointOf(publicKey);
      const answer = harness.verify!(message, point.x, point.y, signature.r, signature.s).then(
        () => true,
        () => false,
      );
      assert.equal(await answer, output);
    });
  }

  for (const { name, input, output, error } of loadVectors("validatorSet")) {
    it(`validator set: ${name}`, async () => {
      const { epoch, threshold, members } = numbers<ValidatorSet>(input);
      const points = members.map(({ publicKey, weight }) => ({
        ...pointOf(publicKey),
        weight,
      }));
      const [owner] = await ethers.getSigners();
      const address = await owner!.getAddress();
      const initialization = [address, address, points, threshold, epoch, 1n, 0n];
      const deployed = deployBehindProxy(ethers, "ValidatorSet", ...initialization);
      if (error === undefined) {
        const { setHash } = await (await deployed).epochInfo!(epoch);
        assert.equal(setHash, BigInt(output!));
        return;
      }
      const { interface: abi } = await ethers.getContractFactory("ValidatorSet");
      await assert.rejects(deployed, (refusal) => {
        const data = (refusal as { data?: string }).data;
        const found = typeof data === "string" ? abi.parseError(data)?.name : undefined;
        assert.ok(setErrors[error]!.includes(found), `${found} for ${error}`);
        return true;
      });
    });
  }
});
