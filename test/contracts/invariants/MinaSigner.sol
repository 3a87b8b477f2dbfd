// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {TAG_SIGNATURE} from "../../../contracts/generated/PoseidonConstants.sol";
import {MinaSchnorr, MinaSchnorrTables} from "../../../contracts/libraries/MinaSchnorr.sol";
import {Pallas} from "../../../contracts/libraries/Pallas.sol";
import {PoseidonFp} from "../../../contracts/libraries/PoseidonFp.sol";

/// @notice Signs with Mina keys inside the EVM, for tests: the secrets are small numbers, and everybody sees them.
contract MinaSigner {
    address private immutable TABLES = MinaSchnorr.store();
    uint256 private constant GX = 1;
    uint256 private constant GY = 0x1b74b5a30a12937c53dfa9f06378ee548f655bd4333d477119cf7a23caed2abb;

    /// @notice The point of a secret.
    function keyOf(uint256 secret) public view returns (uint256 x, uint256 y) {
        return Pallas.combine(MinaSchnorr.load(TABLES).generator, secret, 0, GX, GY);
    }

    /// @notice A signature that MinaSchnorr accepts. @param nonce Any number from 1 on below the order
    function sign(uint256 secret, uint256 message, uint256 nonce) external view returns (uint256 r, uint256 s) {
        MinaSchnorrTables memory tables = MinaSchnorr.load(TABLES);
        (uint256 x, uint256 y) = keyOf(secret);
        uint256 ry;
        (r, ry) = keyOf(nonce);
        if (ry & 1 == 1) nonce = Pallas.Q - nonce;
        (uint256 a, uint256 b, uint256 c) = PoseidonFp.start(tables.poseidon, TAG_SIGNATURE);
        (a, b, c) = PoseidonFp.absorb(tables.poseidon, a, b, c, message, x);
        (a, , ) = PoseidonFp.absorb(tables.poseidon, a, b, c, y, r);
        s = addmod(nonce, mulmod(a, secret, Pallas.Q), Pallas.Q);
    }
}
