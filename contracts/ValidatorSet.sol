// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Governed} from "./Governed.sol";
import {EpochInfo, IValidatorSet, Rotation, Validator, Vote} from "./interfaces/IValidatorSet.sol";
import {MinaSchnorr, MinaSchnorrTables} from "./libraries/MinaSchnorr.sol";
import {PoseidonFp} from "./libraries/PoseidonFp.sol";
import {ZekoHash} from "./libraries/ZekoHash.sol";
import {MinaKey} from "./types/MinaKey.sol";

/// @title Who may attest, epoch by epoch
contract ValidatorSet is IValidatorSet, Governed {
    /// @notice What one quorum proof can hold.
    uint256 public constant MAX_VALIDATORS = 64;
    /// @notice Seconds: a set that has gone must be forgotten some day.
    uint64 public constant MAX_GRACE = 30 days;

    /// @custom:storage-location erc7201:zeko.storage.ValidatorSet
    struct Sets {
        uint32 currentEpoch;
        mapping(uint32 epoch => EpochInfo) epochs;
        mapping(uint32 epoch => mapping(uint256 slot => Validator)) members;
        // What rotations are signed for. Set at the start, never changes.
        uint256 domain;
        uint64 graceSeconds;
    }

    // keccak256(abi.encode(uint256(keccak256("zeko.storage.ValidatorSet")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant SETS_SLOT = 0x3a9c32e9701ceff4dc8feec1dfd1b9218764df96cf267cde88a9bee8a2a6e500;

    /// @dev Where the curve's and Poseidon's constants are, as a contract's code: the same for every proxy.
    /// @custom:oz-upgrades-unsafe-allow state-variable-immutable
    address private immutable TABLES;

    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor() {
        TABLES = MinaSchnorr.store();
        _disableInitializers();
    }

    /// @notice Sets the first epoch. Once, in the proxy's constructor.
    /// @param owner Who may upgrade: a timelock
    /// @param first Guardian
    /// @param members By strictly rising key
    /// @param threshold Above half of the members' weight
    /// @param epoch Number of the first epoch, 0 in a new deployment
    /// @param domain Of the rollup whose outer contract rotates this set; it holds the inbox's address, which the deployer
    /// foretells from its own nonce
    /// @param graceSeconds How long certificates of a set that goes stay good
    function initialize(
        address owner,
        address first,
        Validator[] calldata members,
        uint64 threshold,
        uint32 epoch,
        uint256 domain,
        uint64 graceSeconds
    ) external initializer {
        PoseidonFp.requireField(domain);
        if (graceSeconds > MAX_GRACE) revert ValidatorSetGrace(graceSeconds, MAX_GRACE);
        _initializeGoverned(owner, first);
        Sets storage sets = _sets();
        sets.domain = domain;
        sets.graceSeconds = graceSeconds;
        _startEpoch(epoch, members, threshold);
    }

    /// @inheritdoc IValidatorSet
    function rotate(
        Rotation calldata next,
        Vote[] calldata approvals,
        Vote[] calldata confirmations
    ) external whenNotPaused {
        PoseidonFp.requireField(next.state);
        Sets storage sets = _sets();
        uint32 epoch = sets.currentEpoch;
        uint64 graceEnd = next.removal ? 0 : uint64(block.timestamp) + sets.graceSeconds;
        _rotate(next.members, next.threshold, graceEnd);
        sets.epochs[epoch + 1].until = next.until;
        sets.epochs[epoch + 1].removal = next.removal;
        _requireApproved(sets, epoch, next, approvals);
        _requireConfirmed(sets, epoch + 1, next, confirmations);
        emit Rotated(epoch + 1, next.state, next.until, next.removal, graceEnd);
    }

    /// @inheritdoc IValidatorSet
    function home() external view returns (uint256 domain, uint64 graceSeconds) {
        return (_sets().domain, _sets().graceSeconds);
    }

    /// @inheritdoc IValidatorSet
    function verifyQuorum(
        uint32 epoch,
        uint256 message,
        Vote[] calldata votes
    ) external view whenNotPaused returns (uint64 signers, uint64 weight) {
        Sets storage sets = _sets();
        EpochInfo memory info = sets.epochs[epoch];
        if (info.count == 0) revert ValidatorSetEpochUnknown(epoch);
        if (!_inForce(sets, epoch, info)) revert ValidatorSetEpochOver(epoch, info.graceEnd);
        (signers, weight) = _verifyVotes(epoch, message, votes);
        if (weight < info.threshold) revert ValidatorSetBelowThreshold(weight, info.threshold);
    }

    /// @inheritdoc IValidatorSet
    function verifyVotes(
        uint32 epoch,
        uint256 message,
        Vote[] calldata votes
    ) external view returns (uint64 signers, uint64 weight) {
        epochInfo(epoch);
        return _verifyVotes(epoch, message, votes);
    }

    /// @inheritdoc IValidatorSet
    function verifySignature(uint256 message, uint256 x, uint256 y, uint256 r, uint256 s) external view {
        MinaSchnorr.verify(MinaSchnorr.load(TABLES), message, x, y, r, s);
    }

    /// @inheritdoc IValidatorSet
    function currentEpoch() external view returns (uint32) {
        return _sets().currentEpoch;
    }

    /// @inheritdoc IValidatorSet
    function isInForce(uint32 epoch) external view returns (bool) {
        Sets storage sets = _sets();
        EpochInfo memory info = sets.epochs[epoch];
        return info.count != 0 && _inForce(sets, epoch, info);
    }

    /// @inheritdoc IValidatorSet
    function epochInfo(uint32 epoch) public view returns (EpochInfo memory info) {
        info = _sets().epochs[epoch];
        if (info.count == 0) revert ValidatorSetEpochUnknown(epoch);
    }

    /// @inheritdoc IValidatorSet
    function validators(uint32 epoch) external view returns (Validator[] memory members) {
        members = new Validator[](epochInfo(epoch).count);
        for (uint256 i = 0; i < members.length; ++i) members[i] = _sets().members[epoch][i];
    }

    /// @dev Puts the next set into force; the one before it still counts up to `graceEnd`, a time in seconds, or not at all
    /// when that is past. Callers prove the right to do so.
    function _rotate(Validator[] calldata members, uint64 threshold, uint64 graceEnd) internal {
        Sets storage sets = _sets();
        sets.epochs[sets.currentEpoch].graceEnd = graceEnd;
        _startEpoch(sets.currentEpoch + 1, members, threshold);
    }

    /// @dev Invariants: keys are points of the curve and rise strictly, so no key is there twice; 2·threshold > total ≥
    /// threshold; the set's hash is what the protocol makes of exactly these members, this threshold and this epoch.
    function _startEpoch(uint32 epoch, Validator[] calldata members, uint64 threshold) private {
        uint256 count = members.length;
        if (count == 0 || count > MAX_VALIDATORS) revert ValidatorSetSize(count, MAX_VALIDATORS);
        Sets storage sets = _sets();
        MinaSchnorrTables memory tables = MinaSchnorr.load(TABLES);
        uint256 setHash = ZekoHash.setStart(tables.poseidon, count, threshold, epoch);
        uint64 total = 0;
        for (uint256 i = 0; i < count; ++i) {
            Validator calldata member = members[i];
            MinaSchnorr.requireKey(member.x, member.y);
            if (member.weight == 0) revert ValidatorSetWeightZero(i);
            if (i > 0) _requireRisingKey(members[i - 1], member, i);
            setHash = ZekoHash.setSlot(tables.poseidon, setHash, MinaKey(member.x, member.y & 1 == 1), member.weight);
            total += member.weight;
            sets.members[epoch][i] = member;
        }
        if (threshold > total || 2 * uint256(threshold) <= total) revert ValidatorSetThreshold(threshold, total);
        sets.epochs[epoch] = EpochInfo(setHash, threshold, total, uint8(count), 0, 0, false);
        sets.currentEpoch = epoch;
        emit EpochStarted(epoch, setHash, threshold, total, uint8(count));
    }

    /// @dev Invariant: a bit stands for one member, whose signature over exactly this message was checked.
    function _verifyVotes(
        uint32 epoch,
        uint256 message,
        Vote[] calldata votes
    ) private view returns (uint64 signers, uint64 weight) {
        MinaSchnorrTables memory tables = MinaSchnorr.load(TABLES);
        // At most 64 turns: slots rise, and only those that have a member pass.
        for (uint256 i = 0; i < votes.length; ++i) {
            Vote calldata vote = votes[i];
            if (i > 0) _requireRising(votes[i - 1].slot, vote.slot);
            Validator memory member = _sets().members[epoch][vote.slot];
            if (member.weight == 0) revert ValidatorSetUnknownSigner(vote.slot, _sets().epochs[epoch].count);
            MinaSchnorr.verify(tables, message, member.x, member.y, vote.r, vote.s);
            signers |= uint64(1) << vote.slot;
            weight += member.weight; // 64 members below 2³² each
        }
    }

    function _requireApproved(
        Sets storage sets,
        uint32 epoch,
        Rotation calldata next,
        Vote[] calldata approvals
    ) private view {
        EpochInfo memory info = sets.epochs[epoch];
        uint256 message = ZekoHash.rotation(
            MinaSchnorr.load(TABLES).poseidon,
            sets.domain,
            info.setHash,
            sets.epochs[epoch + 1].setHash,
            next.state,
            next.until,
            next.removal
        );
        (, uint64 weight) = _verifyVotes(epoch, message, approvals);
        if (weight < info.threshold) revert ValidatorSetBelowThreshold(weight, info.threshold);
    }

    function _requireConfirmed(
        Sets storage sets,
        uint32 epoch,
        Rotation calldata next,
        Vote[] calldata confirmations
    ) private view {
        EpochInfo memory info = sets.epochs[epoch];
        uint256 message = ZekoHash.mirrored(
            MinaSchnorr.load(TABLES).poseidon,
            sets.domain,
            info.setHash,
            next.until,
            next.removal
        );
        (, uint64 weight) = _verifyVotes(epoch, message, confirmations);
        if (weight < info.threshold) revert ValidatorSetBelowThreshold(weight, info.threshold);
    }

    function _inForce(Sets storage sets, uint32 epoch, EpochInfo memory info) private view returns (bool) {
        uint32 current = sets.currentEpoch;
        return epoch == current || (uint256(epoch) + 1 == current && block.timestamp <= info.graceEnd);
    }

    function _requireRising(uint8 previous, uint8 slot) private pure {
        if (slot == previous) revert ValidatorSetDuplicateSigner(slot);
        if (slot < previous) revert ValidatorSetSignerOrder(previous, slot);
    }

    function _requireRisingKey(Validator calldata previous, Validator calldata member, uint256 slot) private pure {
        if (member.x > previous.x) return;
        if (member.x < previous.x) revert ValidatorSetKeyOrder(slot);
        // Equal x: the two keys with it differ in parity.
        if (member.y == previous.y) revert ValidatorSetDuplicateKey(slot);
        if (member.y & 1 == 0) revert ValidatorSetKeyOrder(slot);
    }

    function _sets() private pure returns (Sets storage sets) {
        assembly ("memory-safe") {
            sets.slot := SETS_SLOT
        }
    }
}
