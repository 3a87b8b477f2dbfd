// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ChunkGate} from "./ChunkGate.sol";
import {Governed} from "./Governed.sol";
import {ZekoProxy} from "./ZekoProxy.sol";
import {POSEIDON_TABLE} from "./generated/PoseidonConstants.sol";
import {Batch, Certificate, IBatchInbox, Rollup} from "./interfaces/IBatchInbox.sol";
import {DaFees} from "./DaFees.sol";
import {FeeTerms, IDaFees} from "./interfaces/IDaFees.sol";
import {IValidatorSet, Vote} from "./interfaces/IValidatorSet.sol";
import {ConstantStore} from "./libraries/ConstantStore.sol";
import {Pallas} from "./libraries/Pallas.sol";
import {PoseidonFp, PoseidonTable} from "./libraries/PoseidonFp.sol";
import {ZekoHash} from "./libraries/ZekoHash.sol";
import {BatchHeader, BatchId, batchIdOf} from "./types/BatchId.sol";
import {MinaKey} from "./types/MinaKey.sol";
import {RollupId} from "./types/RollupId.sol";

/// @title Where rollups post their batches
/// @dev Limits are those of protocol/limits.ts; a test compares them.
contract BatchInbox is IBatchInbox, Governed {
    /// @notice Bytes of every chunk but the last: a transaction of 128 KiB must hold one.
    uint256 public constant CHUNK_BYTES = 98_304;
    /// @notice Chunks of one batch: as many as bits in `posted`.
    uint256 public constant MAX_CHUNKS = 64;
    /// @notice Decoded bytes of one batch.
    uint256 public constant MAX_DECODED_BYTES = 16_777_216;
    /// @notice Posters that one registration may name.
    uint256 public constant MAX_POSTERS = 16;
    /// @notice The only scheme so far: plain SHA-256 trees under a Poseidon tree.
    uint16 public constant SCHEME = 1;
    /// @notice Seconds after which anybody may drop a batch that was never sealed.
    uint256 public constant SEAL_WINDOW = 1 days;

    /// @custom:storage-location erc7201:zeko.storage.BatchInbox
    struct Inbox {
        address validatorSet;
        mapping(RollupId rollup => Rollup) rollups;
        mapping(RollupId rollup => mapping(address account => bool)) posters;
        mapping(BatchId id => Batch) batches;
        mapping(BatchId id => mapping(uint256 index => bytes32)) chunkRoots;
        mapping(BatchId id => mapping(uint32 epoch => Certificate)) certificates;
        address fees;
    }

    // keccak256(abi.encode(uint256(keccak256("zeko.storage.BatchInbox")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant INBOX_SLOT = 0x50b9411ce3f4c70fbe04089ec95f0060307dc7a827cafaacd4e8b00d237a2b00;

    /// @dev Where Poseidon's constants are, as a contract's code: the same for every proxy.
    /// @custom:oz-upgrades-unsafe-allow state-variable-immutable
    address private immutable TABLE;

    /// @dev Whom to believe what a transaction's calldata holds. It is made with this code, so that nobody has to name it, and
    /// changes with it: who posts asks for it.
    /// @custom:oz-upgrades-unsafe-allow state-variable-immutable
    address private immutable GATE;

    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor() {
        TABLE = ConstantStore.deploy(POSEIDON_TABLE);
        GATE = address(new ChunkGate());
        _disableInitializers();
    }

    /// @notice Once, in the proxy's constructor.
    /// @param owner Who may upgrade: a timelock
    /// @param first Guardian
    /// @param set Where certificates are checked; never changes
    /// @param feesCode Implementation of DaFees; the inbox makes the proxy before it, so that nobody comes between the two
    /// @param costs What posting costs at first
    function initialize(
        address owner,
        address first,
        address set,
        address feesCode,
        FeeTerms calldata costs
    ) external initializer {
        _initializeGoverned(owner, first);
        _inbox().validatorSet = set;
        emit ValidatorSetNamed(set);
        bytes memory start = abi.encodeCall(DaFees.initialize, (owner, first, set, costs));
        address named = address(new ZekoProxy(feesCode, start));
        _inbox().fees = named;
        emit FeesNamed(named);
    }

    /// @inheritdoc IBatchInbox
    function registerRollup(
        bytes32 salt,
        uint256 minaNetwork,
        MinaKey calldata outerKey,
        MinaKey calldata sequencerKey,
        address[] calldata posters
    ) external whenNotPaused returns (RollupId id) {
        if (posters.length > MAX_POSTERS) revert BatchInboxTooManyPosters(posters.length, MAX_POSTERS);
        PoseidonFp.requireField(minaNetwork);
        PoseidonFp.requireField(outerKey.x);
        id = RollupId.wrap(keccak256(abi.encode(msg.sender, salt)));
        Rollup storage rollup = _inbox().rollups[id];
        if (rollup.owner != address(0)) revert BatchInboxRollupExists(id);
        uint256 domain = ZekoHash.domain(_table(), minaNetwork, outerKey, address(this), RollupId.unwrap(id));
        rollup.owner = msg.sender;
        rollup.minaNetwork = minaNetwork;
        rollup.outerKey = outerKey;
        rollup.domain = domain;
        emit RollupRegistered(id, msg.sender, minaNetwork, outerKey, domain);
        _setSequencerKey(id, sequencerKey);
        for (uint256 i = 0; i < posters.length; ++i) _setPoster(id, posters[i], true);
    }

    /// @inheritdoc IBatchInbox
    function setPoster(RollupId rollup, address poster, bool allowed) external {
        _requireOwner(rollup);
        _setPoster(rollup, poster, allowed);
    }

    /// @inheritdoc IBatchInbox
    function setSequencerKey(RollupId rollup, MinaKey calldata key) external {
        _requireOwner(rollup);
        _setSequencerKey(rollup, key);
    }

    /// @inheritdoc IBatchInbox
    function openBatch(
        RollupId rollup,
        BatchHeader calldata header,
        bytes32[] calldata chunkRoots,
        uint256 r,
        uint256 s
    ) external whenNotPaused returns (BatchId id) {
        Inbox storage inbox = _inbox();
        if (!inbox.posters[rollup][msg.sender]) revert BatchInboxNotPoster(rollup, msg.sender);
        _requireHeader(header, chunkRoots.length);
        if (r >= Pallas.P || s >= Pallas.Q) revert BatchInboxSignatureNotCanonical(r, s);
        id = batchIdOf(address(this), rollup, header, chunkRoots);
        Batch storage batch = inbox.batches[id];
        if (batch.chunkCount != 0) revert BatchInboxBatchExists(id);

        batch.rollup = rollup;
        batch.poster = msg.sender;
        batch.openedBlock = uint48(block.number);
        batch.openedAt = uint40(block.timestamp);
        batch.dataLength = header.dataLength;
        batch.decodedLength = header.decodedLength;
        batch.scheme = header.scheme;
        batch.chunkCount = uint8(chunkRoots.length);
        // At most 64 turns, as checked above.
        for (uint256 i = 0; i < chunkRoots.length; ++i) inbox.chunkRoots[id][i] = chunkRoots[i];
        PoseidonTable table = _table();
        uint256 statement = ZekoHash.statement(
            table,
            header.source,
            header.target,
            header.landBy,
            inbox.rollups[rollup].domain
        );
        uint256 dataRoot = ZekoHash.dataRoot(table, chunkRoots);
        batch.statement = statement;
        batch.dataRoot = dataRoot;
        emit BatchOpened(id, rollup, msg.sender, header, statement, dataRoot, r, s);
        IDaFees(inbox.fees).reserve(id, rollup, header.decodedLength);
    }

    /// @inheritdoc IBatchInbox
    function acceptChunk(BatchId id, uint16 index, uint256 length, bytes32 root) external whenNotPaused {
        if (msg.sender != GATE) revert BatchInboxNotGate(msg.sender);
        Batch storage batch = _openBatch(id);
        if (index >= batch.chunkCount) revert BatchInboxChunkUnknown(id, index);
        uint64 bit = uint64(1) << index;
        uint64 posted = batch.posted;
        if (posted & bit != 0) revert BatchInboxChunkAlreadyPosted(id, index);
        uint256 announced = index + 1 < batch.chunkCount ? CHUNK_BYTES : batch.dataLength - index * CHUNK_BYTES;
        if (length != announced) revert BatchInboxChunkLength(id, index, length, announced);
        bytes32 expected = _inbox().chunkRoots[id][index];
        if (root != expected) revert BatchInboxChunkMismatch(id, index, expected, root);

        posted |= bit;
        batch.posted = posted;
        emit ChunkPosted(id, batch.rollup, index);
        if (posted == type(uint64).max >> (MAX_CHUNKS - batch.chunkCount)) {
            batch.sealedBlock = uint48(block.number);
            emit BatchSealed(id, batch.rollup, batch.dataLength);
        }
    }

    /// @inheritdoc IBatchInbox
    function dropBatch(BatchId id) external whenNotPaused {
        Inbox storage inbox = _inbox();
        Batch storage batch = _openBatch(id);
        RollupId rollup = batch.rollup;
        uint256 expiry = batch.openedAt + SEAL_WINDOW;
        if (block.timestamp <= expiry && msg.sender != batch.poster && msg.sender != inbox.rollups[rollup].owner) {
            revert BatchInboxNotExpired(id, expiry);
        }
        uint256 count = batch.chunkCount; // at most 64
        for (uint256 i = 0; i < count; ++i) delete inbox.chunkRoots[id][i];
        delete inbox.batches[id];
        emit BatchDropped(id, rollup, msg.sender);
        IDaFees(inbox.fees).release(id, rollup);
    }

    /// @inheritdoc IBatchInbox
    function recordCertificate(BatchId id, uint32 epoch, Vote[] calldata votes) external whenNotPaused {
        Inbox storage inbox = _inbox();
        Batch memory batch = batchOf(id);
        if (batch.sealedBlock == 0) revert BatchInboxNotSealed(id);
        Certificate storage certificate = inbox.certificates[id][epoch];
        if (certificate.signers != 0) revert BatchInboxCertificateExists(id, epoch);
        (uint64 signers, uint64 weight) = IValidatorSet(inbox.validatorSet).verifyQuorum(
            epoch,
            _message(batch, epoch),
            votes
        );
        certificate.signers = signers;
        certificate.weight = weight;
        certificate.recordedBlock = uint48(block.number);
        emit CertificateRecorded(id, batch.rollup, epoch, signers, weight, votes);
        // Not in a try: who brings the certificate could give so little gas that only this call fails.
        IDaFees(inbox.fees).certified(id, epoch, signers);
    }

    /// @inheritdoc IBatchInbox
    function validatorSet() external view returns (address) {
        return _inbox().validatorSet;
    }

    /// @inheritdoc IBatchInbox
    function fees() external view returns (address) {
        return _inbox().fees;
    }

    /// @inheritdoc IBatchInbox
    function chunkGate() external view returns (address) {
        return GATE;
    }

    /// @inheritdoc IBatchInbox
    function rollupOf(RollupId rollup) external view returns (Rollup memory) {
        _requireRegistered(rollup);
        return _inbox().rollups[rollup];
    }

    /// @inheritdoc IBatchInbox
    function isPoster(RollupId rollup, address account) external view returns (bool) {
        return _inbox().posters[rollup][account];
    }

    /// @inheritdoc IBatchInbox
    function batchOf(BatchId id) public view returns (Batch memory batch) {
        batch = _inbox().batches[id];
        if (batch.chunkCount == 0) revert BatchInboxBatchUnknown(id);
    }

    /// @inheritdoc IBatchInbox
    function chunkRootsOf(BatchId id) external view returns (bytes32[] memory roots) {
        roots = new bytes32[](batchOf(id).chunkCount);
        for (uint256 i = 0; i < roots.length; ++i) roots[i] = _inbox().chunkRoots[id][i];
    }

    /// @inheritdoc IBatchInbox
    function certificateOf(BatchId id, uint32 epoch) external view returns (Certificate memory) {
        return _inbox().certificates[id][epoch];
    }

    /// @inheritdoc IBatchInbox
    function attestationMessage(BatchId id, uint32 epoch) external view returns (uint256) {
        return _message(batchOf(id), epoch);
    }

    function _message(Batch memory batch, uint32 epoch) private view returns (uint256) {
        uint256 setHash = IValidatorSet(_inbox().validatorSet).epochInfo(epoch).setHash;
        return ZekoHash.attestation(_table(), setHash, batch.statement, batch.dataRoot, batch.dataLength, batch.scheme);
    }

    function _setPoster(RollupId rollup, address poster, bool allowed) private {
        _inbox().posters[rollup][poster] = allowed;
        emit PosterChanged(rollup, poster, allowed);
    }

    function _setSequencerKey(RollupId rollup, MinaKey calldata key) private {
        PoseidonFp.requireField(key.x);
        _inbox().rollups[rollup].sequencerKey = key;
        emit SequencerKeyChanged(rollup, key);
    }

    /// @dev What enters Poseidon is canonical, and lengths agree with each other.
    function _requireHeader(BatchHeader calldata header, uint256 chunkCount) private pure {
        PoseidonFp.requireField(header.source);
        PoseidonFp.requireField(header.target);
        if (header.scheme != SCHEME) revert BatchInboxSchemeUnknown(header.scheme);
        uint256 maximum = CHUNK_BYTES * MAX_CHUNKS;
        if (header.dataLength == 0 || header.dataLength > maximum) {
            revert BatchInboxDataLength(header.dataLength, maximum);
        }
        if (header.decodedLength == 0 || header.decodedLength > MAX_DECODED_BYTES) {
            revert BatchInboxDecodedLength(header.decodedLength, MAX_DECODED_BYTES);
        }
        uint256 expected = (header.dataLength + CHUNK_BYTES - 1) / CHUNK_BYTES; // ≤ MAX_CHUNKS
        if (chunkCount != expected) revert BatchInboxChunkCount(chunkCount, expected);
    }

    /// @dev A batch that exists and is not sealed.
    function _openBatch(BatchId id) private view returns (Batch storage batch) {
        batch = _inbox().batches[id];
        if (batch.chunkCount == 0) revert BatchInboxBatchUnknown(id);
        if (batch.sealedBlock != 0) revert BatchInboxSealed(id);
    }

    function _requireOwner(RollupId rollup) private view {
        _requireRegistered(rollup);
        if (msg.sender != _inbox().rollups[rollup].owner) revert BatchInboxNotOwner(rollup, msg.sender);
    }

    function _requireRegistered(RollupId rollup) private view {
        if (_inbox().rollups[rollup].owner == address(0)) revert BatchInboxRollupUnknown(rollup);
    }

    function _table() private view returns (PoseidonTable) {
        return PoseidonTable.wrap(ConstantStore.load(TABLE));
    }

    function _inbox() private pure returns (Inbox storage inbox) {
        assembly ("memory-safe") {
            inbox.slot := INBOX_SLOT
        }
    }
}
