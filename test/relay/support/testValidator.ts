import { after } from "node:test";
import { GossipNode, newPeerKey, type SignedAttestation } from "../../../gossip/index.ts";
import {
  batchMessage,
  domainHash,
  domainOf,
  type Genesis,
  publicKeyToBase58,
  signFields,
  validatorSetHash,
} from "../../../protocol/index.ts";
import {
  createHttpServer,
  createMetricRegister,
  type HttpReply,
  Readiness,
  silentLogger,
  systemClock,
} from "../../../service/index.ts";
import type { TestKey } from "../../ledger/support/commands.ts";
import type { TestBatch } from "../../signer/support/testRollup.ts";

/** What slot `slot` signs over a batch. */
export function attest(genesis: Genesis, key: TestKey, slot: number, batch: TestBatch): SignedAttestation {
  const message = batchMessage(
    validatorSetHash(genesis.validators),
    batch.header,
    batch.dataRoot,
    domainHash(domainOf(genesis)),
  );
  return { batch: batch.id, epoch: 0n, slot, signature: signFields(key.privateKey, [message]) };
}

export interface Voice {
  /** Told of all that others say. */
  readonly hear?: (attestation: SignedAttestation) => void;
  /** What it gives to peers that ask for a batch; nothing by default. */
  readonly data?: () => Promise<Uint8Array>;
}

/** A validator's place in the gossip network, saying only what a test makes it say. */
export async function startVoice(
  genesis: Genesis,
  key: TestKey,
  peers: readonly string[],
  { hear, data }: Voice = {},
) {
  const node = new GossipNode(
    { domain: domainHash(domainOf(genesis)), peers, reconnectMs: 50 },
    {
      key: await newPeerKey(),
      judge(attestation) {
        hear?.(attestation);
        return { kind: "waiting" };
      },
      holdings: { data: data ?? (async () => undefined), attestations: async () => [] },
      validator: { publicKey: key.publicKey, sign: (fields) => signFields(key.privateKey, fields) },
      clock: systemClock,
      log: silentLogger,
    },
  );
  await node.start();
  after(() => node.stop());
  return node;
}

/** A validator's HTTP server that answers as a test tells it. @returns how relay.signers names it */
export async function startAnswering(
  key: TestKey,
  answer: (batch: string) => HttpReply | Promise<HttpReply>,
): Promise<string> {
  const server = createHttpServer(
    { role: "signer", port: 0, drainMs: 100 },
    {
      routes: [
        { method: "GET", path: "/v1/batches/:id/attestation", handle: ({ params }) => answer(params.id!) },
      ],
      readiness: new Readiness(),
      register: createMetricRegister({ role: "signer" }),
      log: silentLogger,
    },
  );
  await server.start();
  after(() => server.stop());
  return `${publicKeyToBase58(key.publicKey)}=${server.url}`;
}

const hex = (value: bigint) => `0x${value.toString(16).padStart(64, "0")}`;

/** An attestation in the form of a signer's answer. */
export function answerOf({ batch, epoch, slot, signature }: SignedAttestation): HttpReply {
  return {
    json: { batchId: batch, epoch: epoch.toString(), slot, r: hex(signature.r), s: hex(signature.s) },
  };
}
