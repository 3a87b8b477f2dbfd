import { verify } from "o1js";
import { readKey } from "../../circuits/index.ts";
import type { QuorumAnswer, QuorumQuestion } from "./QuorumVerifier.ts";

// A process of its own: a check blocks its thread for a second, and for ten the first time, when o1js computes its tables.

let queue = Promise.resolve();
process.on("message", ({ id, proof }: QuorumQuestion) => {
  queue = queue.then(async () => {
    // What cannot even be parsed throws inside o1js: that is a no.
    const good = await verify(proof, readKey("quorum").data).catch(() => false);
    process.send?.({ id, good } satisfies QuorumAnswer);
  });
});
process.on("disconnect", () => process.exit(0));
