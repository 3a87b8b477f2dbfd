// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @notice Where a copy of GENERATOR_MULTIPLES lies in memory. Load it once per call.
type PallasGenerator is uint256;

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
    /// of each half of e and, every 8 bits, a digit −128 … 127 of each half of s. Jacobian coordinates; the point at
    /// infinity is (0, 0, 0), and sums of equal or opposite points are handled, so that the result holds for any input.
    /// Cost: test/snapshots/gas.json.
    /// Both scalars are below Q; (x, y) is a point of the curve, canonical. The sum is canonical too, (0, 0) for infinity.
    function combine(
        PallasGenerator multiples,
        uint256 s,
        uint256 e,
        uint256 x,
        uint256 y
    ) internal view returns (uint256 rx, uint256 ry) {
        uint256 table = _multiples(x, y);
        (uint256 s0, uint256 s1) = split(s);
        (uint256 e0, uint256 e1) = split(e);
        uint256 z;
        assembly ("memory-safe") {
            // 16·(X, Y, Z), written out: a loop's turn costs a fifth of a doubling. The formula's new Y is −Y here, which saves
            // a subtraction; after an even number of doublings the sign is right. X stays below P, Y below 2·P.
            function times16(X0, Y0, Z0) -> X, Y, Z {
                X := X0
                Y := Y0
                Z := Z0
                {
                    let b := mulmod(Y, Y, P)
                    let n := sub(P, mulmod(X, b, P))
                    let t := mulmod(mulmod(X, X, P), THREE_HALVES, P)
                    Z := mulmod(Y, Z, P)
                    X := addmod(mulmod(t, t, P), add(n, n), P)
                    Y := add(mulmod(b, b, P), mulmod(t, add(X, n), P))
                }
                {
                    let b := mulmod(Y, Y, P)
                    let n := sub(P, mulmod(X, b, P))
                    let t := mulmod(mulmod(X, X, P), THREE_HALVES, P)
                    Z := mulmod(Y, Z, P)
                    X := addmod(mulmod(t, t, P), add(n, n), P)
                    Y := add(mulmod(b, b, P), mulmod(t, add(X, n), P))
                }
                {
                    let b := mulmod(Y, Y, P)
                    let n := sub(P, mulmod(X, b, P))
                    let t := mulmod(mulmod(X, X, P), THREE_HALVES, P)
                    Z := mulmod(Y, Z, P)
                    X := addmod(mulmod(t, t, P), add(n, n), P)
                    Y := add(mulmod(b, b, P), mulmod(t, add(X, n), P))
                }
                {
                    let b := mulmod(Y, Y, P)
                    let n := sub(P, mulmod(X, b, P))
                    let t := mulmod(mulmod(X, X, P), THREE_HALVES, P)
                    Z := mulmod(Y, Z, P)
                    X := addmod(mulmod(t, t, P), add(n, n), P)
                    Y := add(mulmod(b, b, P), mulmod(t, add(X, n), P))
                }
            }
            // (X, Y, Z) + (x2, y2) with X < P and Y < 2·P, and so it leaves them
            function sum(X, Y, Z, x2, y2) -> X3, Y3, Z3 {
                let t := mulmod(Z, Z, P)
                let h := mulmod(x2, t, P)
                // also true when (X, Y, Z) is infinity: h = X = 0 then, and no point has x2 = 0, because 5 is no square
                if eq(h, X) {
                    X3, Y3, Z3 := exceptional(X, Y, Z, x2, y2)
                    leave
                }
                let v := add(mulmod(y2, mulmod(t, Z, P), P), sub(shl(1, P), Y)) // < 3·P
                h := add(h, sub(P, X)) // < 2·P
                Z3 := mulmod(Z, h, P)
                t := mulmod(h, h, P)
                h := mulmod(t, h, P)
                t := mulmod(t, X, P)
                X3 := addmod(mulmod(v, v, P), sub(mul(3, P), add(h, add(t, t))), P)
                Y3 := add(mulmod(v, add(t, sub(P, X3)), P), sub(P, mulmod(Y, h, P)))
            }
            // The sum of points with equal x, or with infinity
            function exceptional(X, Y, Z, x2, y2) -> X3, Y3, Z3 {
                switch iszero(Z)
                case 0 {
                    // the same point: double it; the opposite one: infinity
                    if eq(mulmod(y2, mulmod(mulmod(Z, Z, P), Z, P), P), mod(Y, P)) {
                        let b := mulmod(Y, Y, P)
                        let n := sub(P, mulmod(X, b, P))
                        let t := mulmod(mulmod(X, X, P), THREE_HALVES, P)
                        Z3 := sub(P, mulmod(Y, Z, P))
                        X3 := addmod(mulmod(t, t, P), add(n, n), P)
                        Y3 := add(mulmod(b, b, P), mulmod(t, add(X3, n), P))
                    }
                }
                default {
                    X3 := x2
                    Y3 := y2
                    Z3 := 1
                }
            }
            e0 := add(e0, OFFSET_4)
            e1 := add(e1, OFFSET_4)
            s0 := add(s0, OFFSET_8)
            s1 := add(s1, OFFSET_8)
            for {
                let bit := 128
            } bit {} {
                bit := sub(bit, 4)
                if z {
                    rx, ry, z := times16(rx, ry, z)
                }
                let digit := and(shr(bit, e0), 15)
                if xor(digit, 8) {
                    digit := add(table, shl(6, digit))
                    rx, ry, z := sum(rx, ry, z, mload(digit), mload(add(digit, 0x20)))
                }
                digit := and(shr(bit, e1), 15)
                if xor(digit, 8) {
                    digit := add(table, shl(6, digit))
                    rx, ry, z := sum(rx, ry, z, mulmod(mload(digit), BETA, P), mload(add(digit, 0x20)))
                }
                if iszero(and(bit, 7)) {
                    digit := and(shr(bit, s0), 255)
                    if xor(digit, 128) {
                        switch lt(digit, 128)
                        case 0 {
                            digit := add(multiples, shl(6, sub(digit, 129)))
                            rx, ry, z := sum(rx, ry, z, mload(digit), mload(add(digit, 0x20)))
                        }
                        default {
                            digit := add(multiples, shl(6, sub(127, digit)))
                            rx, ry, z := sum(rx, ry, z, mload(digit), sub(P, mload(add(digit, 0x20))))
                        }
                    }
                    digit := and(shr(bit, s1), 255)
                    if xor(digit, 128) {
                        switch lt(digit, 128)
                        case 0 {
                            digit := add(multiples, shl(6, sub(digit, 129)))
                            rx, ry, z := sum(rx, ry, z, mulmod(mload(digit), BETA, P), mload(add(digit, 0x20)))
                        }
                        default {
                            digit := add(multiples, shl(6, sub(127, digit)))
                            rx, ry, z := sum(rx, ry, z, mulmod(mload(digit), BETA, P), sub(P, mload(add(digit, 0x20))))
                        }
                    }
                }
            }
        }
        z = inverse(z % P);
        uint256 z2 = mulmod(z, z, P);
        rx = mulmod(rx, z2, P);
        ry = mulmod(ry, mulmod(z2, z, P), P);
    }

    /// @dev −8·K … 7·K for K = (x, y), affine, 64 bytes each, in memory; the entry of 0 stays empty. 1·K … 8·K come by four
    /// doublings and three sums in Jacobian coordinates; one inversion makes all of them affine.
    function _multiples(uint256 x, uint256 y) private view returns (uint256 table) {
        uint256 work;
        uint256 product;
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
                mstore(
                    add(to, 0x20),
                    addmod(mulmod(t, add(d, sub(P, X)), P), sub(shl(1, P), shl(1, mulmod(b, b, P))), P)
                )
            }
            // adds (x, y) to a multiple k·(x, y) with 2 ≤ k ≤ 7, whose x is therefore another one
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

            table := mload(0x40)
            // from here on: X, Y, Z and a running product of the Z for each of 1 … 8, 128 bytes each
            work := add(table, 0x400)
            mstore(work, x)
            mstore(add(work, 0x20), y)
            mstore(add(work, 0x40), 1)
            double(work, add(work, 0x80)) // 2
            increment(add(work, 0x80), add(work, 0x100), x, y) // 3
            double(add(work, 0x80), add(work, 0x180)) // 4
            increment(add(work, 0x180), add(work, 0x200), x, y) // 5
            double(add(work, 0x100), add(work, 0x280)) // 6
            increment(add(work, 0x280), add(work, 0x300), x, y) // 7
            double(add(work, 0x180), add(work, 0x380)) // 8
            product := 1
            for {
                let k := 0x80
            } lt(k, 0x400) {
                k := add(k, 0x80)
            } {
                mstore(add(work, add(k, 0x60)), product)
                product := mulmod(product, mload(add(work, add(k, 0x40))), P)
            }
            mstore(0x40, add(work, 0x400)) // {inverse} must not write here
        }
        uint256 inverted = inverse(product);
        assembly ("memory-safe") {
            mstore(0x40, work)
            mstore(add(table, 0x240), x)
            mstore(add(table, 0x260), y)
            mstore(add(table, 0x1c0), x)
            mstore(add(table, 0x1e0), sub(P, y))
            for {
                let k := 8
            } gt(k, 1) {
                k := sub(k, 1)
            } {
                let from := add(work, shl(7, sub(k, 1)))
                let z := mulmod(inverted, mload(add(from, 0x60)), P)
                inverted := mulmod(inverted, mload(add(from, 0x40)), P)
                let z2 := mulmod(z, z, P)
                let affineX := mulmod(mload(from), z2, P)
                let affineY := mulmod(mload(add(from, 0x20)), mulmod(z2, z, P), P)
                let to := add(table, shl(6, sub(8, k)))
                mstore(to, affineX)
                mstore(add(to, 0x20), sub(P, affineY))
                if lt(k, 8) {
                    to := add(table, shl(6, add(8, k)))
                    mstore(to, affineX)
                    mstore(add(to, 0x20), affineY)
                }
            }
        }
    }
}
