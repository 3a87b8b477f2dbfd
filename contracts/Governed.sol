// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Ownable2StepUpgradeable} from "@openzeppelin/contracts-upgradeable/access/Ownable2StepUpgradeable.sol";
import {PausableUpgradeable} from "@openzeppelin/contracts-upgradeable/utils/PausableUpgradeable.sol";
import {UUPSUpgradeable} from "@openzeppelin/contracts/proxy/utils/UUPSUpgradeable.sol";
import {IGoverned} from "./interfaces/IGoverned.sol";

/// @title Owner, guardian, pause and upgrade of a contract behind an ERC-1967 proxy
abstract contract Governed is IGoverned, Ownable2StepUpgradeable, PausableUpgradeable, UUPSUpgradeable {
    /// @custom:storage-location erc7201:zeko.storage.Governed
    struct GovernedStorage {
        address guardian;
    }

    // keccak256(abi.encode(uint256(keccak256("zeko.storage.Governed")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant GOVERNED_SLOT = 0x9c3aba04ecabc5fee344853e80d81333343cab7c19aec70c8cfc6d34783a8700;

    /// @inheritdoc IGoverned
    function pause() external {
        _requireGuardian();
        _pause();
    }

    /// @inheritdoc IGoverned
    function unpause() external {
        _requireGuardian();
        _unpause();
    }

    /// @inheritdoc IGoverned
    function setGuardian(address next) external onlyOwner {
        _setGuardian(next);
    }

    /// @inheritdoc IGoverned
    function guardian() public view returns (address) {
        return _governed().guardian;
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
