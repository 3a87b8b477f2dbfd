// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {BatchHeader, BatchId} from "../types/BatchId.sol";
import {MinaKey} from "../types/MinaKey.sol";
import {RollupId} from "../types/RollupId.sol";
import {Vote} from "./IValidatorSet.sol";

/// @notice What is kept of a rollup.
/// @param owner Who registered it: names posters and the sequencer's key
/// @param minaNetwork Mina's network as a field element
/// @param outerKey Key of its contract on Mina
/// @param sequencerKey Whose signature a header needs, in the eyes of validators
/// @param domain What ties a validator's signature to this rollup in this inbox on this chain
struct Rollup {
    address owner;
    uint256 minaNetwork;
    MinaKey outerKey;
    MinaKey sequencerKey;
    uint256 domain;
}

/// @notice What is kept of a batch. Its header is in the event of block `openedBlock`.
/// @param rollup Whose batch it is
/// @param statement Hash of source, target, landBy and domain
/// @param dataRoot Poseidon root over the chunk roots
/// @param poster Who opened it
/// @param openedBlock Block of BatchOpened
/// @param openedAt Time in seconds
/// @param posted Bit i is set when chunk i is there
/// @param sealedBlock Block of BatchSealed, 0 before
/// @param dataLength Posted bytes
/// @param decodedLength Bytes after decompression
/// @param scheme How chunks are committed to
/// @param chunkCount 1 to 64
struct Batch {
    RollupId rollup;
    uint256 statement;
    uint256 dataRoot;
    address poster;
    uint48 openedBlock;
    uint40 openedAt;
    // One word: all that a chunk reads and writes.
    uint64 posted;
    uint48 sealedBlock;
    uint32 dataLength;
    uint32 decodedLength;
    uint16 scheme;
    uint8 chunkCount;
}

/// @notice A certificate that was checked here.
/// @param signers Bit i is set when slot i of the epoch's set signed; 0: none recorded
/// @param weight Sum of the signers' weights
/// @param recordedBlock Block of CertificateRecorded
struct Certificate {
    uint64 signers;
    uint64 weight;
    uint48 recordedBlock;
}

/// @title Where rollups post their batches
/// @notice Keeps roots, never data: the bytes travel in calldata and any node can serve them. A batch is opened by its
/// header, sealed when every chunk has been posted, certified when a quorum of validators has signed it.
interface IBatchInbox {
    /// @notice A rollup names more posters at once than a call can take.
    error BatchInboxTooManyPosters(uint256 count, uint256 maximum);
    /// @notice This owner has registered a rollup with this salt.
    error BatchInboxRollupExists(RollupId rollup);
    /// @notice There is no such rollup.
    error BatchInboxRollupUnknown(RollupId rollup);
    /// @notice The caller does not own the rollup.
    error BatchInboxNotOwner(RollupId rollup, address caller);
    /// @notice The caller may not open batches of this rollup.
    error BatchInboxNotPoster(RollupId rollup, address caller);

    /// @notice The scheme is not one that this inbox knows.
    error BatchInboxSchemeUnknown(uint16 scheme);
    /// @notice Posted bytes are none, or more than a batch may have.
    error BatchInboxDataLength(uint32 dataLength, uint256 maximum);
    /// @notice Decoded bytes are none, or more than a validator will decode.
    error BatchInboxDecodedLength(uint32 decodedLength, uint256 maximum);
    /// @notice There are not as many chunk roots as the posted bytes make chunks.
    error BatchInboxChunkCount(uint256 count, uint256 expected);
    /// @notice The sequencer's signature is not in canonical form.
    error BatchInboxSignatureNotCanonical(uint256 r, uint256 s);
    /// @notice This batch is open, or sealed.
    error BatchInboxBatchExists(BatchId id);
    /// @notice There is no such batch: never opened, or dropped.
    error BatchInboxBatchUnknown(BatchId id);
    /// @notice The batch is sealed.
    error BatchInboxSealed(BatchId id);
    /// @notice The batch is not sealed: chunks are missing.
    error BatchInboxNotSealed(BatchId id);

    /// @notice The caller is not the gate: nobody knows where the chunk's bytes stand.
    error BatchInboxNotGate(address caller);
    /// @notice The batch has no such chunk.
    error BatchInboxChunkUnknown(BatchId id, uint16 index);
    /// @notice This chunk is there. Safe to ignore for a client that resumes.
    error BatchInboxChunkAlreadyPosted(BatchId id, uint16 index);
    /// @notice The chunk is not as long as the header says.
    error BatchInboxChunkLength(BatchId id, uint16 index, uint256 length, uint256 expected);
    /// @notice The chunk does not hash to the root announced when the batch was opened.
    error BatchInboxChunkMismatch(BatchId id, uint16 index, bytes32 expected, bytes32 actual);
    /// @notice Only its poster and the rollup's owner may drop the batch before `expiry`, a time in seconds.
    error BatchInboxNotExpired(BatchId id, uint256 expiry);
    /// @notice A certificate of this epoch is recorded.
    error BatchInboxCertificateExists(BatchId id, uint32 epoch);

