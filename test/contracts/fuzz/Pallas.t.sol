// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Pallas} from "../../../contracts/libraries/Pallas.sol";
import {CryptoHarness} from "../../../contracts/test/CryptoHarness.sol";

/// @notice Identities that hold for every scalar and every element. Fixed values are compared in test/contracts/pallas.test.ts.
contract PallasFuzz {
    uint256 private constant P = Pallas.P;
    uint256 private constant Q = Pallas.Q;
    uint256 private constant LAMBDA = 0x06819a58283e528e511db4d81cf70f5a0fed467d47c033af2aa9d2e050aa0e4f;
    uint256 private constant GX = 1;
    uint256 private constant GY = 0x1b74b5a30a12937c53dfa9f06378ee548f655bd4333d477119cf7a23caed2abb;
    CryptoHarness private immutable HARNESS = new CryptoHarness();

    function testFuzz_anInverseTimesItsElementIsOne(uint256 z) external view {
        z %= P;
        assert(mulmod(HARNESS.inverse(z), z, P) == (z == 0 ? 0 : 1));
    }

    function testFuzz_halvesMakeTheScalarAndAreShort(uint256 k) external view {
        k %= Q;
        (int256 low, int256 high) = HARNESS.split(k);
        assert(_isShort(low) && _isShort(high));
        assert(addmod(_modulo(low), mulmod(_modulo(high), LAMBDA, Q), Q) == k);
    }

    /// @notice s·G + e·(a·G) = (s + e·a)·G: both ways through the tables of the generator and of a key.
    function testFuzz_combinationsAreLinear(uint256 s, uint256 e, uint256 a) external view {
        (s, e, a) = (s % Q, e % Q, (a % (Q - 1)) + 1);
        (uint256 x, uint256 y) = HARNESS.combine(a, 0, GX, GY);
        assert(Pallas.isOnCurve(x, y));
        (uint256 left, uint256 leftY) = HARNESS.combine(s, e, x, y);
        (uint256 right, uint256 rightY) = HARNESS.combine(addmod(s, mulmod(e, a, Q), Q), 0, GX, GY);
        assert(left == right && leftY == rightY);
    }

    /// @notice s·G − s·G is infinity, which is written (0, 0).
    function testFuzz_oppositesMeetInInfinity(uint256 s) external view {
        s = (s % (Q - 1)) + 1;
        (uint256 x, uint256 y) = HARNESS.combine(s, 0, GX, GY);
        (x, y) = HARNESS.combine(s, Q - 1, x, y);
        assert(x == 0 && y == 0);
    }

    /// @dev Of a short number.
    function _modulo(int256 number) private pure returns (uint256) {
        return number >= 0 ? uint256(number) : Q - uint256(-number);
    }

    function _isShort(int256 number) private pure returns (bool) {
        return number > -(1 << 127) && number < 1 << 127;
    }
}
