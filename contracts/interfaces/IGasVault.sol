// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Vote} from "./IValidatorSet.sol";

/// @notice One recipient's account. Its MINA are counted in nanomina, its coins in units of 18 decimals.
/// @param certified MINA that a quorum has certified as locked for it, since the beginning; never falls
/// @param paid MINA that it has been given gas for, at most `certified`
/// @param held Coins that it did not take when they were sent, and may fetch
struct GasAccount {
    uint64 certified;
    uint64 paid;
    uint128 held;
}

/// @notice Sums over all recipients, in the same units.
struct GasTotals {
    uint128 certified;
    uint128 paid;
    uint128 held;
}

/// @notice How much may be paid, and how much has been.
/// @param cap Most that one period pays, nanomina
/// @param period Its length in seconds
/// @param periodEnd When the one that runs is over; the next begins with the first payment after it
/// @param spent What the one that runs has paid, nanomina
struct GasLimits {
    uint64 cap;
    uint32 period;
    uint64 periodEnd;
    uint64 spent;
}

/// @title Gas of this chain for MINA that is locked on Mina
/// @notice Holds coins from genesis. Validators certify, each from its own view of Mina, how much MINA has been locked for a
/// recipient since the beginning; the vault pays what that is more than before. One way: nothing goes back to Mina.
/// @dev Totals, not payments, are certified: in any order, by anybody, as often as one likes, nobody gets more than the total.
interface IGasVault {
    /// @notice The zero address cannot be paid.
    error GasVaultNoRecipient();
    /// @notice This total, or a larger one, is certified already.
    error GasVaultTotalStale(uint64 certified, uint64 total);
    /// @notice Only the set of the current epoch certifies; one in its grace does not.
    error GasVaultEpochNotCurrent(uint32 epoch, uint32 current);
    /// @notice All that is certified has been paid.
    error GasVaultNothingWaits(address recipient);
    /// @notice The period's cap is spent; `release` works again after `periodEnd`.
    error GasVaultPeriodSpent(uint64 periodEnd);
    /// @notice The vault has no coins left.
    error GasVaultEmpty();
    /// @notice Too little gas is left to hand coins over: a recipient that is a contract would be shut out by its caller.
    error GasVaultGasShort(uint256 left, uint256 needed);
    /// @notice Nothing is held for the caller.
    error GasVaultNothingHeld(address recipient);
    /// @notice The receiver did not take the coins.
    error GasVaultTransferFailed(address to);
    /// @notice A cap or a period of zero.
    error GasVaultLimits(uint64 cap, uint32 period);

    /// @notice What the vault works with; set once.
    event VaultNamed(address validatorSet, uint256 domain);
    /// @notice Coins came in.
    event VaultFunded(address indexed from, uint256 units);
    /// @notice A quorum certified a new total.
    event TotalCertified(address indexed recipient, uint64 total, uint32 indexed epoch, uint64 signers);
    /// @notice The recipient was given gas for so much MINA.
    event GasPaid(address indexed recipient, uint64 nanomina);
    /// @notice It did not take the coins; they are held for it.
    event GasHeld(address indexed recipient, uint256 units);
    /// @notice It fetched them.
    event HeldWithdrawn(address indexed recipient, address indexed to, uint256 units);
    /// @notice The owner set other limits.
    event LimitsChanged(uint64 cap, uint32 period);

    /// @notice Takes a quorum's word for a recipient's total, and pays what that leaves due, as far as cap and coins reach.
    /// @dev Invariants: what is paid to a recipient is at most what is certified for it; a period pays at most its cap; a total
    /// counts once, whoever shows it and however often; nobody but the current set certifies. Also reverts with the errors of
    /// {IValidatorSet.verifyQuorum}. A period's cap goes to who comes first: docs/limits.md says what that bounds.
    /// @param recipient Who gets the coins; anybody may call
    /// @param total Nanomina locked for it since the beginning
    /// @param epoch Whose set signed: the current one
    /// @param votes By strictly rising slot, over {gasMessage}
    /// @return nanomina What was paid now; the rest waits for {release}
    function claim(
        address recipient,
        uint64 total,
        uint32 epoch,
        Vote[] calldata votes
    ) external returns (uint64 nanomina);

    /// @notice Pays what is certified and waits, as far as cap and coins reach. Needs no signatures.
    function release(address recipient) external returns (uint64 nanomina);

    /// @notice Sends the caller's held coins to `to`.
    function withdrawHeld(address to) external returns (uint256 units);

    /// @notice The owner sets cap and period. What the running period has paid counts against the new cap.
    function setLimits(uint64 cap, uint32 period) external;

    /// @notice Where quorums are checked.
    function validatorSet() external view returns (address);

    /// @notice The protocol's hash of Mina's network, the L1 account, this chain and this vault.
    function domain() external view returns (uint256);

    /// @notice One recipient's account.
    function accountOf(address recipient) external view returns (GasAccount memory);

    /// @notice Sums over all recipients.
    function totals() external view returns (GasTotals memory);

    /// @notice How much may be paid, and how much has been.
    function limits() external view returns (GasLimits memory);

    /// @notice What a validator of the epoch's set signs.
    function gasMessage(address recipient, uint64 total, uint32 epoch) external view returns (uint256);
}
