// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IBatchInbox} from "../interfaces/IBatchInbox.sol";
import {IValidatorSet, Vote} from "../interfaces/IValidatorSet.sol";
import {BatchId} from "../types/BatchId.sol";

/// @notice Measures what a certificate costs to check: execution alone, no calldata, no first reading of storage.
contract GasMeter {
    /// @return used Gas of making the message and checking the quorum, the second time, when storage has been read
    function certificate(
        IBatchInbox inbox,
        IValidatorSet set,
        BatchId id,
        uint32 epoch,
        Vote[] calldata votes
    ) external view returns (uint256 used) {
        set.verifyQuorum(epoch, inbox.attestationMessage(id, epoch), votes);
        uint256 before = gasleft();
        set.verifyQuorum(epoch, inbox.attestationMessage(id, epoch), votes);
        used = before - gasleft();
    }
}
