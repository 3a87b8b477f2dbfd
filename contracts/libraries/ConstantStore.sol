// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title Tables kept as the code of a contract of their own
/// @notice Thirteen kilobytes of constants would leave no room for code, and writing them to memory word by word costs
/// twice as much as copying code.
library ConstantStore {
    /// @notice The contract that holds the table could not be created.
    error ConstantStoreFailed();

    /// @notice Creates a contract whose code is a zero byte, so that it cannot run, and `data`.
    function deploy(bytes memory data) internal returns (address stored) {
        // 600b 59 81 38 03 80 92 59 39 f3: return everything that follows these eleven bytes
        bytes memory creation = bytes.concat(hex"600b5981380380925939f300", data);
        assembly ("memory-safe") {
            stored := create(0, add(creation, 0x20), mload(creation))
        }
        if (stored == address(0)) revert ConstantStoreFailed();
    }

    /// @notice Copies the table to fresh memory and returns where it starts.
    function load(address stored) internal view returns (uint256 pointer) {
        assembly ("memory-safe") {
            let size := sub(extcodesize(stored), 1)
            pointer := mload(0x40)
            mstore(0x40, add(pointer, size)) // a multiple of 32: tables hold whole words
            extcodecopy(stored, pointer, 1, size)
        }
    }
}
