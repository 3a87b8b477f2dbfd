// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {DaFees} from "../../../contracts/DaFees.sol";
import {ZekoProxy} from "../../../contracts/ZekoProxy.sol";
import {Rollup} from "../../../contracts/interfaces/IBatchInbox.sol";
import {FeeTerms} from "../../../contracts/interfaces/IDaFees.sol";
import {Validator} from "../../../contracts/interfaces/IValidatorSet.sol";
import {BatchId} from "../../../contracts/types/BatchId.sol";
import {MinaKey} from "../../../contracts/types/MinaKey.sol";
import {RollupId} from "../../../contracts/types/RollupId.sol";
import {vm} from "../support/Vm.sol";

/// @notice Inbox and validator set of a fee contract, which shares fees of any size among sets of any weights.
contract FeeSharesFuzz {
    BatchId private constant BATCH = BatchId.wrap(bytes32(uint256(7)));
    RollupId private constant ROLLUP = RollupId.wrap(bytes32(uint256(8)));
    uint64 private constant MAX_PRICE = 1e15;

    DaFees private immutable CODE = new DaFees();
    DaFees private _fees;
    uint32[] private _weights;

    function testFuzz_sharesAddUpAndFollowTheWeights(
        uint64 price,
        uint32 length,
        uint64 signers,
        uint32[] calldata weights
    ) external {
        price = (price % MAX_PRICE) + 1;
        if (length == 0) length = 1;
        _setWeights(weights);
        uint64 all = type(uint64).max >> (64 - _weights.length);
        signers = (signers & all) | 1;
        uint256 fee = uint256(price) * length;
        _earn(price, length, fee, signers);
        _settle();

        uint256 total = 0;
        for (uint256 i = 0; i < _weights.length; ++i) if ((signers >> i) & 1 == 1) total += _weights[i];
        uint256 shared = 0;
        for (uint256 i = 0; i < _weights.length; ++i) {
            uint256 due = _fees.accountOf(_key(i)).due;
            shared += due;
            uint256 weight = (signers >> i) & 1 == 1 ? _weights[i] : 0;
            // Off by less than one unit from the exact share; nothing for who has not signed.
            assert(due * total < fee * weight + total && due * total + total > fee * weight);
            if (weight == 0) assert(due == 0);
        }
        assert(shared == fee);
    }

    function _setWeights(uint32[] calldata weights) private {
        delete _weights;
        for (uint256 i = 0; i < weights.length && i < 64; ++i) _weights.push(weights[i] == 0 ? 1 : weights[i]);
        if (_weights.length == 0) _weights.push(1);
    }

    function _earn(uint64 price, uint32 length, uint256 fee, uint64 signers) private {
        bytes memory start = abi.encodeCall(
            DaFees.initialize,
            (address(this), address(this), address(this), FeeTerms({price: price, lateWindow: 1 hours}))
        );
        _fees = DaFees(address(new ZekoProxy(address(CODE), start)));
        vm.deal(address(this), fee);
        _fees.prepay{value: fee}(ROLLUP);
        _fees.reserve(BATCH, ROLLUP, length);
        _fees.certified(BATCH, 0, signers);
    }

    function _settle() private {
        vm.warp(block.timestamp + 1 hours + 1);
        BatchId[] memory ids = new BatchId[](1);
        ids[0] = BATCH;
        _fees.settle(ids);
    }

    function _key(uint256 slot) private pure returns (MinaKey memory) {
        return MinaKey(slot + 1, false);
    }

    /// @notice For the fee contract, which asks its validator set.
    function validators(uint32) external view returns (Validator[] memory members) {
        members = new Validator[](_weights.length);
        for (uint256 i = 0; i < members.length; ++i) members[i] = Validator(i + 1, 0, _weights[i]);
    }

    /// @notice For the fee contract, which asks its inbox.
    function rollupOf(RollupId) external pure returns (Rollup memory rollup) {}
}
