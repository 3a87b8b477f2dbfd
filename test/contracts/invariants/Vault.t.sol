// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {GasAccount, GasTotals} from "../../../contracts/interfaces/IGasVault.sol";
import {InvariantTest} from "./InvariantTest.sol";
import {VaultHandler} from "./VaultHandler.sol";

/// @notice What the runner calls. Named itself, the handler was never called, and every invariant held of nothing.
contract VaultActions {
    VaultHandler private immutable HANDLER;

    constructor(VaultHandler handler) {
        HANDLER = handler;
    }

    function fund(uint64 units) external {
        HANDLER.fund(units);
    }

    function lock(uint256 which, uint16 nanomina) external {
        HANDLER.lock(which, nanomina);
    }

    function claim(uint256 which, uint16 below, uint8 quorum) external {
        HANDLER.claim(which, below, quorum);
    }

    function claimBy(uint256 which, uint16 below, uint8 signers) external {
        HANDLER.claimBy(which, below, signers);
    }

    function forge(uint256 which, uint64 total, uint64 signed) external {
        HANDLER.forge(which, total, signed);
    }

    function claimLate(uint256 which, uint64 total, uint8 back) external {
        HANDLER.claimLate(which, total, back);
    }

    function rotate() external {
        HANDLER.rotate();
    }

    function release(uint256 which) external {
        HANDLER.release(which);
    }

    function withdraw(uint256 which) external {
        HANDLER.withdraw(which);
    }

    function refuse(uint256 which, bool next) external {
        HANDLER.refuse(which, next);
    }

    function pass(uint16 time) external {
        HANDLER.pass(time);
    }

    function setCap(uint16 cap) external {
        HANDLER.setCap(cap);
    }
}

/// @notice Whatever is locked, certified, claimed and forged: paid ≤ certified ≤ locked, for each recipient and for all.
contract VaultInvariants is InvariantTest {
    VaultHandler private _handler;

    function setUp() external {
        _handler = new VaultHandler();
        _target(address(new VaultActions(_handler)), "VaultActions");
    }

    /// @notice In one, because the runner begins anew for each that it finds.
    function invariant_paidIsCertifiedIsLocked() external view {
        _nobodyIsPaidMoreThanIsLocked();
        _everyCoinIsAccountedFor();
        _true(bytes(_handler.broken()).length == 0, _handler.broken());
    }

    /// @notice Random calls that are all refused would prove nothing: the handler can go all the way.
    function test_theHandlerReachesEveryPayment() external {
        _handler.fund(5_000e9);
        _handler.lock(0, 1_500);
        _handler.claim(0, 0, 4);
        _equal(_handler.recipients(0).received(), 1_000e9, "up to the cap");
        _handler.pass(2_999);
        _handler.pass(2_999);
        _handler.release(0);
        _equal(_handler.recipients(0).received(), 1_500e9, "the rest in the next period");
        _handler.lock(1, 7);
        _handler.refuse(1, true);
        _handler.claimBy(1, 0, 7);
        _equal(_handler.VAULT().totals().held, 7e9, "held");
        _handler.refuse(1, false);
        _handler.withdraw(1);
        _equal(_handler.recipients(1).received(), 7e9, "withdrawn");
        _handler.rotate();
        _handler.claimLate(2, 9, 0);
        _handler.lock(2, 9);
        _handler.claim(2, 0, 4);
        _equal(_handler.recipients(2).received(), 9e9, "certified by the next set");
        this.invariant_paidIsCertifiedIsLocked();
    }

    function _nobodyIsPaidMoreThanIsLocked() private view {
        uint256 certified;
        uint256 paid;
        uint256 held;
        for (uint256 i = 0; i < _handler.RECIPIENTS(); ++i) {
            GasAccount memory account = _handler.VAULT().accountOf(address(_handler.recipients(i)));
            _true(account.paid <= account.certified, "paid above certified");
            _true(account.certified <= _handler.locked(i), "certified above locked");
            // What was paid has arrived, or is held.
            _equal(_handler.recipients(i).received() + account.held, uint256(account.paid) * 1e9, "received");
            certified += account.certified;
            paid += account.paid;
            held += account.held;
        }
        GasTotals memory totals = _handler.VAULT().totals();
        _equal(totals.certified, certified, "all certified");
        _equal(totals.paid, paid, "all paid");
        _equal(totals.held, held, "all held");
    }

    /// @dev What came in is what was paid out and what is there; what is held is there.
    function _everyCoinIsAccountedFor() private view {
        GasTotals memory totals = _handler.VAULT().totals();
        uint256 balance = address(_handler.VAULT()).balance;
        _equal(balance + uint256(totals.paid) * 1e9 - totals.held, _handler.funded(), "balance");
        _true(balance >= totals.held, "held");
    }
}
