// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ReentrancyGuard} from "@openzeppelin/contracts/utils/ReentrancyGuard.sol";
import {Governed} from "./Governed.sol";
import {POSEIDON_TABLE} from "./generated/PoseidonConstants.sol";
import {GasAccount, GasLimits, GasTotals, IGasVault} from "./interfaces/IGasVault.sol";
import {IValidatorSet, Vote} from "./interfaces/IValidatorSet.sol";
import {ConstantStore} from "./libraries/ConstantStore.sol";
import {PoseidonFp, PoseidonTable} from "./libraries/PoseidonFp.sol";
import {ZekoHash} from "./libraries/ZekoHash.sol";
import {MinaKey} from "./types/MinaKey.sol";

/// @title Gas of this chain for MINA that is locked on Mina
contract GasVault is IGasVault, Governed, ReentrancyGuard {
    /// @notice The rate: 1 MINA is 1 coin. Twin: GAS_UNITS_PER_NANOMINA in protocol/limits.ts; a test compares them.
    uint256 public constant UNITS_PER_NANOMINA = 1_000_000_000;
    /// @notice Gas that a recipient's own code gets with its coins: enough to write a few words, or to pass them on.
    uint256 public constant PUSH_GAS = 50_000;
    /// @notice Gas that must be left before coins are sent: the call's own price, of which it may pass on 63 parts of 64, and
    /// then two words to hold what was refused.
    uint256 private constant GAS_TO_PUSH = (PUSH_GAS * 64) / 63 + 37_000 + 60_000;

    /// @custom:storage-location erc7201:zeko.storage.GasVault
    struct Vault {
        address validatorSet;
        uint256 domain;
        GasTotals totals;
        GasLimits limits;
        mapping(address recipient => GasAccount) accounts;
    }

    // keccak256(abi.encode(uint256(keccak256("zeko.storage.GasVault")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant VAULT_SLOT = 0xf8970c917d290fbe1e86b7841096c4497055ecf852aa4011678cbeb4cdc7af00;

    /// @dev Where Poseidon's constants are, as a contract's code: the same for every proxy.
    /// @custom:oz-upgrades-unsafe-allow state-variable-immutable
    address private immutable TABLE;

    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor() {
        TABLE = ConstantStore.deploy(POSEIDON_TABLE);
        _disableInitializers();
    }

    /// @notice Once, in the proxy's constructor. Coins may be there before: genesis gives them to the proxy's address.
    /// @param owner Who may upgrade and set limits: a timelock
    /// @param first Guardian
    /// @param set Where quorums are checked; never changes
    /// @param minaNetwork Id of Mina's network, as a field element; never changes
    /// @param gasKey The L1 account in which MINA is locked; never changes
    /// @param cap Most that one period pays, nanomina
    /// @param period Its length in seconds
    function initialize(
        address owner,
        address first,
        address set,
        uint256 minaNetwork,
        MinaKey calldata gasKey,
        uint64 cap,
        uint32 period
    ) external initializer {
        _initializeGoverned(owner, first);
        PoseidonFp.requireField(minaNetwork);
        PoseidonFp.requireField(gasKey.x);
        Vault storage vault = _vault();
        vault.validatorSet = set;
        vault.domain = ZekoHash.gasDomain(_table(), minaNetwork, gasKey, address(this));
        emit VaultNamed(set, vault.domain);
        _setLimits(cap, period);
    }

    /// @notice Takes coins from anybody: the vault's stock.
    receive() external payable {
        emit VaultFunded(msg.sender, msg.value);
    }

    /// @inheritdoc IGasVault
    function claim(
        address recipient,
        uint64 total,
        uint32 epoch,
        Vote[] calldata votes
    ) external nonReentrant whenNotPaused returns (uint64 nanomina) {
        if (recipient == address(0)) revert GasVaultNoRecipient();
        Vault storage vault = _vault();
        GasAccount storage account = vault.accounts[recipient];
        uint64 certified = account.certified;
        if (total <= certified) revert GasVaultTotalStale(certified, total); // before the costly signatures
        IValidatorSet set = IValidatorSet(vault.validatorSet);
        // A set in its grace finishes what it began. Totals begin anew with each lock: there is nothing to finish.
        uint32 current = set.currentEpoch();
        if (epoch != current) revert GasVaultEpochNotCurrent(epoch, current);
        uint256 message = gasMessage(recipient, total, epoch);
        (uint64 signers, ) = set.verifyQuorum(epoch, message, votes);
        account.certified = total;
        vault.totals.certified += total - certified;
        emit TotalCertified(recipient, total, epoch, signers);
        nanomina = _payable(vault, account);
        if (nanomina != 0) _pay(vault, account, recipient, nanomina);
    }

    /// @inheritdoc IGasVault
    function release(address recipient) external nonReentrant whenNotPaused returns (uint64 nanomina) {
        Vault storage vault = _vault();
        GasAccount storage account = vault.accounts[recipient];
        if (account.certified == account.paid) revert GasVaultNothingWaits(recipient);
        nanomina = _payable(vault, account);
        if (nanomina == 0) {
            if (_room(vault.limits) == 0) revert GasVaultPeriodSpent(vault.limits.periodEnd);
            revert GasVaultEmpty();
        }
        _pay(vault, account, recipient, nanomina);
    }

    /// @inheritdoc IGasVault
    function withdrawHeld(address to) external nonReentrant whenNotPaused returns (uint256 units) {
        Vault storage vault = _vault();
        units = vault.accounts[msg.sender].held;
        if (units == 0) revert GasVaultNothingHeld(msg.sender);
        vault.accounts[msg.sender].held = 0;
        vault.totals.held -= uint128(units);
        emit HeldWithdrawn(msg.sender, to, units);
        if (!_send(to, units, gasleft())) revert GasVaultTransferFailed(to);
    }

    /// @inheritdoc IGasVault
    function setLimits(uint64 cap, uint32 period) external onlyOwner {
        _setLimits(cap, period);
    }

    /// @inheritdoc IGasVault
    function validatorSet() external view returns (address) {
        return _vault().validatorSet;
    }

    /// @inheritdoc IGasVault
    function domain() external view returns (uint256) {
        return _vault().domain;
    }

    /// @inheritdoc IGasVault
    function accountOf(address recipient) external view returns (GasAccount memory) {
        return _vault().accounts[recipient];
    }

    /// @inheritdoc IGasVault
    function totals() external view returns (GasTotals memory) {
        return _vault().totals;
    }

    /// @inheritdoc IGasVault
    function limits() external view returns (GasLimits memory) {
        return _vault().limits;
    }

    /// @inheritdoc IGasVault
    function gasMessage(address recipient, uint64 total, uint32 epoch) public view returns (uint256) {
        Vault storage vault = _vault();
        uint256 setHash = IValidatorSet(vault.validatorSet).epochInfo(epoch).setHash;
        return ZekoHash.gas(_table(), setHash, vault.domain, recipient, total);
    }

    /// @dev The least of what is due, what the period's cap leaves, and the coins that are not held for somebody.
    function _payable(Vault storage vault, GasAccount storage account) private view returns (uint64 nanomina) {
        nanomina = account.certified - account.paid;
        uint64 room = _room(vault.limits);
        if (room < nanomina) nanomina = room;
        uint256 coins = (address(this).balance - vault.totals.held) / UNITS_PER_NANOMINA;
        if (coins < nanomina) nanomina = uint64(coins);
    }

    /// @dev What may still be paid in the period that runs, or in the next when that is over.
    function _room(GasLimits storage limit) private view returns (uint64) {
        if (block.timestamp > limit.periodEnd) return limit.cap;
        return limit.spent < limit.cap ? limit.cap - limit.spent : 0;
    }

    /// @dev Everything is written before the coins go; what is written after can only add to what is held.
    function _pay(Vault storage vault, GasAccount storage account, address recipient, uint64 nanomina) private {
        GasLimits storage limit = vault.limits;
        if (block.timestamp > limit.periodEnd) {
            limit.periodEnd = uint64(block.timestamp) + limit.period;
            limit.spent = 0;
        }
        limit.spent += nanomina;
        account.paid += nanomina;
        vault.totals.paid += nanomina;
        emit GasPaid(recipient, nanomina);
        uint256 units = nanomina * UNITS_PER_NANOMINA;
        if (gasleft() < GAS_TO_PUSH) revert GasVaultGasShort(gasleft(), GAS_TO_PUSH);
        if (_send(recipient, units, PUSH_GAS)) return;
        account.held += uint128(units); // 64 bits of nanomina are 94 of units
        vault.totals.held += uint128(units);
        emit GasHeld(recipient, units);
    }

    /// @dev Copies nothing of what comes back: a receiver must not make its caller pay for that.
    function _send(address to, uint256 units, uint256 gasLimit) private returns (bool sent) {
        assembly ("memory-safe") {
            sent := call(gasLimit, to, units, 0, 0, 0, 0)
        }
    }

    function _setLimits(uint64 cap, uint32 period) private {
        if (cap == 0 || period == 0) revert GasVaultLimits(cap, period);
        GasLimits storage limit = _vault().limits;
        limit.cap = cap;
        limit.period = period;
        emit LimitsChanged(cap, period);
    }

    function _table() private view returns (PoseidonTable) {
        return PoseidonTable.wrap(ConstantStore.load(TABLE));
    }

    function _vault() private pure returns (Vault storage vault) {
        assembly ("memory-safe") {
            vault.slot := VAULT_SLOT
        }
    }
}
