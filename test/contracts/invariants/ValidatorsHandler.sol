// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ZekoProxy} from "../../../contracts/ZekoProxy.sol";
import {Validator, Vote} from "../../../contracts/interfaces/IValidatorSet.sol";
import {RotatingValidatorSet} from "../../../contracts/test/RotatingValidatorSet.sol";
import {MinaKey} from "../../../contracts/types/MinaKey.sol";
import {MinaSigner} from "./MinaSigner.sol";

/// @notice What handlers share: a set of four validators that sign whatever they are asked to, and a note of what went wrong.
abstract contract ValidatorsHandler {
    uint256 public constant MEMBERS = 4;
    RotatingValidatorSet public immutable SET;
    MinaSigner private immutable SIGNER;
    /// @notice What passed that must be refused. A revert would be taken for a refusal, so it is written down.
    string public broken;

    uint32[MEMBERS] private _weights;
    uint64 private immutable THRESHOLD;
    /// @dev Of each slot, in the order of the keys.
    uint256[] private _secrets;
    uint256[] private _xs;
    uint256[] private _ys;
    uint256 private _nonce;

    constructor(uint32[MEMBERS] memory weights, uint64 threshold) {
        SIGNER = new MinaSigner();
        _weights = weights;
        THRESHOLD = threshold;
        for (uint256 i = 1; i <= MEMBERS; ++i) _addMember(i);
        RotatingValidatorSet set = new RotatingValidatorSet();
        bytes memory start = abi.encodeCall(
            set.initialize,
            (address(this), address(this), _members(), threshold, 0, 1, 1 days)
        );
        SET = RotatingValidatorSet(address(new ZekoProxy(address(set), start)));
    }

    /// @notice The same members again, as the next epoch's set; the last one has a day of grace.
    function rotate() external {
        if (SET.currentEpoch() < 200) SET.forceRotation(_members(), THRESHOLD, uint64(block.timestamp + 1 days));
    }

    function _must(bool condition, string memory what) internal {
        if (!condition) broken = what;
    }

    /// @dev One slot's vote; slots that there are not sign with another's secret.
    function _vote(uint8 slot, uint256 message) internal returns (Vote memory) {
        (uint256 r, uint256 s) = _sign(slot, message);
        return Vote(slot, r, s);
    }

    function _sign(uint256 slot, uint256 message) internal returns (uint256 r, uint256 s) {
        return SIGNER.sign(_secrets[slot % MEMBERS], message, ++_nonce);
    }

    function _weight(uint256 slot) internal view returns (uint256) {
        return _weights[slot];
    }

    function _keyOf(uint256 slot) internal view returns (MinaKey memory) {
        return MinaKey(_xs[slot], _ys[slot] & 1 == 1);
    }

    function _pointOf(uint256 slot) internal view returns (uint256 x, uint256 y) {
        return (_xs[slot], _ys[slot]);
    }

    function _members() private view returns (Validator[] memory members) {
        members = new Validator[](MEMBERS);
        for (uint256 i = 0; i < MEMBERS; ++i) members[i] = Validator(_xs[i], _ys[i], _weights[i]);
    }

    /// @dev Keeps the members in the order of their keys.
    function _addMember(uint256 secret) private {
        (uint256 x, uint256 y) = SIGNER.keyOf(secret);
        _secrets.push(secret);
        _xs.push(x);
        _ys.push(y);
        for (uint256 i = _xs.length - 1; i > 0 && _xs[i] < _xs[i - 1]; --i) {
            (_secrets[i], _secrets[i - 1]) = (_secrets[i - 1], _secrets[i]);
            (_xs[i], _xs[i - 1]) = (_xs[i - 1], _xs[i]);
            (_ys[i], _ys[i - 1]) = (_ys[i - 1], _ys[i]);
        }
    }
}
