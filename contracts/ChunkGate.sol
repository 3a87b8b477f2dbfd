// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IBatchInbox} from "./interfaces/IBatchInbox.sol";
import {IChunkGate} from "./interfaces/IChunkGate.sol";
import {ChunkRoot} from "./libraries/ChunkRoot.sol";
import {BatchId} from "./types/BatchId.sol";

/// @title Where chunks come in
contract ChunkGate is IChunkGate {
    /// @inheritdoc IChunkGate
    function postChunk(IBatchInbox inbox, BatchId id, uint16 index, bytes calldata chunk) external {
        // Readers find the bytes in the transaction's calldata. A contract in between would hide them, and so would an
        // account that has delegated to code. Neither check alone is enough: a constructor has no code yet.
        // solhint-disable-next-line avoid-tx-origin
        if (msg.sender != tx.origin || msg.sender.code.length != 0) revert ChunkGateCallerHasCode(msg.sender);
        inbox.acceptChunk(id, index, chunk.length, ChunkRoot.compute(chunk));
    }
}
