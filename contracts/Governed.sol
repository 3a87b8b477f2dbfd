// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Ownable2StepUpgradeable} from "@openzeppelin/contracts-upgradeable/access/Ownable2StepUpgradeable.sol";
import {PausableUpgradeable} from "@openzeppelin/contracts-upgradeable/utils/PausableUpgradeable.sol";
import {UUPSUpgradeable} from "@openzeppelin/contracts/proxy/utils/UUPSUpgradeable.sol";
import {IGoverned} from "./interfaces/IGoverned.sol";

/// @title Owner, guardian, pause and upgrade of a contract behind an ERC-1967 proxy
/// @dev Invariant: a contract is paused for at most MAX_PAUSE at a time, and for at most half of any long time: whoever holds
/// the guardian's key cannot stop it for good.
abstract contract Governed is IGoverned, Ownable2StepUpgradeable, PausableUpgradeable, UUPSUpgradeable {
    /// @notice Seconds after which a pause is over, whatever the guardian does. Longer than an upgrade must be announced, so
    /// that a fault can be mended before anything goes on.
    uint256 public constant MAX_PAUSE = 7 days;

    /// @custom:storage-location erc7201:zeko.storage.Governed
    struct GovernedStorage {
        address guardian;
        uint40 pausedAt;
        uint40 pausedUntil;
    }

    // keccak256(abi.encode(uint256(keccak256("zeko.storage.Governed")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant GOVERNED_SLOT = 0x9c3aba04ecabc5fee344853e80d81333343cab7c19aec70c8cfc6d34783a8700;

    /// @inheritdoc IGoverned
    function pause() external {
        _requireGuardian();
        GovernedStorage storage governed = _governed();
        // As long as the last pause lasted, there is none.
        uint256 earliest = 2 * uint256(governed.pausedUntil) - governed.pausedAt;
        if (!paused() && block.timestamp < earliest) revert GovernedPausedLately(earliest);
        _pause();
        governed.pausedAt = uint40(block.timestamp);
        governed.pausedUntil = uint40(block.timestamp + MAX_PAUSE);
        emit PauseStarted(block.timestamp + MAX_PAUSE);
    }

    /// @inheritdoc IGoverned
    function unpause() external {
        _requireGuardian();
        _unpause();
        _governed().pausedUntil = uint40(block.timestamp);
    }

    /// @inheritdoc IGoverned
    function setGuardian(address next) external onlyOwner {
        _setGuardian(next);
    }

    /// @inheritdoc IGoverned
    function guardian() public view returns (address) {
        return _governed().guardian;
    }

    /// @inheritdoc IGoverned
    function pausedUntil() external view returns (uint256) {
        return paused() ? _governed().pausedUntil : 0;
    }

    /// @notice Whether a pause is on: it was begun, not ended, and is not over by itself.
    function paused() public view override returns (bool) {
        return super.paused() && block.timestamp < _governed().pausedUntil;
    }

    function _initializeGoverned(address owner, address first) internal onlyInitializing {
        __Ownable_init(owner);
        __Pausable_init();
        _setGuardian(first);
    }

    /// @dev Invariant: only the owner changes code.
    function _authorizeUpgrade(address) internal override onlyOwner {}

    function _setGuardian(address next) private {
        GovernedStorage storage governed = _governed();
        emit GuardianChanged(governed.guardian, next);
        governed.guardian = next;
    }

    function _requireGuardian() private view {
        if (msg.sender != guardian() && msg.sender != owner()) revert GovernedNotGuardian(msg.sender);
    }

    function _governed() private pure returns (GovernedStorage storage governed) {
        assembly ("memory-safe") {
            governed.slot := GOVERNED_SLOT
        }
    }
}
