// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {GasAccount, GasLimits, GasTotals} from "../../../contracts/interfaces/IGasVault.sol";
import {InvariantTest} from "./InvariantTest.sol";
import {VaultHandler} from "./VaultHandler.sol";

/// @notice Whatever is locked, certified, claimed and forged: paid ≤ certified ≤ locked, for each recipient and for all.
contract VaultInvariants is InvariantTest {
    VaultHandler private _handler;

    function setUp() external {
        _handler = new VaultHandler();
        _target(address(_handler), "VaultHandler");
    }

    function invariant_nobodyIsPaidMoreThanIsLocked() external view {
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

    /// @notice What came in is what was paid out and what is there; what is held is there.
    function invariant_everyCoinIsAccountedFor() external view {
        GasTotals memory totals = _handler.VAULT().totals();
        uint256 balance = address(_handler.VAULT()).balance;
        _equal(balance + uint256(totals.paid) * 1e9 - totals.held, _handler.funded(), "balance");
        _true(balance >= totals.held, "held");
    }

    function invariant_nothingPassesThatMustNot() external view {
        _true(bytes(_handler.broken()).length == 0, _handler.broken());
    }
}
