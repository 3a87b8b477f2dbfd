// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {GasVault} from "../../../contracts/GasVault.sol";
import {ZekoProxy} from "../../../contracts/ZekoProxy.sol";
import {GasAccount, GasLimits} from "../../../contracts/interfaces/IGasVault.sol";
import {Vote} from "../../../contracts/interfaces/IValidatorSet.sol";
import {MinaKey} from "../../../contracts/types/MinaKey.sol";
import {ValidatorsHandler} from "./ValidatorsHandler.sol";
import {vm} from "../support/Vm.sol";

/// @notice A recipient that takes its coins, or does not.
contract VaultRecipient {
    GasVault private immutable VAULT;
    bool public refuses;
    uint256 public received;

    constructor(GasVault vault) {
        VAULT = vault;
    }

    receive() external payable {
        require(!refuses, "refused");
        received += msg.value;
    }

    function refuse(bool next) external {
        refuses = next;
    }

    function withdraw() external {
        VAULT.withdrawHeld(address(this));
    }
}

/// @notice L1 on which MINA is locked, validators that certify it, honest and forged claims, and books of what may be paid.
contract VaultHandler is ValidatorsHandler {
    uint256 public constant RECIPIENTS = 3;
    uint256 private constant UNITS = 1e9;

    GasVault public immutable VAULT;

    VaultRecipient[RECIPIENTS] public recipients;
    /// @notice Nanomina locked on the model's L1, by recipient.
    uint64[RECIPIENTS] public locked;
    /// @notice Everything that came into the vault, in units.
    uint256 public funded;
    uint256 private _periodStart;
    uint256 private _paidAtStart;

    constructor() ValidatorsHandler([uint32(1), 1, 1, 1], 3) {
        GasVault vault = new GasVault();
        bytes memory start = abi.encodeCall(
            vault.initialize,
            (address(this), address(this), address(SET), 1, MinaKey(1, false), 1_000, 1 hours)
        );
        VAULT = GasVault(payable(address(new ZekoProxy(address(vault), start))));
        for (uint256 i = 0; i < RECIPIENTS; ++i) recipients[i] = new VaultRecipient(VAULT);
    }

    function fund(uint64 units) external {
        vm.deal(address(this), units);
        (bool taken, ) = address(VAULT).call{value: units}("");
        _must(taken, "coins refused");
        funded += units;
    }

    function lock(uint256 which, uint16 nanomina) external {
        locked[which % RECIPIENTS] += nanomina;
    }

    /// @notice A quorum certifies what is locked, or some of it; anybody shows it, any number of times.
    function claim(uint256 which, uint16 below, uint8 quorum) external {
        // Three of four, or all of them.
        uint256 signers = quorum % 5 == 4 ? 15 : 15 ^ (1 << (quorum % 5));
        _claim(which % RECIPIENTS, below, signers);
    }

    /// @notice Any of the validators, one that there is not among them.
    function claimBy(uint256 which, uint16 below, uint8 signers) external {
        _claim(which % RECIPIENTS, below, signers % 32);
    }

    /// @notice A quorum's signatures over one total, shown for another recipient or another total.
    function forge(uint256 which, uint64 total, uint64 signed) external {
        vm.assume(total != signed);
        try this.send(which % RECIPIENTS, total, signed, 7, SET.currentEpoch()) {
            _must(false, "a total that nobody signed");
        } catch {}
    }

    /// @notice A quorum of a set that has gone, and may be in its grace, certifies what it likes.
    function claimLate(uint256 which, uint64 total, uint8 back) external {
        uint32 epoch = SET.currentEpoch();
        vm.assume(epoch > 0);
        try this.send(which % RECIPIENTS, total, total, 7, epoch - 1 - (back % epoch)) {
            _must(false, "a total of a set that has gone");
        } catch {}
    }

    function release(uint256 which) external {
        _startPeriod();
        try VAULT.release(address(recipients[which % RECIPIENTS])) {} catch {}
        _endPeriod();
    }

    function withdraw(uint256 which) external {
        recipients[which % RECIPIENTS].withdraw();
    }

    function refuse(uint256 which, bool next) external {
        recipients[which % RECIPIENTS].refuse(next);
    }

    function pass(uint16 time) external {
        vm.warp(block.timestamp + (time % 3_000));
    }

    function setCap(uint16 cap) external {
        VAULT.setLimits(uint64(cap % 3_000) + 1, 1 hours);
    }

    function send(uint256 which, uint64 total, uint64 signed, uint256 signers, uint32 epoch) external {
        require(msg.sender == address(this), "not for the runner");
        address recipient = address(recipients[which]);
        VAULT.claim(recipient, total, epoch, _votes(VAULT.gasMessage(recipient, signed, epoch), signers));
    }

    function _claim(uint256 which, uint16 below, uint256 signers) private {
        uint64 total = locked[which] > below % 100 ? locked[which] - (below % 100) : locked[which];
        GasAccount memory before = VAULT.accountOf(address(recipients[which]));
        _startPeriod();
        try this.send(which, total, total, signers, SET.currentEpoch()) {
            _must(_count(signers) >= 3 && signers < 16, "less than a quorum");
            _must(total > before.certified, "an old total");
        } catch {
            // The other way round: nothing that is right is refused.
            _must(_count(signers) < 3 || signers >= 16 || total <= before.certified, "a quorum's total refused");
        }
        _endPeriod();
    }

    function _startPeriod() private {
        if (block.timestamp <= VAULT.limits().periodEnd) return;
        _paidAtStart = VAULT.totals().paid;
    }

    /// @dev What a period has paid is at most the largest cap that it has seen: 3 000.
    function _endPeriod() private {
        GasLimits memory limit = VAULT.limits();
        uint256 paid = VAULT.totals().paid - _paidAtStart;
        _must(paid <= 3_000, "more than any cap");
        if (block.timestamp <= limit.periodEnd) _must(paid == limit.spent, "spent");
    }

    /// @param signers Bit i for slot i; there is no slot 4
    function _votes(uint256 message, uint256 signers) private returns (Vote[] memory votes) {
        votes = new Vote[](_count(signers));
        uint256 next;
        for (uint8 slot = 0; slot < 5; ++slot) {
            if ((signers >> slot) & 1 == 0) continue;
            votes[next++] = _vote(slot, message);
        }
    }

    function _count(uint256 bits) private pure returns (uint256 count) {
        for (; bits != 0; bits >>= 1) count += bits & 1;
    }
}
