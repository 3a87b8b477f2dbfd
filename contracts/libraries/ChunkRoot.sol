// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title SHA-256 Merkle root of one chunk
/// @notice leaf = sha256(0x00 ‖ cell), node = sha256(0x01 ‖ left ‖ right), as RFC 6962: neither passes for the other. The
/// last cell is padded with zeros; a node without a partner moves up unchanged.
/// @dev Twin: protocol/chunks.ts · Vectors: test/vectors/chunkRoot.json · Cost: test/snapshots/gas.json
library ChunkRoot {
    /// @notice The SHA-256 precompile failed: out of gas.
    error ChunkRootHashFailed();

    uint256 private constant CELL_BYTES = 1024;

    /// @notice Root of a chunk of at least one byte.
    /// @dev Assembly, because `sha256(abi.encodePacked(…))` would allocate anew for each of 96 cells. Memory at `level`:
    /// digests of one level; after them, at `input`, the preimage of one.
    function compute(bytes calldata chunk) internal view returns (bytes32 root) {
        uint256 cells = (chunk.length + CELL_BYTES - 1) / CELL_BYTES;
        bool success = true;
        assembly ("memory-safe") {
            let level := mload(0x40) // free memory; nothing here outlives the call
            let input := add(level, shl(5, cells))
            mstore8(input, 0x00) // prefix of leaves
            for {
                let i := 0
            } lt(i, cells) {
                i := add(i, 1)
            } {
                let offset := shl(10, i)
                let length := sub(chunk.length, offset)
                switch lt(length, CELL_BYTES)
                case 0 {
                    calldatacopy(add(input, 1), add(chunk.offset, offset), CELL_BYTES)
                }
                default {
                    calldatacopy(add(input, 1), add(chunk.offset, offset), length)
                    calldatacopy(add(add(input, 1), length), calldatasize(), sub(CELL_BYTES, length)) // zeros
                }
                // precompile 2 is SHA-256
                success := and(success, staticcall(gas(), 2, input, add(CELL_BYTES, 1), add(level, shl(5, i)), 0x20))
            }
            mstore8(input, 0x01) // prefix of inner nodes
            for {} gt(cells, 1) {} {
                let pairs := shr(1, cells)
                for {
                    let i := 0
                } lt(i, pairs) {
                    i := add(i, 1)
                } {
                    let from := add(level, shl(6, i))
                    mcopy(add(input, 1), from, 0x40)
                    success := and(success, staticcall(gas(), 2, input, 0x41, add(level, shl(5, i)), 0x20))
                }
                let odd := and(cells, 1)
                if odd {
                    mstore(add(level, shl(5, pairs)), mload(add(level, shl(5, sub(cells, 1)))))
                }
                cells := add(pairs, odd)
            }
            root := mload(level)
        }
        if (!success) revert ChunkRootHashFailed();
    }
}
