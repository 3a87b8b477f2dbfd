// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IGasVault} from "../interfaces/IGasVault.sol";
import {Vote} from "../interfaces/IValidatorSet.sol";

/// @notice A recipient that does with its coins what it was told to, and can call the vault.
contract GasReceiver {
    /// @notice What it does when coins come.
    enum Mood {
        Takes,
        Refuses,
        BurnsAllGas,
        ReturnsMuch,
        ClaimsAgain,
        Releases,
        Withdraws
    }

    IGasVault private immutable VAULT;
    Mood public mood;
    bytes private call;
    /// @notice Whether a call into the vault, made while coins came, went through.
    bool public reentered;

    constructor(IGasVault vault) {
        VAULT = vault;
    }

    // solhint-disable-next-line no-complex-fallback
    receive() external payable {
        if (mood == Mood.Takes) return;
        if (mood == Mood.Refuses) revert("refused");
        if (mood == Mood.BurnsAllGas) {
            while (true) {}
        }
        if (mood == Mood.ReturnsMuch) {
            assembly ("memory-safe") {
                return(0, 40000)
            }
        }
        // The call's outcome must not undo itself: whoever re-enters takes what comes.
        // solhint-disable-next-line avoid-low-level-calls
        (reentered, ) = address(VAULT).call(call);
    }

    function behave(Mood next, bytes calldata next_) external {
        mood = next;
        call = next_;
    }

    function withdraw(address to) external returns (uint256) {
        return VAULT.withdrawHeld(to);
    }

    /// @notice Claims with the gas that its caller chooses.
    function claim(address recipient, uint64 total, uint32 epoch, Vote[] calldata votes) external returns (uint64) {
        return VAULT.claim(recipient, total, epoch, votes);
    }
}
