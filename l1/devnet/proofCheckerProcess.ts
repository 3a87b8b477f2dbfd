import { DynamicProof, FeatureFlags, Field, VerificationKey, Void, verify } from "o1js";
import type { ProofAnswer, ProofQuestion } from "./ProofVerifier.ts";

// A process of its own: checking blocks its thread for a second, and for ten the first time, when o1js computes its tables.

/** Any proof of the width that transactions have. */
class TransactionProof extends DynamicProof<Field, void> {
  static override publicInputType = Field;
  static override publicOutputType = Void as never;
  static override maxProofsVerified = 2 as const;
  static override featureFlags = FeatureFlags.allNone;
}

/** A text that is read and written back the same: spaces and letters' case could say the same proof in other bytes. */
async function isCanonical(proof: string): Promise<boolean> {
  const json = { proof, publicInput: ["0"], publicOutput: [], maxProofsVerified: 2 as const };
  return (await TransactionProof.fromJSON(json)).toJSON().proof === proof;
}

async function answer(question: ProofQuestion): Promise<boolean> {
  switch (question.kind) {
    case "proof": {
      const { proof, publicInput, key } = question;
      const json = { proof, publicInput: [...publicInput], publicOutput: [], maxProofsVerified: 2 as const };
      return (await isCanonical(proof)) && (await verify(json, key));
    }
    case "key":
      return await VerificationKey.checkValidity(
        new VerificationKey({ data: question.data, hash: Field(question.hash) }),
      );
    case "warm":
      return await warm(question.key);
  }
}

const warmed = new Set<string>();
let dummy: Promise<string> | undefined;
/** Checks a proof that is none: the tables stay. */
async function warm(key: string): Promise<boolean> {
  if (warmed.has(key)) return true;
  dummy ??= TransactionProof.dummy(Field(0), undefined as never, 2, 15).then((made) => made.toJSON().proof);
  await verify({ proof: await dummy, publicInput: ["0", "0"], publicOutput: [], maxProofsVerified: 2 }, key);
  warmed.add(key);
  return true;
}

let queue = Promise.resolve();
process.on("message", ({ id, question }: { id: number; question: ProofQuestion }) => {
  queue = queue.then(async () => {
    // What cannot even be parsed throws inside o1js: that is a no.
    const good = await answer(question).catch(() => false);
    process.send?.({ id, good } satisfies ProofAnswer);
  });
});
process.on("disconnect", () => process.exit(0));
