// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {MinaSchnorr, MinaSchnorrTables} from "../libraries/MinaSchnorr.sol";
import {Pallas} from "../libraries/Pallas.sol";
import {PoseidonFp, PoseidonRounds} from "../libraries/PoseidonFp.sol";

/// @notice Opens the libraries to tests and measures them. Never deployed.
contract CryptoHarness {
    function verify(uint256 message, uint256 x, uint256 y, uint256 r, uint256 s) external view returns (uint256 used) {
        uint256 before = gasleft();
        MinaSchnorr.verify(MinaSchnorr.tables(), message, x, y, r, s);
        return before - gasleft();
    }

    function combine(uint256 s, uint256 e, uint256 x, uint256 y) external view returns (uint256 rx, uint256 ry) {
        return Pallas.combine(Pallas.generator(), s, e, x, y);
    }

    function split(uint256 k) external pure returns (uint256 low, uint256 high) {
        return Pallas.split(k);
    }

    function inverse(uint256 z) external view returns (uint256) {
        return Pallas.inverse(z);
    }

    /// @notice State of the sponge after absorbing (x, y) into (0, 0, 0): its first element, and the gas.
    function absorb(uint256 x, uint256 y) external view returns (uint256 digest, uint256 used) {
        PoseidonRounds rounds = PoseidonFp.rounds();
        uint256 before = gasleft();
        (digest, , ) = PoseidonFp.absorb(rounds, 0, 0, 0, x, y);
        used = before - gasleft();
    }

    function parts(
        uint256 s,
        uint256 e,
        uint256 x,
        uint256 y
    ) external view returns (uint256 load, uint256 comb, uint256 inv, uint256 spl) {
        uint256 t = gasleft();
        MinaSchnorrTables memory l = MinaSchnorr.tables();
        load = t - gasleft();
        t = gasleft();
        (uint256 rx, uint256 ry) = Pallas.combine(l.generator, s, e, x, y);
        comb = t - gasleft();
        t = gasleft();
        rx = Pallas.inverse(rx + ry);
        inv = t - gasleft();
        t = gasleft();
        (rx, ry) = Pallas.split(s);
        spl = t - gasleft();
    }
}
