// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @notice Where a copy of GENERATOR_MULTIPLES lies in memory. Load it once per call.
type PallasGenerator is uint256;

/// @notice Where −8 … 7 times a key lie in memory.
type PallasMultiples is uint256;

/// @title Arithmetic on Pallas, y² = x³ + 5, whose points number the prime Q
/// @dev A point of the curve is never the zero point, and every point has order Q: no cofactor to care for.
library Pallas {
    /// @notice The modular exponentiation precompile failed: out of gas.
    error PallasInversionFailed();

    /// @notice Base field
    uint256 internal constant P = 0x40000000000000000000000000000000224698fc094cf91b992d30ed00000001;
    /// @notice Order, and modulus of scalars
    uint256 internal constant Q = 0x40000000000000000000000000000000224698fc0994a8dd8c46eb2100000001;

    /// @dev Cube root of 1 in the base field: (x, y) → (BETA·x, y) multiplies a point by LAMBDA, a cube root of 1 modulo Q,
    /// LAMBDA = 0x06819a58283e528e511db4d81cf70f5a0fed467d47c033af2aa9d2e050aa0e4f.
    uint256 private constant BETA = 0x12ccca834acdba712caad5dc57aab1b01d1f8bd237ad31491dad5ebdfdfe4ab9;
    /// @dev (A, −B) and (B, A + B) span the pairs (u, v) with u + v·LAMBDA = 0 modulo Q; Q = A² + A·B + B².
    uint256 private constant A = 0x49e69d1640f049157fcae1c700000001;
    uint256 private constant B = 0x49e69d1640a899538cb1279300000000;
    uint256 private constant A_PLUS_B = 0x93cd3a2c8198e2690c7c095a00000001;
    /// @dev 3 / 2 in the base field
    uint256 private constant THREE_HALVES = 0x2000000000000000000000000000000011234c7e04a67c8dcc96987680000002;
    /// @dev ⌊2³⁸²·(A + B) / Q⌉ and ⌊2³⁸²·B / Q⌉
    uint256 private constant RATIO_1 = 0x93cd3a2c8198e2690c7c095a00000000b0d7ef53421a18b80447da18446bf0a5;
    uint256 private constant RATIO_2 = 0x49e69d1640a899538cb12792ffffffffd86bf7a9a1203e9552a568b65c85c76d;
    /// @dev Thirty-two digits of 8, base 16: turns digits −8 … 7 into 0 … 15.
    uint256 private constant OFFSET_4 = 0x88888888888888888888888888888888;
    /// @dev Sixteen digits of 128, base 256: turns digits −128 … 127 into 0 … 255.
    uint256 private constant OFFSET_8 = 0x80808080808080808080808080808080;

    /// @notice Whether (x, y) is a point of the curve.
    /// @dev Callers check that both are below P; (0, 0) is not on the curve.
    function isOnCurve(uint256 x, uint256 y) internal pure returns (bool) {
        return mulmod(y, y, P) == addmod(mulmod(mulmod(x, x, P), x, P), 5, P);
    }

    /// @notice 1 / z, and 0 for 0.
    function inverse(uint256 z) internal view returns (uint256 result) {
        bool success;
        assembly ("memory-safe") {
            let f := mload(0x40) // free memory; nothing here outlives the call
            mstore(f, 0x20)
            mstore(add(f, 0x20), 0x20)
            mstore(add(f, 0x40), 0x20)
            mstore(add(f, 0x60), z)
            mstore(add(f, 0x80), sub(P, 2))
            mstore(add(f, 0xa0), P)
            success := staticcall(gas(), 5, f, 0xc0, 0x00, 0x20) // 5 = modular exponentiation
            result := mload(0x00)
        }
        if (!success) revert PallasInversionFailed();
    }

    /// @notice k = low + high·LAMBDA modulo Q with |low| < 0.58·2¹²⁷ and |high| < 0.87·2¹²⁷, both in two's complement.
    /// @dev (k, 0) less the nearest combination c₁·(A, −B) + c₂·(B, A + B). Whatever c₁ and c₂ are, the equation holds;
    /// the bounds need them to be within ½ + 2⁻¹⁰⁰ of k·(A + B)/Q and k·B/Q, and k < Q.
    function split(uint256 k) internal pure returns (uint256 low, uint256 high) {
        assembly ("memory-safe") {
            // ⌊x·y / 2²⁵⁶⌋: from the product modulo 2²⁵⁶ and modulo 2²⁵⁶ − 1
            function high256(x, y) -> h {
                let l := mul(x, y)
                let r := mulmod(x, y, not(0))
                h := sub(sub(r, l), lt(r, l))
            }
            let half := shl(125, 1)
            let c1 := shr(126, add(high256(k, RATIO_1), half))
            let c2 := shr(126, add(high256(k, RATIO_2), half))
            // modulo 2²⁵⁶: the true values are small, so wrapping on the way does no harm
            low := sub(k, add(mul(c1, A), mul(c2, B)))
            high := sub(mul(c1, B), mul(c2, A_PLUS_B))
        }
    }

    /// @notice s·G + e·(x, y)
    /// @dev Both scalars are split by the endomorphism; then one run of 124 doublings takes, every 4 bits, a digit −8 … 7
    /// of each half of e and, every 8 bits, a digit −128 … 127 of each half of s. Cost: test/snapshots/gas.json.
    /// Both scalars are below Q; (x, y) is a point of the curve, canonical. The sum is canonical too, (0, 0) for infinity.
    function combine(
        PallasGenerator generator,
        uint256 s,
        uint256 e,
        uint256 x,
        uint256 y
    ) internal view returns (uint256, uint256) {
        PallasMultiples multiples = _multiples(x, y);
        (uint256 s0, uint256 s1) = split(s);
        (uint256 e0, uint256 e1) = split(e);
        uint256 z = 0;
        (x, y) = (0, 0); // from here on the running sum
        unchecked {
            // Modulo 2²⁵⁶: the halves are in two's complement, and the bounds of {split} leave thirty-two and sixteen digits.
            e0 += OFFSET_4;
            e1 += OFFSET_4;
            s0 += OFFSET_8;
            s1 += OFFSET_8;
            for (uint256 bit = 128; bit != 0;) {
                bit -= 4; // from 128 down in steps of 4
                if (z != 0) (x, y, z) = _times16(x, y, z);
                uint256 digit = (e0 >> bit) & 15;
                if (digit != 8) {
                    (uint256 x2, uint256 y2) = _multiple(multiples, digit);
                    (x, y, z) = _sum(x, y, z, x2, y2);
                }
                digit = (e1 >> bit) & 15;
                if (digit != 8) {
                    (uint256 x2, uint256 y2) = _multiple(multiples, digit);
                    (x, y, z) = _sum(x, y, z, mulmod(x2, BETA, P), y2);
                }
                if (bit & 7 != 0) continue;
                digit = (s0 >> bit) & 255;
                if (digit != 128) {
                    (uint256 x2, uint256 y2) = _generatorMultiple(generator, digit);
                    (x, y, z) = _sum(x, y, z, x2, y2);
                }
                digit = (s1 >> bit) & 255;
                if (digit != 128) {
                    (uint256 x2, uint256 y2) = _generatorMultiple(generator, digit);
                    (x, y, z) = _sum(x, y, z, mulmod(x2, BETA, P), y2);
                }
            }
        }
        z = inverse(z);
        uint256 z2 = mulmod(z, z, P);
        return (mulmod(x, z2, P), mulmod(y, mulmod(z2, z, P), P));
    }

    /// @dev digit − 8 times the key
    function _multiple(PallasMultiples multiples, uint256 digit) private pure returns (uint256 x, uint256 y) {
        assembly ("memory-safe") {
            let entry := add(multiples, shl(6, digit))
            x := mload(entry)
            y := mload(add(entry, 0x20))
        }
    }

    /// @dev digit − 128 times the generator, digit ≠ 128; the table starts with once the generator
    function _generatorMultiple(PallasGenerator generator, uint256 digit) private pure returns (uint256 x, uint256 y) {
        assembly ("memory-safe") {
            switch lt(digit, 128)
            case 0 {
                let entry := add(generator, shl(6, sub(digit, 129)))
                x := mload(entry)
                y := mload(add(entry, 0x20))
            }
            default {
                let entry := add(generator, shl(6, sub(127, digit)))
                x := mload(entry)
                y := sub(P, mload(add(entry, 0x20)))
            }
        }
    }

    /// @dev 16·(X, Y, Z), written out: a loop's turn costs a fifth of a doubling.
    function _times16(uint256 x, uint256 y, uint256 z) private pure returns (uint256, uint256, uint256) {
        assembly ("memory-safe") {
            {
                let b := mulmod(y, y, P)
                let n := sub(P, mulmod(x, b, P))
                let t := mulmod(mulmod(x, x, P), THREE_HALVES, P)
                z := mulmod(y, z, P)
                x := addmod(mulmod(t, t, P), add(n, n), P)
                y := add(mulmod(b, b, P), mulmod(t, add(x, n), P))
            }
            {
                let b := mulmod(y, y, P)
                let n := sub(P, mulmod(x, b, P))
                let t := mulmod(mulmod(x, x, P), THREE_HALVES, P)
                z := mulmod(y, z, P)
                x := addmod(mulmod(t, t, P), add(n, n), P)
                y := add(mulmod(b, b, P), mulmod(t, add(x, n), P))
            }
            {
                let b := mulmod(y, y, P)
                let n := sub(P, mulmod(x, b, P))
                let t := mulmod(mulmod(x, x, P), THREE_HALVES, P)
                z := mulmod(y, z, P)
                x := addmod(mulmod(t, t, P), add(n, n), P)
                y := add(mulmod(b, b, P), mulmod(t, add(x, n), P))
            }
            {
                let b := mulmod(y, y, P)
                let n := sub(P, mulmod(x, b, P))
                let t := mulmod(mulmod(x, x, P), THREE_HALVES, P)
                z := mulmod(y, z, P)
                x := addmod(mulmod(t, t, P), add(n, n), P)
                y := add(mulmod(b, b, P), mulmod(t, add(x, n), P))
            }
        }
        return (x, y, z);
    }

    /// @dev −2·(X, Y, Z): the formula's new Y is −Y, which saves a subtraction; an even number of doublings has the right
    /// sign. Jacobian coordinates: the point is (X / Z², Y / Z³), infinity is (0, 0, 0). X stays below P, Y below 2·P.
    function _doubleNegated(uint256 x, uint256 y, uint256 z) private pure returns (uint256, uint256, uint256) {
        assembly ("memory-safe") {
            let b := mulmod(y, y, P)
            let n := sub(P, mulmod(x, b, P))
            let t := mulmod(mulmod(x, x, P), THREE_HALVES, P)
            z := mulmod(y, z, P)
            x := addmod(mulmod(t, t, P), add(n, n), P)
            y := add(mulmod(b, b, P), mulmod(t, add(x, n), P))
        }
        return (x, y, z);
    }

    /// @dev (X, Y, Z) + (x2, y2) for any two points, X < P and Y < 2·P, and so it leaves them.
    function _sum(
        uint256 x,
        uint256 y,
        uint256 z,
        uint256 x2,
        uint256 y2
    ) private pure returns (uint256 x3, uint256 y3, uint256 z3) {
        uint256 t = mulmod(z, z, P);
        uint256 h = mulmod(x2, t, P);
        // also true when (X, Y, Z) is infinity: h = X = 0 then, and no point has x2 = 0, because 5 is no square
        if (h == x) return _sumExceptional(x, y, z, x2, y2);
        assembly ("memory-safe") {
            let v := add(mulmod(y2, mulmod(t, z, P), P), sub(shl(1, P), y)) // < 3·P
            h := add(h, sub(P, x)) // < 2·P
            z3 := mulmod(z, h, P)
            t := mulmod(h, h, P)
            h := mulmod(t, h, P)
            t := mulmod(t, x, P)
            x3 := addmod(mulmod(v, v, P), sub(mul(3, P), add(h, add(t, t))), P)
            y3 := add(mulmod(v, add(t, sub(P, x3)), P), sub(P, mulmod(y, h, P)))
        }
    }

    /// @dev {_sum} of points with equal x, or of infinity and a point.
    function _sumExceptional(
        uint256 x,
        uint256 y,
        uint256 z,
        uint256 x2,
        uint256 y2
    ) private pure returns (uint256, uint256, uint256) {
        if (z == 0) return (x2, y2, 1);
        bool opposite = mulmod(y2, mulmod(mulmod(z, z, P), z, P), P) != y % P;
        if (opposite) return (0, 0, 0);
        (x, y, z) = _doubleNegated(x, y, z);
        return (x, y, P - z); // z ≠ 0: no point has order 2
    }

    /// @dev −8·K … 7·K for K = (x, y), affine, 64 bytes each, in memory; the entry of 0 stays empty. One inversion makes all
    /// of them affine. Behind the table lies, while it is made, X, Y, Z and a product of Z for each of 1·K … 8·K.
    function _multiples(uint256 x, uint256 y) private view returns (PallasMultiples multiples) {
        assembly ("memory-safe") {
            multiples := mload(0x40)
            mstore(0x40, add(multiples, 0x800)) // {inverse} must not write there
        }
        uint256 inverted = inverse(_jacobianMultiples(multiples, x, y)); // no multiple is infinity: K's order is prime
        assembly ("memory-safe") {
            mstore(0x40, add(multiples, 0x400))
            for {
                let k := 8
            } gt(k, 0) {
                k := sub(k, 1)
            } {
                let from := add(multiples, add(0x380, shl(7, k)))
                let zInverse := mulmod(inverted, mload(add(from, 0x60)), P)
                inverted := mulmod(inverted, mload(add(from, 0x40)), P)
                let t := mulmod(zInverse, zInverse, P)
                let affineX := mulmod(mload(from), t, P)
                let affineY := mulmod(mload(add(from, 0x20)), mulmod(t, zInverse, P), P)
                let to := add(multiples, shl(6, sub(8, k)))
                mstore(to, affineX)
                mstore(add(to, 0x20), sub(P, affineY))
                if lt(k, 8) {
                    to := add(multiples, shl(6, add(8, k)))
                    mstore(to, affineX)
                    mstore(add(to, 0x20), affineY)
                }
            }
        }
    }

    /// @dev 1·K … 8·K in Jacobian coordinates at `multiples` + 0x400, 128 bytes each: X, Y, Z and the product of all Z before.
    /// @return product Of all Z
    function _jacobianMultiples(
        PallasMultiples multiples,
        uint256 x,
        uint256 y
    ) private pure returns (uint256 product) {
        assembly ("memory-safe") {
            function double(from, to) {
                let X := mload(from)
                let Y := mload(add(from, 0x20))
                let t := mulmod(X, X, P)
                let b := shl(1, mulmod(Y, Y, P))
                let d := mulmod(shl(1, X), b, P)
                t := add(t, shl(1, t))
                mstore(add(to, 0x40), mulmod(shl(1, Y), mload(add(from, 0x40)), P)) // Y < P
                X := addmod(mulmod(t, t, P), sub(shl(1, P), shl(1, d)), P)
                mstore(to, X)
                let dY := mulmod(t, add(d, sub(P, X)), P)
                mstore(add(to, 0x20), addmod(dY, sub(shl(1, P), shl(1, mulmod(b, b, P))), P))
            }
            // adds (x, y) to k·(x, y), 2 ≤ k ≤ 7, whose x is therefore another one
            function increment(from, to, x2, y2) {
                let X := mload(from)
                let Y := mload(add(from, 0x20))
                let Z := mload(add(from, 0x40))
                let t := mulmod(Z, Z, P)
                let h := add(mulmod(x2, t, P), sub(P, X))
                let v := add(mulmod(y2, mulmod(t, Z, P), P), sub(P, Y))
                mstore(add(to, 0x40), mulmod(Z, h, P))
                t := mulmod(h, h, P)
                let u := mulmod(X, t, P)
                t := mulmod(t, h, P)
                X := addmod(mulmod(v, v, P), sub(mul(3, P), add(t, shl(1, u))), P)
                mstore(to, X)
                mstore(add(to, 0x20), addmod(mulmod(v, add(u, sub(P, X)), P), sub(P, mulmod(Y, t, P)), P))
            }

            let first := add(multiples, 0x400)
            mstore(first, x)
            mstore(add(first, 0x20), y)
            mstore(add(first, 0x40), 1)
            double(first, add(first, 0x80)) // 2
            increment(add(first, 0x80), add(first, 0x100), x, y) // 3
            double(add(first, 0x80), add(first, 0x180)) // 4
            increment(add(first, 0x180), add(first, 0x200), x, y) // 5
            double(add(first, 0x100), add(first, 0x280)) // 6
            increment(add(first, 0x280), add(first, 0x300), x, y) // 7
            double(add(first, 0x180), add(first, 0x380)) // 8
            product := 1
            for {
                let end := add(first, 0x400)
            } lt(first, end) {
                first := add(first, 0x80)
            } {
                mstore(add(first, 0x60), product)
                product := mulmod(product, mload(add(first, 0x40)), P)
            }
        }
    }
}
