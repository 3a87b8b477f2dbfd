// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IBatchInbox} from "../interfaces/IBatchInbox.sol";
import {IChunkGate} from "../interfaces/IChunkGate.sol";
import {BatchId} from "../types/BatchId.sol";

/// @notice Posts a chunk from a contract, also from a constructor: where nobody finds its bytes in calldata.
contract ChunkRelay {
    function relay(IChunkGate gate, IBatchInbox inbox, BatchId id, uint16 index, bytes calldata chunk) external {
        gate.postChunk(inbox, id, index, chunk);
    }
}

/// @notice Has no code while it posts.
contract ChunkConstructor {
    constructor(IChunkGate gate, IBatchInbox inbox, BatchId id, uint16 index, bytes memory chunk) {
        gate.postChunk(inbox, id, index, chunk);
    }
}
