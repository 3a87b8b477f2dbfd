// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @notice Which rollup of the inbox: keccak256(abi.encode(owner, salt)). Only the owner can register it.
type RollupId is bytes32;
