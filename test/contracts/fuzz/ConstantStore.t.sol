// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ConstantStore} from "../../../contracts/libraries/ConstantStore.sol";

/// @notice What is stored as code comes back, and can neither run nor get into the way of what is allocated behind it.
contract ConstantStoreFuzz {
    function testFuzz_givesBackWhatWasStored(bytes32[] calldata words) external {
        bytes memory data = abi.encodePacked(words);
        address stored = ConstantStore.deploy(data);
        uint256 pointer = ConstantStore.load(stored);
        bytes memory behind = abi.encode(type(uint256).max);
        bytes32 found;
        assembly ("memory-safe") {
            found := keccak256(pointer, mload(data))
        }
        assert(found == keccak256(data));
        assert(abi.decode(behind, (uint256)) == type(uint256).max);
    }

    function testFuzz_isNoCodeThatRuns(bytes32[] calldata words, bytes calldata input) external {
        address stored = ConstantStore.deploy(abi.encodePacked(words));
        (bool stopped, bytes memory answer) = stored.call(input);
        assert(stopped && answer.length == 0);
    }
}
