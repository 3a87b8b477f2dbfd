// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {DaFees} from "../DaFees.sol";
import {ZekoProxy} from "../ZekoProxy.sol";
import {IBatchInbox, Rollup} from "../interfaces/IBatchInbox.sol";
import {FeeTerms} from "../interfaces/IDaFees.sol";
import {IValidatorSet, Vote} from "../interfaces/IValidatorSet.sol";
import {BatchId} from "../types/BatchId.sol";
import {RollupId} from "../types/RollupId.sol";

/// @notice Measures what a certificate costs to check: execution alone, no calldata, no first reading of storage.
contract GasMeter {
    DaFees private immutable FEES;

    /// @param code Implementation of the fee contract; the meter makes one of its own, as its inbox
    constructor(address code, address set) {
        bytes memory start = abi.encodeCall(
            DaFees.initialize,
            (address(this), address(this), set, FeeTerms({price: 1, lateWindow: 60}))
        );
        FEES = DaFees(address(new ZekoProxy(code, start)));
    }

    /// @notice Sets a fee aside for a batch that is measured.
    function reserve(BatchId id) external payable {
        FEES.prepay{value: 1}(RollupId.wrap(0));
        FEES.reserve(id, RollupId.wrap(0), 1);
    }

    /// @return used Gas of making the message, checking the quorum, and noting who earned the fee, once storage has been read
    function certificate(
        IBatchInbox inbox,
        IValidatorSet set,
        BatchId id,
        uint32 epoch,
        Vote[] calldata votes
    ) external returns (uint256 used) {
        set.verifyQuorum(epoch, inbox.attestationMessage(id, epoch), votes);
        FEES.escrowOf(id);
        uint256 before = gasleft();
        (uint64 signers, ) = set.verifyQuorum(epoch, inbox.attestationMessage(id, epoch), votes);
        FEES.certified(id, epoch, signers);
        used = before - gasleft();
    }

    /// @notice For the fee contract, which asks its inbox.
    function rollupOf(RollupId) external pure returns (Rollup memory rollup) {}
}
