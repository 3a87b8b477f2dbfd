// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ChunkRoot} from "../../../contracts/libraries/ChunkRoot.sol";

/// @notice The chunk root beside one that is written as the definition reads, allocating as it likes.
contract ChunkRootFuzz {
    uint256 private constant CELL_BYTES = 1024;
    uint256 private constant MAX_CELLS = 10;

    function testFuzz_isTheRootOfThePlainTree(bytes32 seed, uint256 length) external view {
        bytes memory chunk = _bytes(seed, (length % (MAX_CELLS * CELL_BYTES)) + 1);
        assert(this.compute(chunk) == _plainRoot(chunk));
    }

    function testFuzz_everyLengthAroundAWholeCell(bytes32 seed, uint8 cells, uint8 off) external view {
        bytes memory chunk = _bytes(seed, ((uint256(cells) % MAX_CELLS) + 1) * CELL_BYTES + (off % 3) - 1);
        assert(this.compute(chunk) == _plainRoot(chunk));
    }

    function test_isTheRootOfAFullChunk() external view {
        bytes memory chunk = _bytes("full", 96 * CELL_BYTES);
        assert(this.compute(chunk) == _plainRoot(chunk));
    }

    /// @notice In memory that others have used: nothing there is taken for zeros.
    function compute(bytes calldata chunk) external view returns (bytes32) {
        assembly ("memory-safe") {
            let free := mload(0x40)
            for {
                let i := 0
            } lt(i, 0x1000) {
                i := add(i, 0x20)
            } {
                mstore(add(free, i), not(0))
            }
        }
        return ChunkRoot.compute(chunk);
    }

    function _plainRoot(bytes memory chunk) private pure returns (bytes32) {
        bytes32[] memory level = new bytes32[]((chunk.length + CELL_BYTES - 1) / CELL_BYTES);
        for (uint256 i = 0; i < level.length; ++i) {
            bytes memory cell = new bytes(CELL_BYTES);
            for (uint256 j = 0; j < CELL_BYTES && i * CELL_BYTES + j < chunk.length; ++j)
                cell[j] = chunk[i * CELL_BYTES + j];
            level[i] = sha256(bytes.concat(hex"00", cell));
        }
        while (level.length > 1) {
            bytes32[] memory above = new bytes32[]((level.length + 1) / 2);
            for (uint256 i = 0; i < above.length; ++i)
                above[i] =
                    2 * i + 1 < level.length
                        ? sha256(bytes.concat(hex"01", level[2 * i], level[2 * i + 1]))
                        : level[2 * i];
            level = above;
        }
        return level[0];
    }

    function _bytes(bytes32 seed, uint256 length) private pure returns (bytes memory data) {
        data = new bytes(length);
        for (uint256 i = 0; i < length; i += 32) {
            bytes32 word = keccak256(abi.encode(seed, i));
            for (uint256 j = 0; j < 32 && i + j < length; ++j) data[i + j] = word[j];
        }
    }
}
