// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {RollupId} from "./RollupId.sol";

/// @notice Which batch: a hash over chain, inbox, rollup, header and chunk roots, so that an id says all about its batch.
type BatchId is bytes32;

/// @notice What a batch is, before its bytes. Twin: protocol/batchHeader.ts
/// @param number Batch number of the target state
/// @param source Hash of the state that the batch starts from, a field element
/// @param target Hash of the state that it ends in, a field element
/// @param landBy Last Mina slot at which L1 may accept it
/// @param dataLength Posted bytes
/// @param decodedLength Bytes after decompression
/// @param scheme How chunks are committed to; 1 today
struct BatchHeader {
    uint64 number;
    uint256 source;
    uint256 target;
    uint32 landBy;
    uint32 dataLength;
    uint32 decodedLength;
    uint16 scheme;
}

/// @notice Id of a batch of the inbox at `inbox` on this chain.
/// @dev Everything has a fixed length but the chunk roots, which are hashed by themselves: no two inputs share an encoding.
function batchIdOf(
    address inbox,
    RollupId rollup,
    BatchHeader memory header,
    bytes32[] memory chunkRoots
) view returns (BatchId) {
    return
        BatchId.wrap(
            keccak256(abi.encode(block.chainid, inbox, rollup, header, keccak256(abi.encodePacked(chunkRoots))))
        );
}
