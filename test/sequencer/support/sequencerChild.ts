import { L1Error } from "../../../l1/index.ts";
import type { CrashPoint, SequencerModules } from "../../../sequencer/index.ts";
import { createSequencer } from "../../../sequencer/index.ts";
import { decodeTagged, encodeTagged } from "../../../sequencer/store/taggedJson.ts";
import { Secret, silentLogger } from "../../../service/index.ts";
import { planProofs } from "./FakeProver.ts";
import type { Answer, Service } from "./rollupServer.ts";
import { sequencerKey, testGenesis } from "./testDeployment.ts";
import { testOptions } from "./testOptions.ts";

/** A sequencer in a process of its own, which kills itself at a given point. Prints its address. */
const [worldUrl, dataDirectory, point] = process.argv.slice(2) as [string, string, CrashPoint | undefined];

function remote<T extends object>(service: Service, own: object = {}): T {
  const call =
    (method: string) =>
    async (...parameters: unknown[]) => {
      const body = encodeTagged({ service, method, parameters });
      const answer = decodeTagged<Answer>(await (await fetch(worldUrl, { method: "POST", body })).text());
      if ("result" in answer) return answer.result ?? undefined;
      if (answer.error === "L1_NONCE_STALE") throw new L1Error("L1_NONCE_STALE", { reason: "used" });
      if (!("error" in answer)) return undefined;
      throw new Error(`${service}.${method}: ${answer.error}`);
    };
  return new Proxy(own, {
    get: (target, name) => Reflect.get(target, name) ?? (name === "then" ? undefined : call(String(name))),
  }) as T;
}

const sequencer = createSequencer(testOptions(dataDirectory), {
  genesis: testGenesis(),
  keys: { sequencer: new Secret(sequencerKey.privateKey) },
  da: remote<SequencerModules["da"]>("da", { close() {}, fees: async () => remote("fees") }),
  l1: remote<SequencerModules["l1"]>("l1"),
  relay: remote<SequencerModules["relay"]>("relay"),
  prover: remote<SequencerModules["prover"]>("prover", { plan: planProofs, stop: async () => {} }),
  log: silentLogger,
  crashPoint: (reached) => {
    if (reached === point) process.kill(process.pid, "SIGKILL");
  },
});
await sequencer.start();
process.on("SIGTERM", () => void sequencer.stop().then(() => process.exit(0)));
console.log(sequencer.url);
