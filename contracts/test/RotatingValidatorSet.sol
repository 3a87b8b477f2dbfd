// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ValidatorSet} from "../ValidatorSet.sol";
import {Validator} from "../interfaces/IValidatorSet.sol";

/// @notice Rotates for tests without anybody having signed.
contract RotatingValidatorSet is ValidatorSet {
    function forceRotation(Validator[] calldata members, uint64 threshold, uint64 graceEnd) external {
        _rotate(members, threshold, graceEnd);
    }
}
