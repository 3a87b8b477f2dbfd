// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";

/// @title Owner of the contracts: whatever it does is announced before
/// @dev Named here so that its code is compiled and pinned with ours.
contract ZekoTimelock is TimelockController {
    constructor(
        uint256 delay,
        address[] memory proposers,
        address[] memory executors
    ) TimelockController(delay, proposers, executors, address(0)) {}
}
