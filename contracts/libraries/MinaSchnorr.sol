// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {GENERATOR_MULTIPLES} from "../generated/PallasConstants.sol";
import {POSEIDON_TABLE, ROUNDS_END, TAG_SIGNATURE} from "../generated/PoseidonConstants.sol";
import {ConstantStore} from "./ConstantStore.sol";
import {Pallas, PallasGenerator} from "./Pallas.sol";
import {PoseidonFp, PoseidonTable} from "./PoseidonFp.sol";

/// @notice What verification looks up. Load it once per call with {MinaSchnorr.load}.
struct MinaSchnorrTables {
    PoseidonTable poseidon;
    PallasGenerator generator;
}

/// @title Mina's Schnorr signatures over one field element
/// @notice What mina-signer's `signFields([message])` and o1js' `Signature.create(key, [message])` make: Poseidon with the
/// prefix `CodaSignature*******`, whatever the network. That prefix separates nothing; the message must.
/// @dev Unlike o1js, nothing passes that has a second encoding, so that one signature has one form, and no key passes
/// for which signatures exist that nobody made. Twins: protocol/signature.ts · Cost: test/snapshots/gas.json
library MinaSchnorr {
    /// @notice The message is not below the base field's modulus.
    error MinaSchnorrMessageNotCanonical(uint256 message);
    /// @notice A coordinate of the key is not below the base field's modulus.
    error MinaSchnorrKeyNotCanonical(uint256 x, uint256 y);
    /// @notice The key is (0, 0), the usual encoding of the point at infinity: anybody could sign for it.
    error MinaSchnorrKeyIsZero();
    /// @notice The key is no point of the curve.
    error MinaSchnorrKeyNotOnCurve(uint256 x, uint256 y);
    /// @notice r is not below the base field's modulus.
    error MinaSchnorrNonceNotCanonical(uint256 r);
    /// @notice s is not below the curve's order.
    error MinaSchnorrScalarNotCanonical(uint256 s);
    /// @notice R = s·G − e·key is the point at infinity: who signed knows the key's secret and has thrown it away.
    error MinaSchnorrNonceAtInfinity();
    /// @notice R has an odd y. Its negative would be the valid one: a signature must not have a twin.
    error MinaSchnorrNonceIsOdd();
    /// @notice R's x is not r: another message, another key, or no signature at all.
    error MinaSchnorrWrongSignature(uint256 r, uint256 actual);

    /// @notice Writes the tables to the chain, once per contract that verifies.
    function store() internal returns (address) {
        return ConstantStore.deploy(bytes.concat(POSEIDON_TABLE, GENERATOR_MULTIPLES));
    }

    /// @notice Copies the tables to memory.
    function load(address stored) internal view returns (MinaSchnorrTables memory) {
        uint256 pointer = ConstantStore.load(stored);
        return MinaSchnorrTables(PoseidonTable.wrap(pointer), PallasGenerator.wrap(pointer + ROUNDS_END));
    }

    /// @notice Lets only keys pass that can have made a signature.
    function requireKey(uint256 x, uint256 y) internal pure {
        if (x >= Pallas.P || y >= Pallas.P) revert MinaSchnorrKeyNotCanonical(x, y);
        if (x == 0 && y == 0) revert MinaSchnorrKeyIsZero();
        if (!Pallas.isOnCurve(x, y)) revert MinaSchnorrKeyNotOnCurve(x, y);
    }

    /// @notice Returns when (r, s) is the signature of the key (x, y) over `message`; reverts with the reason otherwise.
    /// @dev Invariant: for every key and message, at most one s passes with a given r, and only in this encoding.
    function verify(
        MinaSchnorrTables memory tables,
        uint256 message,
        uint256 x,
        uint256 y,
        uint256 r,
        uint256 s
    ) internal view {
        if (message >= Pallas.P) revert MinaSchnorrMessageNotCanonical(message);
        if (r >= Pallas.P) revert MinaSchnorrNonceNotCanonical(r);
        if (s >= Pallas.Q) revert MinaSchnorrScalarNotCanonical(s);
        requireKey(x, y);
        // The challenge is a base field element, and P < Q: it is a scalar as it stands.
        uint256 e = _challenge(tables.poseidon, message, x, y, r);
        (uint256 rx, uint256 ry) = Pallas.combine(tables.generator, s, e, x, Pallas.P - y);
        if (rx == 0 && ry == 0) revert MinaSchnorrNonceAtInfinity(); // no point of the curve has x = 0
        if (rx != r) revert MinaSchnorrWrongSignature(r, rx);
        if (ry & 1 == 1) revert MinaSchnorrNonceIsOdd();
    }

    /// @dev Poseidon(prefix; message, x, y, r)
    function _challenge(
        PoseidonTable table,
        uint256 message,
        uint256 x,
        uint256 y,
        uint256 r
    ) private pure returns (uint256 e) {
        (uint256 a, uint256 b, uint256 c) = PoseidonFp.start(table, TAG_SIGNATURE);
        (a, b, c) = PoseidonFp.absorb(table, a, b, c, message, x);
        (e, , ) = PoseidonFp.absorb(table, a, b, c, y, r);
    }
}
