import { inboxInterface } from "./contracts.ts";
import type { DaEvent, Hex } from "./DaTypes.ts";
import { DaError } from "./errors/DaError.ts";
import type { DecodedLog } from "./rpc/LogQuery.ts";

const topicOf = (name: DaEvent["kind"]) => inboxInterface.getEvent(name)!.topicHash as Hex;

/** First topic of every event that a reader is told of. */
export const eventTopics = {
  BatchOpened: topicOf("BatchOpened"),
  ChunkPosted: topicOf("ChunkPosted"),
  BatchSealed: topicOf("BatchSealed"),
  BatchDropped: topicOf("BatchDropped"),
  CertificateRecorded: topicOf("CertificateRecorded"),
} as const satisfies Record<DaEvent["kind"], Hex>;

/** @throws {DaError} `DA_ANSWER_MALFORMED` for a log that was not asked for */
export function daEvent({ event, block, logIndex, transaction }: DecodedLog): DaEvent {
  const { args } = event;
  const base = { rollup: args.rollup, batch: args.id, block, logIndex, transaction };
  const kind = event.name as DaEvent["kind"];
  switch (kind) {
    case "BatchOpened":
      return { ...base, kind, number: args.header.number, poster: args.poster };
    case "ChunkPosted":
      return { ...base, kind, index: Number(args.index) };
    case "BatchSealed":
    case "BatchDropped":
      return { ...base, kind };
    case "CertificateRecorded":
      return { ...base, kind, epoch: args.epoch };
    default:
      throw new DaError("DA_ANSWER_MALFORMED", { what: `log ${kind satisfies never}` });
  }
}
