// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {
    TAG_ATTEST,
    TAG_DATA_LEAF,
    TAG_DATA_NODE,
    TAG_DOMAIN,
    TAG_GAS,
    TAG_GAS_DOMAIN,
    TAG_PAYOUT,
    TAG_MIRRORED,
    TAG_ROTATE,
    TAG_SET_SLOT,
    TAG_SET_START,
    TAG_STATEMENT
} from "../generated/PoseidonConstants.sol";
import {MinaKey} from "../types/MinaKey.sol";
import {PoseidonFp, PoseidonTable} from "./PoseidonFp.sol";

/// @title The protocol's tagged hashes that the contracts compute themselves
/// @notice One function per tag, so that an input of one shape meets one tag. Shapes: docs/protocol.md.
/// @dev Callers have checked that every field is below the modulus. Twins: protocol/state.ts, validatorSet.ts,
/// dataRoot.ts, gas/gasMessage.ts · Vectors: test/vectors
library ZekoHash {
    /// @notice Which deployment a signature is good for.
    function domain(
        PoseidonTable table,
        uint256 minaNetwork,
        MinaKey memory outerKey,
        address inbox,
        bytes32 rollup
    ) internal view returns (uint256 digest) {
        (uint256 a, uint256 b, uint256 c) = PoseidonFp.start(table, TAG_DOMAIN);
        (a, b, c) = PoseidonFp.absorb(table, a, b, c, minaNetwork, outerKey.x);
        (a, b, c) = PoseidonFp.absorb(table, a, b, c, outerKey.isOdd ? 1 : 0, block.chainid);
        (a, b, c) = PoseidonFp.absorb(table, a, b, c, uint160(inbox), uint256(rollup) >> 128);
        digest = PoseidonFp.absorbLast(table, a, b, c, uint128(uint256(rollup)));
    }

    /// @notice One step of a rollup.
    function statement(
        PoseidonTable table,
        uint256 source,
        uint256 target,
        uint32 landBy,
        uint256 domainHash
    ) internal pure returns (uint256 digest) {
        (uint256 a, uint256 b, uint256 c) = PoseidonFp.start(table, TAG_STATEMENT);
        (a, b, c) = PoseidonFp.absorb(table, a, b, c, source, target);
        (digest, , ) = PoseidonFp.absorb(table, a, b, c, landBy, domainHash);
    }

    /// @notice What a validator of the set signs.
    function attestation(
        PoseidonTable table,
        uint256 setHash,
        uint256 statementHash,
        uint256 dataRootHash,
        uint32 dataLength,
        uint16 scheme
    ) internal pure returns (uint256 message) {
        (uint256 a, uint256 b, uint256 c) = PoseidonFp.start(table, TAG_ATTEST);
        (a, b, c) = PoseidonFp.absorb(table, a, b, c, setHash, statementHash);
        (a, b, c) = PoseidonFp.absorb(table, a, b, c, dataRootHash, dataLength);
        message = PoseidonFp.absorbLast(table, a, b, c, scheme);
    }

    /// @notice What a validator signs to name where its fees go.
    function payout(
        PoseidonTable table,
        address fees,
        MinaKey memory key,
        address receiver,
        uint64 counter
    ) internal view returns (uint256 message) {
        (uint256 a, uint256 b, uint256 c) = PoseidonFp.start(table, TAG_PAYOUT);
        (a, b, c) = PoseidonFp.absorb(table, a, b, c, block.chainid, uint160(fees));
        (a, b, c) = PoseidonFp.absorb(table, a, b, c, key.x, key.isOdd ? 1 : 0);
        (message, , ) = PoseidonFp.absorb(table, a, b, c, uint160(receiver), counter);
    }

    /// @notice Which vault a certified total of gas is good for.
    function gasDomain(
        PoseidonTable table,
        uint256 minaNetwork,
        MinaKey memory gasKey,
        address vault
    ) internal view returns (uint256 digest) {
        (uint256 a, uint256 b, uint256 c) = PoseidonFp.start(table, TAG_GAS_DOMAIN);
        (a, b, c) = PoseidonFp.absorb(table, a, b, c, minaNetwork, gasKey.x);
        (a, b, c) = PoseidonFp.absorb(table, a, b, c, gasKey.isOdd ? 1 : 0, block.chainid);
        digest = PoseidonFp.absorbLast(table, a, b, c, uint160(vault));
    }

    /// @notice What a validator of the set signs: so much MINA has been locked for the recipient's gas, since the beginning.
    function gas(
        PoseidonTable table,
        uint256 setHash,
        uint256 gasDomainHash,
        address recipient,
        uint64 total
    ) internal pure returns (uint256 message) {
        (uint256 a, uint256 b, uint256 c) = PoseidonFp.start(table, TAG_GAS);
        (a, b, c) = PoseidonFp.absorb(table, a, b, c, setHash, gasDomainHash);
        (message, , ) = PoseidonFp.absorb(table, a, b, c, uint160(recipient), total);
    }

    /// @notice Start of a validator set's hash.
    function setStart(
        PoseidonTable table,
        uint256 count,
        uint64 threshold,
        uint32 epoch
    ) internal pure returns (uint256 digest) {
        (uint256 a, uint256 b, uint256 c) = PoseidonFp.start(table, TAG_SET_START);
        (a, b, c) = PoseidonFp.absorb(table, a, b, c, count, threshold);
        digest = PoseidonFp.absorbLast(table, a, b, c, epoch);
    }

    /// @notice A validator set's hash with one more member.
    function setSlot(
        PoseidonTable table,
        uint256 fold,
        MinaKey memory key,
        uint32 weight
    ) internal pure returns (uint256 digest) {
        (uint256 a, uint256 b, uint256 c) = PoseidonFp.start(table, TAG_SET_SLOT);
        (a, b, c) = PoseidonFp.absorb(table, a, b, c, fold, key.x);
        (digest, , ) = PoseidonFp.absorb(table, a, b, c, key.isOdd ? 1 : 0, weight);
    }

    /// @notice What a quorum of the current set signs, so that the next one follows it.
    function rotation(
        PoseidonTable table,
        uint256 domainHash,
        uint256 current,
        uint256 next,
        uint256 state,
        uint32 until,
        bool removal
    ) internal pure returns (uint256 message) {
        (uint256 a, uint256 b, uint256 c) = PoseidonFp.start(table, TAG_ROTATE);
        (a, b, c) = PoseidonFp.absorb(table, a, b, c, domainHash, current);
        (a, b, c) = PoseidonFp.absorb(table, a, b, c, next, state);
        (message, , ) = PoseidonFp.absorb(table, a, b, c, until, removal ? 1 : 0);
    }

    /// @notice What a quorum of the next set signs, once Mina holds the rotation too deep to be taken back.
    function mirrored(
        PoseidonTable table,
        uint256 domainHash,
        uint256 next,
        uint32 until,
        bool removal
    ) internal pure returns (uint256 message) {
        (uint256 a, uint256 b, uint256 c) = PoseidonFp.start(table, TAG_MIRRORED);
        (a, b, c) = PoseidonFp.absorb(table, a, b, c, domainHash, next);
        (message, , ) = PoseidonFp.absorb(table, a, b, c, until, removal ? 1 : 0);
    }

    /// @notice Poseidon tree over chunk roots. A node without a partner moves up unchanged.
    /// @dev `chunkRoots` holds at least one and at most as many as a batch has chunks; 2·n − 1 permutations.
    function dataRoot(PoseidonTable table, bytes32[] memory chunkRoots) internal pure returns (uint256) {
        uint256[] memory level = new uint256[](chunkRoots.length);
        for (uint256 i = 0; i < chunkRoots.length; ++i) {
            uint256 root = uint256(chunkRoots[i]);
            (uint256 a, uint256 b, uint256 c) = PoseidonFp.start(table, TAG_DATA_LEAF);
            (level[i], , ) = PoseidonFp.absorb(table, a, b, c, root >> 128, uint128(root));
        }
        for (uint256 width = level.length; width > 1; width = (width + 1) / 2) {
            for (uint256 i = 0; i < width / 2; ++i) {
                (uint256 a, uint256 b, uint256 c) = PoseidonFp.start(table, TAG_DATA_NODE);
                (level[i], , ) = PoseidonFp.absorb(table, a, b, c, level[2 * i], level[2 * i + 1]);
            }
            if (width % 2 == 1) level[width / 2] = level[width - 1];
        }
        return level[0];
    }
}
