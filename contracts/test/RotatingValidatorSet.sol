// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ValidatorSet} from "../ValidatorSet.sol";
import {Validator} from "../interfaces/IValidatorSet.sol";

/// @notice Opens rotation, without the right to it, to tests.
contract RotatingValidatorSet is ValidatorSet {
    function rotate(Validator[] calldata members, uint64 threshold, uint64 graceEnd) external {
        _rotate(members, threshold, graceEnd);
    }
}
