// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @notice The part of the test runner's own functions that these tests use. They exist in Solidity tests alone.
interface Vm {
    /// @notice The next call comes from this account, in a transaction of this account's.
    function prank(address sender, address origin) external;
    /// @notice Gives an account a balance.
    function deal(address account, uint256 balance) external;
    /// @notice Sets the time of the block.
    function warp(uint256 timestamp) external;
    /// @notice Gives up a run whose input has no meaning.
    function assume(bool condition) external pure;
}

Vm constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));
