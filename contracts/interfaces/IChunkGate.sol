// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {BatchId} from "../types/BatchId.sol";
import {IBatchInbox} from "./IBatchInbox.sol";

/// @title Where chunks come in
/// @notice Tells an inbox which bytes stand in the calldata of the transaction under way, by length and root. Has no proxy,
/// which would copy a chunk once more, and no state: whoever changes what it does deploys another, with the inbox's code.
interface IChunkGate {
    /// @notice The caller is a contract, or an account with code: the chunk would not stand in the transaction's calldata.
    error ChunkGateCallerHasCode(address caller);

    /// @notice Posts one chunk: any account without code, any order, each index once. The last one seals the batch.
    /// @dev Invariant: an inbox is told only of bytes that stand in calldata of a transaction to this contract, one chunk a
    /// transaction. The inbox is the caller's choice: one of ours believes its own gate alone, and any other is told a truth.
    /// Also reverts with the errors of {IBatchInbox.acceptChunk}, after the hashing, which is little beside what the calldata
    /// has cost by then. Whoever posts another's chunk first pays for it, and does no harm.
    /// @param chunk 98 304 bytes; the last chunk has what is left
    function postChunk(IBatchInbox inbox, BatchId id, uint16 index, bytes calldata chunk) external;
}
