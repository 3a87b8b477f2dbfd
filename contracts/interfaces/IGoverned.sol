// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title What the contracts of the chain share: an owner that upgrades, a guardian that pauses
/// @notice The owner is meant to be a timelock; the guardian acts at once, but can only stop and start.
interface IGoverned {
    /// @notice The caller is neither guardian nor owner.
    error GovernedNotGuardian(address caller);

    /// @notice Another account may pause from now on.
    event GuardianChanged(address indexed previous, address indexed current);

    /// @notice Stops everything that changes state, but what governs.
    function pause() external;

    /// @notice Ends a pause.
    function unpause() external;

    /// @notice The owner names another guardian; the zero address leaves pausing to the owner.
    function setGuardian(address guardian) external;

    /// @notice Who may pause, beside the owner.
    function guardian() external view returns (address);
}
