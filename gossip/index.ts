export {
  AttestationBook,
  type AttestationBookModules,
  type AttestationBookOptions,
  type AttestationFault,
  attestationFaults,
  type BatchQuestion,
  type Verdict,
} from "./AttestationBook.ts";
export {
  ATTESTATION_BYTES,
  type BatchKey,
  batchKey,
  batchKeyBytes,
  decodeAttestation,
  encodeAttestation,
  type SignedAttestation,
} from "./attestationMessage.ts";
export { BATCH_PROTOCOL, type BatchHoldings } from "./batchProtocol.ts";
export { type CheckedSet, checkedSet, type SetReader } from "./checkedSet.ts";
export { GossipError, gossipFaults } from "./GossipError.ts";
export { type GossipModules, GossipNode, type GossipOptions, type Origin } from "./GossipNode.ts";
export { fieldToHex, type HeaderJson, headerFromJson, headerToJson } from "./headerJson.ts";
export { newPeerKey, type PeerKey, readOrMakePeerKey } from "./peerKeyFile.ts";
export { openRecordStore, type Range, type RecordStore, type RecordWrite } from "./RecordStore.ts";
export { decodeRecord, encodeRecord } from "./records.ts";
