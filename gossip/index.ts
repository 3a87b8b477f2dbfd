export {
  AttestationBook,
  type AttestationBookModules,
  type AttestationBookOptions,
  type AttestationFault,
  attestationFaults,
  type BatchQuestion,
  type Verdict,
} from "./AttestationBook.ts";
export { BATCH_PROTOCOL, type BatchHoldings } from "./answerBatch.ts";
export { type CheckedSet, checkedSet, type SetReader } from "./checkedSet.ts";
export { decodeRecord, encodeRecord } from "./encodeRecord.ts";
export { GossipError, gossipFaults } from "./GossipError.ts";
export { type GossipModules, GossipNode, type GossipOptions, type Origin } from "./GossipNode.ts";
export { fieldToHex, type HeaderJson, headerFromJson, headerToJson } from "./HeaderJson.ts";
export { newPeerKey, type PeerKey, readOrMakePeerKey } from "./PeerKey.ts";
export { openRecordStore, type Range, type RecordStore, type RecordWrite } from "./RecordStore.ts";
export {
  ATTESTATION_BYTES,
  type BatchKey,
  batchKey,
  batchKeyBytes,
  decodeAttestation,
  encodeAttestation,
  type SignedAttestation,
} from "./SignedAttestation.ts";
export { unlessAborted } from "./unlessAborted.ts";
