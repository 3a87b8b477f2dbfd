import { publicKeyToBase58 } from "../../../protocol/index.ts";
import { type SequencerOptions, sequencerOptions } from "../../../sequencer/index.ts";
import { resolveConfig } from "../../../service/index.ts";
import { feeRecipient } from "./testDeployment.ts";

/** Quick polls, a free port, and blocks only when a test asks for a batch. */
export function testOptions(dataDirectory: string): SequencerOptions {
  const file = {
    path: "test",
    values: {
      "sequencer.http-port": 0,
      "sequencer.l1-url": "http://localhost/",
      "sequencer.da-url": "http://localhost/",
      "sequencer.relay-url": "http://localhost/",
      "sequencer.fee-recipient": publicKeyToBase58(feeRecipient.publicKey),
      "sequencer.block-interval-ms": 3_600_000,
      "sequencer.batch-age-ms": 86_400_000,
      "sequencer.poll-interval-ms": 10,
      "sequencer.finality-depth": 5,
    },
  };
  return { ...resolveConfig(sequencerOptions, { file }).values, dataDirectory };
}
