// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Certificate} from "../../../contracts/interfaces/IBatchInbox.sol";
import {Escrow} from "../../../contracts/interfaces/IDaFees.sol";
import {BatchId} from "../../../contracts/types/BatchId.sol";
import {FeesHandler} from "./FeesHandler.sol";
import {InvariantTest} from "./InvariantTest.sol";

/// @notice Whatever rollups, relays, validators and thieves do: the money adds up, and certificates mean what they say.
contract FeesInvariants is InvariantTest {
    FeesHandler private _handler;

    function setUp() external {
        _handler = new FeesHandler();
        _target(address(_handler), "FeesHandler");
    }

    /// @notice In one, because the runner begins anew for each that it finds.
    function invariant_moneyAddsUpAndCertificatesMeanWhatTheySay() external view {
        _everyUnitBelongsToSomebody();
        _nothingIsPaidTwice();
        _aFeeIsSharedOutOnce();
        _aCertificateIsAQuorumOfASealedBatch();
        _nothingPassesThatMustNot();
    }

    /// @notice Random calls that are all refused would prove nothing: the handler can go all the way.
    function test_theHandlerReachesAPayment() external {
        _handler.prepay(999_999);
        _handler.openBatch(10);
        _handler.seal(0);
        _handler.certifyWell(0, 0);
        uint8[] memory late = new uint8[](1);
        _handler.addLateVotes(0, late);
        _handler.settle(0, 0);
        _handler.setPayout(1, false);
        _handler.claim(1);
        _handler.withdraw(1);
        _true(_handler.shared() == 77, "shared");
        _true(_handler.paidOut() > 1, "paid");
        this.invariant_moneyAddsUpAndCertificatesMeanWhatTheySay();
    }

    /// @dev balance = prepaid + set aside + due.
    function _everyUnitBelongsToSomebody() private view {
        uint256 prepaid = _handler.FEES().balanceOf(_handler.ROLLUP());
        uint256 owned = prepaid + _handler.heldForAll() + _handler.dueToAll();
        _equal(address(_handler.FEES()).balance, owned, "balance");
    }

    /// @dev What came in is what went out and what is there.
    function _nothingIsPaidTwice() private view {
        _equal(_handler.paidIn(), _handler.paidOut() + address(_handler.FEES()).balance, "paid");
    }

    /// @dev A fee is set aside exactly where the books have it.
    function _aFeeIsSharedOutOnce() private view {
        for (uint256 i = 0; i < _handler.batches(); ++i) {
            Escrow memory escrow = _handler.escrowOf(i);
            FeesHandler.Book memory book = _handler.entry(i);
            _equal(escrow.amount, book.held, "held");
            if (escrow.amount == 0) continue;
            _equal(escrow.signers, book.earned ? book.signers : 0, "signers");
            _equal(escrow.epoch, book.epoch, "epoch");
        }
    }

    /// @dev Nothing is certified that is not sealed, nor by less than a quorum, nor with a vote counted twice.
    function _aCertificateIsAQuorumOfASealedBatch() private view {
        uint32 epochs = _handler.SET().currentEpoch() + 1;
        for (uint256 i = 0; i < _handler.batches(); ++i) {
            FeesHandler.Book memory book = _handler.entry(i);
            for (uint32 epoch = 0; epoch < epochs; ++epoch) {
                Certificate memory certificate = _handler.certificateOf(i, epoch);
                _true((certificate.signers != 0) == ((book.certified >> epoch) & 1 == 1), "certificate");
                if (certificate.signers == 0) continue;
                _true(book.whole && _sealed(book.id), "certified unsealed");
                _equal(certificate.weight, _handler.weightOf(certificate.signers), "weight");
                _true(certificate.weight >= 5, "quorum");
                _true(certificate.signers >> _handler.MEMBERS() == 0, "signers");
            }
        }
    }

    function _nothingPassesThatMustNot() private view {
        _true(bytes(_handler.broken()).length == 0, _handler.broken());
    }

    function _sealed(BatchId id) private view returns (bool) {
        return _handler.INBOX().batchOf(id).sealedBlock != 0;
    }
}
