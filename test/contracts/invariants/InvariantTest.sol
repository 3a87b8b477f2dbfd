// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @notice Which functions the runner calls, in its own terms.
struct FuzzInterface {
    address addr;
    string[] artifacts;
}

/// @title What every invariant test shares
/// @notice A test contract inherits this, makes a handler in `setUp` and hands it to `_target` with its contract's name. The runner then calls the
/// handler's functions in random order with random arguments, and after each call every function here whose name begins with
/// `invariant_`. A handler does what users do, well and badly, and keeps its own books beside.
abstract contract InvariantTest {
    error Different(string what, uint256 actual, uint256 expected);
    error Untrue(string what);

    FuzzInterface[] private _targets;

    /// @notice Asked for by the runner: only these are called. By name, since it does not know large contracts by their code.
    function targetInterfaces() external view returns (FuzzInterface[] memory) {
        return _targets;
    }

    function _target(address handler, string memory name) internal {
        FuzzInterface storage target = _targets.push();
        target.addr = handler;
        target.artifacts.push(name);
    }

    function _equal(uint256 actual, uint256 expected, string memory what) internal pure {
        if (actual != expected) revert Different(what, actual, expected);
    }

    function _true(bool condition, string memory what) internal pure {
        if (!condition) revert Untrue(what);
    }
}
