// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {
    MATRIX_0_1,
    MATRIX_0_2,
    MATRIX_1_1,
    MATRIX_1_2,
    MATRIX_2_1,
    MATRIX_2_2,
    RESCALE,
    ROUNDS_END,
    ROUNDS_START,
    SCALE_1
} from "../generated/PoseidonConstants.sol";

/// @notice Where a copy of POSEIDON_TABLE lies in memory. Load it once per call.
type PoseidonTable is uint256;

/// @title Kimchi Poseidon over the base field of Pallas, as Mina hashes
/// @notice `hash(tag, fields)` of protocol/poseidon.ts: start from the tag's salted state, absorb two fields a permutation.
/// @dev States here are rescaled: the second element carries the factor SCALE_1, the third one its own, the first one
/// none, so that the first element of a state is a plain hash. Why: scripts/generateContractConstants.ts.
/// Nothing here checks that inputs are below the modulus: callers do, see {requireField}.
/// Twins: protocol/poseidon.ts · Vectors: test/vectors · Cost: test/snapshots/gas.json
library PoseidonFp {
    /// @notice The number is not the canonical encoding of a field element: it is not below the modulus.
    error PoseidonFieldNotCanonical(uint256 value);

    /// @notice Base field of Pallas
    uint256 internal constant P = 0x40000000000000000000000000000000224698fc094cf91b992d30ed00000001;

    /// @notice Lets nothing pass that has a second encoding.
    function requireField(uint256 value) internal pure {
        if (value >= P) revert PoseidonFieldNotCanonical(value);
    }

    /// @notice The state after absorbing a tag: where each of its hashes starts.
    /// @param tag One of the TAG_ constants
    function start(PoseidonTable table, uint256 tag) internal pure returns (uint256 a, uint256 b, uint256 c) {
        assembly ("memory-safe") {
            let salt := add(table, tag)
            a := mload(salt)
            b := mload(add(salt, 0x20))
            c := mload(add(salt, 0x40))
        }
    }

    /// @notice The hash, when one last field follows: it is padded with zero.
    function absorbLast(
        PoseidonTable table,
        uint256 a,
        uint256 b,
        uint256 c,
        uint256 x
    ) internal pure returns (uint256 digest) {
        uint256 padding;
        assembly ("memory-safe") {
            // Always zero. Written as a literal, it makes the optimiser copy the permutation for this call alone.
            padding := mload(0x60)
        }
        (digest, , ) = absorb(table, a, b, c, x, padding);
    }

    /// @notice Adds two fields to a state and permutes it.
    /// @dev 55 rounds: x⁷ on every element, then the matrix, then the round's constants.
    /// Unreduced sums stay below 2²⁵⁶: the operands of `add` are products mod P or, in the last place, a constant that
    /// the generator has checked; `mulmod` takes any operand. Five rounds a turn, because a turn costs about 30 gas.
    /// Operands stand in the order that costs least: a product that was just made comes last.
    /// The state (a, b, c) and the fields x and y are below P; y = 0 pads.
    function absorb(
        PoseidonTable table,
        uint256 a,
        uint256 b,
        uint256 c,
        uint256 x,
        uint256 y
    ) internal pure returns (uint256, uint256, uint256) {
        assembly ("memory-safe") {
            let m := P
            a := add(a, x) // < 2·P
            b := add(b, mulmod(y, SCALE_1, m))
            let pointer := add(table, ROUNDS_START)
            for {
                let end := add(table, ROUNDS_END)
            } lt(pointer, end) {
                pointer := add(pointer, 480)
            } {
                {
                    let t := mulmod(a, a, m)
                    a := mulmod(a, mulmod(t, mulmod(t, t, m), m), m)
                    t := mulmod(b, b, m)
                    b := mulmod(b, mulmod(t, mulmod(t, t, m), m), m)
                    t := mulmod(c, c, m)
                    c := mulmod(c, mulmod(t, mulmod(t, t, m), m), m)
                    t := add(add(a, add(mulmod(MATRIX_0_1, b, m), mulmod(MATRIX_0_2, c, m))), mload(pointer))
                    let u := add(
                        add(a, add(mulmod(MATRIX_1_1, b, m), mulmod(MATRIX_1_2, c, m))),
                        mload(add(pointer, 32))
                    )
                    c := add(add(a, add(mulmod(MATRIX_2_1, b, m), mulmod(MATRIX_2_2, c, m))), mload(add(pointer, 64)))
                    a := t
                    b := u
                }
                {
                    let t := mulmod(a, a, m)
                    a := mulmod(a, mulmod(t, mulmod(t, t, m), m), m)
                    t := mulmod(b, b, m)
                    b := mulmod(b, mulmod(t, mulmod(t, t, m), m), m)
                    t := mulmod(c, c, m)
                    c := mulmod(c, mulmod(t, mulmod(t, t, m), m), m)
                    t := add(add(a, add(mulmod(MATRIX_0_1, b, m), mulmod(MATRIX_0_2, c, m))), mload(add(pointer, 96)))
                    let u := add(
                        add(a, add(mulmod(MATRIX_1_1, b, m), mulmod(MATRIX_1_2, c, m))),
                        mload(add(pointer, 128))
                    )
                    c := add(add(a, add(mulmod(MATRIX_2_1, b, m), mulmod(MATRIX_2_2, c, m))), mload(add(pointer, 160)))
                    a := t
                    b := u
                }
                {
                    let t := mulmod(a, a, m)
                    a := mulmod(a, mulmod(t, mulmod(t, t, m), m), m)
                    t := mulmod(b, b, m)
                    b := mulmod(b, mulmod(t, mulmod(t, t, m), m), m)
                    t := mulmod(c, c, m)
                    c := mulmod(c, mulmod(t, mulmod(t, t, m), m), m)
                    t := add(add(a, add(mulmod(MATRIX_0_1, b, m), mulmod(MATRIX_0_2, c, m))), mload(add(pointer, 192)))
                    let u := add(
                        add(a, add(mulmod(MATRIX_1_1, b, m), mulmod(MATRIX_1_2, c, m))),
                        mload(add(pointer, 224))
                    )
                    c := add(add(a, add(mulmod(MATRIX_2_1, b, m), mulmod(MATRIX_2_2, c, m))), mload(add(pointer, 256)))
                    a := t
                    b := u
                }
                {
                    let t := mulmod(a, a, m)
                    a := mulmod(a, mulmod(t, mulmod(t, t, m), m), m)
                    t := mulmod(b, b, m)
                    b := mulmod(b, mulmod(t, mulmod(t, t, m), m), m)
                    t := mulmod(c, c, m)
                    c := mulmod(c, mulmod(t, mulmod(t, t, m), m), m)
                    t := add(add(a, add(mulmod(MATRIX_0_1, b, m), mulmod(MATRIX_0_2, c, m))), mload(add(pointer, 288)))
                    let u := add(
                        add(a, add(mulmod(MATRIX_1_1, b, m), mulmod(MATRIX_1_2, c, m))),
                        mload(add(pointer, 320))
                    )
                    c := add(add(a, add(mulmod(MATRIX_2_1, b, m), mulmod(MATRIX_2_2, c, m))), mload(add(pointer, 352)))
                    a := t
                    b := u
                }
                {
                    let t := mulmod(a, a, m)
                    a := mulmod(a, mulmod(t, mulmod(t, t, m), m), m)
                    t := mulmod(b, b, m)
                    b := mulmod(b, mulmod(t, mulmod(t, t, m), m), m)
                    t := mulmod(c, c, m)
                    c := mulmod(c, mulmod(t, mulmod(t, t, m), m), m)
                    t := add(add(a, add(mulmod(MATRIX_0_1, b, m), mulmod(MATRIX_0_2, c, m))), mload(add(pointer, 384)))
                    let u := add(
                        add(a, add(mulmod(MATRIX_1_1, b, m), mulmod(MATRIX_1_2, c, m))),
                        mload(add(pointer, 416))
                    )
                    c := add(add(a, add(mulmod(MATRIX_2_1, b, m), mulmod(MATRIX_2_2, c, m))), mload(add(pointer, 448)))
                    a := t
                    b := u
                }
            }
            a := mulmod(a, RESCALE, m)
            b := mulmod(b, RESCALE, m)
            c := mulmod(c, RESCALE, m)
        }
        return (a, b, c);
    }
}
