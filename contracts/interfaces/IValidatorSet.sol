// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @notice A member of a set.
/// @param x First coordinate of its Mina key
/// @param y Second coordinate: computing it from x and a parity would cost more than storing it
/// @param weight 1 to 2³² − 1
struct Validator {
    uint256 x;
    uint256 y;
    uint32 weight;
}

/// @notice One member's signature.
/// @param slot Its place in the set, from 0
/// @param r First coordinate of the signature's point R
/// @param s Response, below the curve's order
struct Vote {
    uint8 slot;
    uint256 r;
    uint256 s;
}

/// @notice A change of the set, as both sets sign it.
/// @param members Of the next set, by strictly rising key
/// @param threshold Of the next set
/// @param state Hash of the state of the rollup that every member of the next set has rebuilt, a field element
/// @param until Last Mina slot at which the outer contract could take the rotation
/// @param removal A key of the current set is in wrong hands: no grace
struct Rotation {
    Validator[] members;
    uint64 threshold;
    uint256 state;
    uint32 until;
    bool removal;
}

/// @notice What is kept of one epoch's set, beside its members.
/// @param setHash The protocol's hash of the set, threshold and epoch included
/// @param threshold Weight that makes a quorum
/// @param totalWeight Sum of all weights
/// @param count Members, 1 to 64
/// @param graceEnd Last second at which the set still counts once its successor is in force; 0 for the current set
/// @param until The rotation's that began this epoch: with it and `removal` the validators' field of the outer account on
/// Mina can be computed; 0 for the first epoch
/// @param removal The rotation's that began this epoch
struct EpochInfo {
    uint256 setHash;
    uint64 threshold;
    uint64 totalWeight;
    uint8 count;
    uint64 graceEnd;
    uint32 until;
    bool removal;
}

/// @title Who may attest, epoch by epoch
/// @notice An epoch is the life of one validator set. Certificates are checked here: keys and weights live here.
interface IValidatorSet {
    /// @notice The set has no member, or more than fit one quorum proof.
    error ValidatorSetSize(uint256 count, uint256 maximum);
    /// @notice A member's weight is zero.
    error ValidatorSetWeightZero(uint256 slot);
    /// @notice The member's key is that of the one before it.
    error ValidatorSetDuplicateKey(uint256 slot);
    /// @notice The member's key is smaller than that of the one before it. Order: by x, then even before odd y.
    error ValidatorSetKeyOrder(uint256 slot);
    /// @notice The threshold is more than the total, or no majority of it.
    error ValidatorSetThreshold(uint64 threshold, uint64 totalWeight);

    /// @notice The grace is longer than can be meant.
    error ValidatorSetGrace(uint64 grace, uint64 maximum);

    /// @notice There is no such epoch.
    error ValidatorSetEpochUnknown(uint32 epoch);
    /// @notice The epoch is over, and so is its grace.
    error ValidatorSetEpochOver(uint32 epoch, uint64 graceEnd);
    /// @notice The set has no such slot.
    error ValidatorSetUnknownSigner(uint8 slot, uint8 count);
    /// @notice A slot votes twice.
    error ValidatorSetDuplicateSigner(uint8 slot);
    /// @notice Votes are not by rising slot.
    error ValidatorSetSignerOrder(uint8 previous, uint8 slot);
    /// @notice The votes' weight is no quorum.
    error ValidatorSetBelowThreshold(uint64 signed, uint64 threshold);

    /// @notice A set came into force.
    event EpochStarted(uint32 indexed epoch, uint256 setHash, uint64 threshold, uint64 totalWeight, uint8 count);

    /// @notice The set in force was changed, by a quorum of its own.
    event Rotated(uint32 indexed epoch, uint256 state, uint32 until, bool removal, uint64 previousGraceEnd);

    /// @notice Puts the next set into force, as Mina has done before. Anybody may send it.
    /// @dev Invariants: a quorum of the set that is current signed for exactly this next set, state, end and kind, for this
    /// deployment; a quorum of the next set signed that it has seen Mina hold exactly this rotation, too deep to be taken
    /// back; the epoch rises by one. So the two chains can differ in time, but not in what they hold: a rotation that
    /// Mina never took finds no quorum here, unless a majority of the next set lies, and that one could attest anything.
    /// Every member's possession of the state is Mina's to check, and is not asked again.
    /// @param next The next set and the terms
    /// @param approvals Votes of the current set, by strictly rising slot
    /// @param confirmations Votes of the next set, by strictly rising slot
    function rotate(Rotation calldata next, Vote[] calldata approvals, Vote[] calldata confirmations) external;

    /// @notice Which deployment rotates this set, and how many seconds the certificates of a set that goes stay good.
    function home() external view returns (uint256 domain, uint64 graceSeconds);

    /// @notice Checks that a quorum of the epoch's set signed `message`; reverts otherwise.
    /// @dev Invariants: a member counts once; the sum is over members that signed exactly this message; nothing is written.
    /// The caller makes the message, tagged and with the epoch's set hash in it. Also reverts with MinaSchnorr's errors.
    /// @param message A field element
    /// @param votes By strictly rising slot
    /// @return signers Bit i is set when slot i signed
    /// @return weight Sum of the signers' weights, at least the threshold
    function verifyQuorum(
        uint32 epoch,
        uint256 message,
        Vote[] calldata votes
    ) external view returns (uint64 signers, uint64 weight);

    /// @notice As {verifyQuorum}, for votes of any weight and an epoch of any time: who signed, not whether it counts.
    /// @dev Not stopped by a pause: it gives nobody a right.
    function verifyVotes(
        uint32 epoch,
        uint256 message,
        Vote[] calldata votes
    ) external view returns (uint64 signers, uint64 weight);

    /// @notice Returns when (r, s) is the signature of the key (x, y), whoever has it, over `message`; reverts with
    /// MinaSchnorr's reason otherwise. For contracts that have no room for the curve themselves.
    function verifySignature(uint256 message, uint256 x, uint256 y, uint256 r, uint256 s) external view;

    /// @notice The epoch whose set is in force.
    function currentEpoch() external view returns (uint32);

    /// @notice Whether certificates of this epoch pass now: it is the current one, or the one before it within its grace.
    function isInForce(uint32 epoch) external view returns (bool);

    /// @notice Facts about an epoch's set.
    function epochInfo(uint32 epoch) external view returns (EpochInfo memory);

    /// @notice The members of an epoch's set, in order.
    function validators(uint32 epoch) external view returns (Validator[] memory);
}