    /// @notice The set that certificates are checked against. Once, at the start.
    event ValidatorSetNamed(address indexed validatorSet);
    /// @notice Where posting is paid for. Once, at the start.
    event FeesNamed(address indexed fees);
    /// @notice A rollup can post from now on.
    event RollupRegistered(
        RollupId indexed rollup,
        address indexed owner,
        uint256 minaNetwork,
        MinaKey outerKey,
        uint256 domain
    );
    /// @notice An account may open batches, or may no longer.
    event PosterChanged(RollupId indexed rollup, address indexed poster, bool allowed);
    /// @notice Headers need another key's signature from now on.
    event SequencerKeyChanged(RollupId indexed rollup, MinaKey key);
    /// @notice A batch was announced.
    /// @param r First half of the sequencer's signature over the header message
    /// @param s Second half
    event BatchOpened(
        BatchId indexed id,
        RollupId indexed rollup,
        address indexed poster,
        BatchHeader header,
        uint256 statement,
        uint256 dataRoot,
        uint256 r,
        uint256 s
    );
    /// @notice A chunk stands in the calldata of this transaction, which calls {IChunkGate.postChunk}.
    event ChunkPosted(BatchId indexed id, RollupId indexed rollup, uint16 index);
    /// @notice Every chunk of the batch has been posted exactly once.
    /// @param length Posted bytes, without padding
    event BatchSealed(BatchId indexed id, RollupId indexed rollup, uint32 length);
    /// @notice The batch is gone, and its id free. Chunks that were posted must be posted again.
    event BatchDropped(BatchId indexed id, RollupId indexed rollup, address by);
    /// @notice A quorum signed the batch.
    event CertificateRecorded(
        BatchId indexed id,
        RollupId indexed rollup,
        uint32 indexed epoch,
        uint64 signers,
        uint64 weight,
        Vote[] votes
    );

    /// @notice Registers the caller's rollup.
    /// @dev Invariants: an id holds its owner, so nobody takes another's; network, outer key and domain never change.
    /// @param salt Tells one owner's rollups apart
    /// @param posters At most 16
    function registerRollup(
        bytes32 salt,
        uint256 minaNetwork,
        MinaKey calldata outerKey,
        MinaKey calldata sequencerKey,
        address[] calldata posters
    ) external returns (RollupId);

    /// @notice The owner lets an account open batches, or stops it.
    function setPoster(RollupId rollup, address poster, bool allowed) external;

    /// @notice The owner names another sequencer key.
    function setSequencerKey(RollupId rollup, MinaKey calldata key) external;

    /// @notice Announces a batch.
    /// @dev Invariants: an id is open once; statement and data root are computed here from what the id commits to.
    /// The sequencer's signature is not verified here, validators do: a poster that announces a false one spoils this id of
    /// its own rollup, no other, and the owner can remove it.
    /// @param chunkRoots SHA-256 root of each chunk, in order
    /// @param r First half of the sequencer's signature over the header message, below the base field's modulus
    /// @param s Second half, below the curve's order
    function openBatch(
        RollupId rollup,
        BatchHeader calldata header,
        bytes32[] calldata chunkRoots,
        uint256 r,
        uint256 s
    ) external returns (BatchId);

    /// @notice Takes note of a chunk that was posted through {chunkGate}, which alone may call. The last one seals the batch.
    /// @dev Invariants: a chunk is counted once; a sealed batch's chunks all stand in calldata of transactions to the gate.
    /// @param length Bytes of the chunk: 98 304, and of the last one what is left
    /// @param root SHA-256 root of these bytes
    function acceptChunk(BatchId id, uint16 index, uint256 length, bytes32 root) external;

    /// @notice Gives up a batch that is not sealed: its poster or the rollup's owner at any time, anybody a day after it was
    /// opened.
    /// @dev Invariant: a sealed batch stays.
    function dropBatch(BatchId id) external;

    /// @notice Records that a quorum of the epoch's set signed the batch. Anybody may bring it, once per epoch.
    /// @dev Invariants: the message is computed here, from the batch as it was opened and the set's hash; the set is in
    /// force. Also reverts with the errors of IValidatorSet and MinaSchnorr.
    /// @param votes By strictly rising slot
    function recordCertificate(BatchId id, uint32 epoch, Vote[] calldata votes) external;

    /// @notice Where keys, weights and thresholds are.
    function validatorSet() external view returns (address);

    /// @notice Where posting is paid for.
    function fees() external view returns (address);

    /// @notice Through which contract chunks are posted, an {IChunkGate}. Another one after an upgrade.
    function chunkGate() external view returns (address);

    /// @notice A registered rollup.
    function rollupOf(RollupId rollup) external view returns (Rollup memory);

    /// @notice Whether the account may open batches of the rollup.
    function isPoster(RollupId rollup, address account) external view returns (bool);

    /// @notice An open or sealed batch.
    function batchOf(BatchId id) external view returns (Batch memory);

    /// @notice The chunk roots of an open or sealed batch.
    function chunkRootsOf(BatchId id) external view returns (bytes32[] memory);

    /// @notice The certificate of an epoch; all zero when none is recorded.
    function certificateOf(BatchId id, uint32 epoch) external view returns (Certificate memory);

    /// @notice What members of the epoch's set sign for this batch.
    function attestationMessage(BatchId id, uint32 epoch) external view returns (uint256);
}
