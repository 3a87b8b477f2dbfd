// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IBatchInbox} from "../interfaces/IBatchInbox.sol";
import {IDaFees} from "../interfaces/IDaFees.sol";
import {MinaKey} from "../types/MinaKey.sol";
import {RollupId} from "../types/RollupId.sol";

/// @notice Takes no payment.
contract RefusingReceiver {
    error Refused();

    receive() external payable {
        revert Refused();
    }
}

/// @notice Answers a payment with so many bytes that copying them would cost the payer dearly.
contract VerboseReceiver {
    receive() external payable {
        assembly {
            return(0, 1000000)
        }
    }
}

/// @notice Owns a rollup, and on each payment tries to be paid again, by both ways out.
contract GreedyReceiver {
    IDaFees private immutable FEES;
    MinaKey private _key;
    RollupId private _rollup;
    uint256 private _amount = 1;
    /// @notice Payments that came, and second tries that came through.
    uint256 public payments;
    uint256 public successes;

    constructor(IDaFees fees) {
        FEES = fees;
    }

    // solhint-disable-next-line no-complex-fallback
    receive() external payable {
        ++payments;
        if (payments > 4) return;
        try FEES.claim(_key) {
            ++successes;
        } catch {}
        try FEES.withdraw(_rollup, _amount, address(this)) {
            ++successes;
        } catch {}
    }

    /// @notice Registers a rollup of its own.
    function register(IBatchInbox inbox, MinaKey calldata key) external returns (RollupId) {
        _key = key;
        _rollup = inbox.registerRollup(0, 1, key, key, new address[](0));
        return _rollup;
    }

    /// @notice Takes `amount` back, and tries to take it again while it is paid.
    function withdraw(uint256 amount) external {
        _amount = amount;
        FEES.withdraw(_rollup, amount, address(this));
    }
}
