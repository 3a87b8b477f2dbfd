// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {MinaSchnorr} from "../libraries/MinaSchnorr.sol";

/// @notice A key, a message and a signature, sound or not.
struct SchnorrCase {
    uint256 message;
    uint256 x;
    uint256 y;
    uint256 r;
    uint256 s;
}

/// @notice Judges many signatures in one call, for comparison with other implementations.
contract SchnorrBatch {
    address private immutable TABLES = MinaSchnorr.store();

    /// @return verdicts Zero where the signature passes, otherwise the error's selector
    function judge(SchnorrCase[] calldata cases) external view returns (bytes4[] memory verdicts) {
        verdicts = new bytes4[](cases.length);
        for (uint256 i = 0; i < cases.length; ++i) {
            try this.verify(cases[i]) {} catch (bytes memory reason) {
                // An empty reason, out of gas or a panic, is none of the library's errors, and the comparison fails.
                verdicts[i] = reason.length < 4 ? bytes4(0xffffffff) : bytes4(reason);
            }
        }
    }

    function verify(SchnorrCase calldata input) external view {
        MinaSchnorr.verify(MinaSchnorr.load(TABLES), input.message, input.x, input.y, input.r, input.s);
    }
}
