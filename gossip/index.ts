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
export { GossipError, gossipFaults } from "./GossipError.ts";
export { type GossipModules, GossipNode, type GossipOptions, type Origin } from "./GossipNode.ts";
export { newPeerKey, type PeerKey, readOrMakePeerKey } from "./peerKeyFile.ts";
