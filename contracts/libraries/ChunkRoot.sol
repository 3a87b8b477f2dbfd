// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title SHA-256 Merkle root of one chunk
/// @notice leaf = sha256(0x00 ‖ cell), node = sha256(0x01 ‖ left ‖ right), as RFC 6962: neither passes for the other. The
/// last cell is padded with zeros; a node without a partner moves up unchanged.
/// @dev Twin: protocol/chunks.ts · Vectors: test/vectors/chunkRoot.json · Cost: docs/benchmarks.md#posting-a-chunk
library ChunkRoot {
    /// @notice The SHA-256 precompile failed: out of gas.
    error ChunkRootHashFailed();

    uint256 private constant CELL_BYTES = 1024;

    /// @notice Root of a chunk of at least one byte.
    /// @dev Assembly, because `sha256(abi.encodePacked(…))` would allocate anew for each of 96 cells. Digests of one level
    /// stand from `level` to `end`, each level over the one below it; `cell`, behind all of them, holds one cell at a time,
    /// with its prefix in the byte before.
    function compute(bytes calldata chunk) internal view returns (bytes32 root) {
        bool success = true;
        assembly ("memory-safe") {
            let level := add(mload(0x40), 0x20) // free memory, and a byte before it; nothing here outlives the call
            let rest := and(chunk.length, sub(CELL_BYTES, 1))
            let end := add(level, shl(5, shr(10, chunk.length))) // of the digests of whole cells
            let cell := add(end, 0x40) // leaves room for one more digest
            let input := sub(cell, 1)
            mstore8(input, 0x00) // prefix of leaves
            let from := chunk.offset
            for {
                let to := level
            } lt(to, end) {
                to := add(to, 0x20)
            } {
                calldatacopy(cell, from, CELL_BYTES)
                // precompile 2 is SHA-256
                success := and(success, staticcall(gas(), 2, input, add(CELL_BYTES, 1), to, 0x20))
                from := add(from, CELL_BYTES)
            }
            if rest {
                calldatacopy(cell, from, rest)
                calldatacopy(add(cell, rest), calldatasize(), sub(CELL_BYTES, rest)) // zeros
                success := and(success, staticcall(gas(), 2, input, add(CELL_BYTES, 1), end, 0x20))
                end := add(end, 0x20)
            }
            for {} gt(sub(end, level), 0x20) {} {
                let odd := and(sub(end, level), 0x20) // bytes of the digest without a partner
                let pairsEnd := sub(end, odd)
                let to := level
                // The prefix goes into the byte before the pair: the last one of a pair that has been hashed, and not yet
                // reached by the level that is written, which takes half as much.
                for {
                    let pair := sub(level, 1)
                } lt(pair, sub(pairsEnd, 1)) {
                    pair := add(pair, 0x40)
                } {
                    mstore8(pair, 0x01) // prefix of inner nodes
                    success := and(success, staticcall(gas(), 2, pair, 0x41, to, 0x20))
                    to := add(to, 0x20)
                }
                if odd {
                    mstore(to, mload(pairsEnd))
                }
                end := add(to, odd)
            }
            root := mload(level)
        }
        if (!success) revert ChunkRootHashFailed();
    }
}
