// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @notice A compressed Mina public key, as it enters hashes.
/// @param x First coordinate, a field element
/// @param isOdd Parity of the second coordinate
struct MinaKey {
    uint256 x;
    bool isOdd;
}
