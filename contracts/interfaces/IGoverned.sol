// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title What the contracts of the chain share: an owner that upgrades, a guardian that pauses
/// @notice The owner is meant to be a timelock; the guardian acts at once, but can only stop and start.
interface IGoverned {
    /// @notice The caller is neither guardian nor owner.
    error GovernedNotGuardian(address caller);
    /// @notice The last pause ended lately; the next can begin at `earliest`, a time in seconds.
    error GovernedPausedLately(uint256 earliest);

    /// @notice Another account may pause from now on.
    event GuardianChanged(address indexed previous, address indexed current);

    /// @notice A pause began, and is over at `until`, a time in seconds, if it is not ended before.
    event PauseStarted(uint256 until);

    /// @notice Stops what the contract says that a pause stops, for a week at most. The next pause cannot begin before as much
    /// time has passed as the last one took.
    function pause() external;

    /// @notice Ends a pause.
    function unpause() external;

    /// @notice The owner names another guardian; the zero address leaves pausing to the owner.
    function setGuardian(address next) external;

    /// @notice When the pause is over, in seconds; 0 when there is none.
    function pausedUntil() external view returns (uint256);

    /// @notice Who may pause, beside the owner.
    function guardian() external view returns (address);
}
