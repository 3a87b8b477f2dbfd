// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ChunkRoot} from "../libraries/ChunkRoot.sol";
import {MinaSchnorr, MinaSchnorrTables} from "../libraries/MinaSchnorr.sol";
import {Pallas} from "../libraries/Pallas.sol";
import {PoseidonFp} from "../libraries/PoseidonFp.sol";
import {ZekoHash} from "../libraries/ZekoHash.sol";
import {BatchHeader, BatchId, batchIdOf} from "../types/BatchId.sol";
import {MinaKey} from "../types/MinaKey.sol";
import {RollupId} from "../types/RollupId.sol";

/// @notice Opens the libraries to tests and measures them. Never deployed to a chain that counts.
contract CryptoHarness {
    address private immutable TABLES = MinaSchnorr.store();

    /// @return used Gas of everything that verification does, loading the tables included
    function verify(uint256 message, uint256 x, uint256 y, uint256 r, uint256 s) external view returns (uint256 used) {
        uint256 before = gasleft();
        MinaSchnorr.verify(MinaSchnorr.load(TABLES), message, x, y, r, s);
        return before - gasleft();
    }

    function requireKey(uint256 x, uint256 y) external pure {
        MinaSchnorr.requireKey(x, y);
    }

    function combine(uint256 s, uint256 e, uint256 x, uint256 y) external view returns (uint256 rx, uint256 ry) {
        return Pallas.combine(MinaSchnorr.load(TABLES).generator, s, e, x, y);
    }

    function split(uint256 k) external pure returns (int256 low, int256 high) {
        (uint256 unsignedLow, uint256 unsignedHigh) = Pallas.split(k);
        return (int256(unsignedLow), int256(unsignedHigh));
    }

    function inverse(uint256 z) external view returns (uint256) {
        return Pallas.inverse(z);
    }

    /// @notice First element of the sponge after absorbing (x, y) into (a, 0, 0), and the gas of it.
    function absorb(uint256 a, uint256 x, uint256 y) external view returns (uint256 digest, uint256 used) {
        MinaSchnorrTables memory tables = MinaSchnorr.load(TABLES);
        uint256 before = gasleft();
        (digest, , ) = PoseidonFp.absorb(tables.poseidon, a, 0, 0, x, y);
        used = before - gasleft();
    }

    function domain(
        uint256 minaNetwork,
        MinaKey calldata outerKey,
        address inbox,
        bytes32 rollup
    ) external view returns (uint256) {
        return ZekoHash.domain(MinaSchnorr.load(TABLES).poseidon, minaNetwork, outerKey, inbox, rollup);
    }

    function statement(
        uint256 source,
        uint256 target,
        uint32 landBy,
        uint256 domainHash
    ) external view returns (uint256) {
        return ZekoHash.statement(MinaSchnorr.load(TABLES).poseidon, source, target, landBy, domainHash);
    }

    function rotation(
        uint256 domainHash,
        uint256 current,
        uint256 next,
        uint256 state,
        uint32 until,
        bool removal
    ) external view returns (uint256) {
        return ZekoHash.rotation(MinaSchnorr.load(TABLES).poseidon, domainHash, current, next, state, until, removal);
    }

    function mirrored(uint256 domainHash, uint256 next, uint32 until, bool removal) external view returns (uint256) {
        return ZekoHash.mirrored(MinaSchnorr.load(TABLES).poseidon, domainHash, next, until, removal);
    }

    function payout(
        address fees,
        MinaKey calldata key,
        address receiver,
        uint64 counter
    ) external view returns (uint256) {
        return ZekoHash.payout(MinaSchnorr.load(TABLES).poseidon, fees, key, receiver, counter);
    }

    function attestation(
        uint256 setHash,
        uint256 statementHash,
        uint256 dataRootHash,
        uint32 dataLength,
        uint16 scheme
    ) external view returns (uint256) {
        return
            ZekoHash.attestation(
                MinaSchnorr.load(TABLES).poseidon,
                setHash,
                statementHash,
                dataRootHash,
                dataLength,
                scheme
            );
    }

    function gasDomain(uint256 minaNetwork, MinaKey calldata gasKey, address vault) external view returns (uint256) {
        return ZekoHash.gasDomain(MinaSchnorr.load(TABLES).poseidon, minaNetwork, gasKey, vault);
    }

    function gasMessage(
        uint256 setHash,
        uint256 gasDomainHash,
        address recipient,
        uint64 total
    ) external view returns (uint256) {
        return ZekoHash.gas(MinaSchnorr.load(TABLES).poseidon, setHash, gasDomainHash, recipient, total);
    }

    function dataRoot(bytes32[] calldata chunkRoots) external view returns (uint256) {
        return ZekoHash.dataRoot(MinaSchnorr.load(TABLES).poseidon, chunkRoots);
    }

    function chunkRoot(bytes calldata chunk) external view returns (bytes32) {
        return ChunkRoot.compute(chunk);
    }

    function batchId(
        address inbox,
        RollupId rollup,
        BatchHeader calldata header,
        bytes32[] calldata chunkRoots
    ) external view returns (BatchId) {
        return batchIdOf(inbox, rollup, header, chunkRoots);
    }
}
