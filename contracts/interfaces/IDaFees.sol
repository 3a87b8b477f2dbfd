// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {BatchId} from "../types/BatchId.sol";
import {MinaKey} from "../types/MinaKey.sol";
import {RollupId} from "../types/RollupId.sol";
import {Vote} from "./IValidatorSet.sol";

/// @notice What posting costs.
/// @param price Of one decoded byte, in the chain's smallest unit; 0: posting is free, and needs no balance
/// @param lateWindow Seconds after a certificate in which validators that it left out may still join
struct FeeTerms {
    uint64 price;
    uint32 lateWindow;
}

/// @notice The fee of one batch, from its opening until it is shared out or given back.
/// @param amount Price at the opening times decoded bytes; 0: none, given back, or shared out
/// @param signers Bit i is set when slot i of the epoch's set shares in it; 0: no certificate yet
/// @param epoch Epoch of the first certificate, the only one that earns
/// @param time Before a certificate: from when on the fee can be given back, 0 when nobody has asked. After: the last second
/// at which a validator can join
struct Escrow {
    uint96 amount;
    uint64 signers;
    uint32 epoch;
    uint40 time;
}

/// @notice What a validator has earned.
/// @param due Not yet claimed
/// @param counter Payout addresses named so far: the next naming's signature holds this number
/// @param payout Where claims go; zero before the first naming
struct FeeAccount {
    uint128 due;
    uint64 counter;
    address payout;
}

/// @title What rollups pay for posting, and validators earn by signing
/// @notice A rollup pays in advance. Opening a batch sets its fee aside; dropping it gives the fee back; its first
/// certificate earns it for those that signed, by weight, and for members of the same epoch that show their signature within
/// the window. Then anybody settles, once, and each validator claims when it likes.
/// @dev Invariants: balance = Σ prepaid + Σ set aside + Σ due, plus what was forced upon the contract; a fee is shared at most
/// once, over the signers of one epoch, and shares add up to it exactly. A pause stops new prepayments, settlements and
/// payout addresses; never a claim, nor a rollup's way to its own balance, nor posting.
interface IDaFees {
    /// @notice Only the inbox may say what happens to batches.
    error DaFeesNotInbox(address caller);
    /// @notice The rollup's balance does not cover the batch.
    error DaFeesBalanceTooLow(RollupId rollup, uint256 balance, uint256 needed);
    /// @notice A payment of nothing.
    error DaFeesNothingSent();
    /// @notice The caller does not own the rollup.
    error DaFeesNotOwner(RollupId rollup, address caller);
    /// @notice The receiver refused the payment. Nothing has changed.
    error DaFeesPaymentFailed(address receiver);

    /// @notice The price is above the highest that there can be, or above what one step may reach.
    error DaFeesPriceTooHigh(uint64 price, uint64 maximum);
    /// @notice The price rose less than a day ago; it can rise again at `earliest`, a time in seconds.
    error DaFeesRaisedLately(uint256 earliest);
    /// @notice The window is too short to be of use, or longer than validators should wait.
    error DaFeesLateWindow(uint32 lateWindow, uint32 minimum, uint32 maximum);

    /// @notice The batch has no fee: none was due, or it has been given back or shared out.
    error DaFeesNoEscrow(BatchId id);
    /// @notice No certificate has earned the batch's fee.
    error DaFeesNotEarned(BatchId id);
    /// @notice A certificate has earned the batch's fee.
    error DaFeesEarned(BatchId id);
    /// @notice The batch is not sealed: dropping it gives its fee back at once.
    error DaFeesNotSealed(BatchId id);
    /// @notice The window of the batch is over.
    error DaFeesWindowClosed(BatchId id, uint256 closedAt);
    /// @notice The fee cannot be shared out or given back before `earliest`, a time in seconds.
    error DaFeesTooEarly(BatchId id, uint256 earliest);
    /// @notice The votes' signers share already.
    error DaFeesNothingNew(BatchId id);
    /// @notice More batches than one call settles.
    error DaFeesTooManyBatches(uint256 count, uint256 maximum);

    /// @notice Claims cannot go to the zero address.
    error DaFeesPayoutZero();
    /// @notice The validator has named no payout address.
    error DaFeesPayoutUnknown(MinaKey key);
    /// @notice Nothing is due to the validator.
    error DaFeesNothingDue(MinaKey key);

    /// @notice Posting costs something else from now on. Batches that are open keep their fee.
    event TermsChanged(uint64 price, uint32 lateWindow);
    /// @notice A rollup's balance grew.
    event Prepaid(RollupId indexed rollup, address indexed from, uint256 amount);
    /// @notice A rollup's owner took some of its balance back.
    event Withdrawn(RollupId indexed rollup, address indexed to, uint256 amount);
    /// @notice A batch was opened, and its fee set aside.
    event FeeReserved(BatchId indexed id, RollupId indexed rollup, uint256 amount);
    /// @notice The fee went back to the rollup's balance: the batch was dropped, or never certified.
    event FeeReturned(BatchId indexed id, RollupId indexed rollup, uint256 amount);
    /// @notice Somebody asked for the fee of a batch without certificate: it can be given back at `earliest`.
    event ReturnRequested(BatchId indexed id, uint256 earliest);
    /// @notice The batch's first certificate earned its fee.
    event FeeEarned(BatchId indexed id, uint32 indexed epoch, uint64 signers, uint256 amount, uint256 closesAt);
    /// @notice Members of the epoch showed their signatures in time, and share too.
    event LateSignersAdded(BatchId indexed id, uint32 indexed epoch, uint64 added);
    /// @notice A validator's share of a batch is due.
    event FeeShared(bytes32 indexed keyId, BatchId indexed id, uint256 amount);
    /// @notice The fee was shared out.
    event FeeSettled(BatchId indexed id, uint32 indexed epoch, uint64 signers, uint256 amount);
    /// @notice A validator named where its claims go.
    event PayoutChanged(bytes32 indexed keyId, MinaKey key, address indexed payout, uint64 counter);
    /// @notice A validator was paid.
    event Claimed(bytes32 indexed keyId, MinaKey key, address indexed payout, uint256 amount);

    /// @notice The owner sets the price: down at will, up to the double (or to a first small price) once a day, and never
    /// above the maximum.
    function setPrice(uint64 price) external;

    /// @notice The owner sets the window; certificates that are recorded keep theirs.
    function setLateWindow(uint32 lateWindow) external;

    /// @notice Adds to a rollup's balance. Anybody may pay, for a rollup that is registered.
    function prepay(RollupId rollup) external payable;

    /// @notice Takes back what is not set aside. The rollup's owner alone.
    function withdraw(RollupId rollup, uint256 amount, address to) external;

    /// @notice Sets a batch's fee aside. The inbox alone, when a batch is opened.
    function reserve(BatchId id, RollupId rollup, uint32 decodedLength) external;

    /// @notice Gives a batch's fee back. The inbox alone, when a batch is dropped.
    function release(BatchId id, RollupId rollup) external;

    /// @notice A batch has a certificate. The inbox alone. Nothing happens when an earlier one earned the fee.
    function certified(BatchId id, uint32 epoch, uint64 signers) external;

    /// @notice Lets validators share that the certificate left out. Anybody may bring their votes.
    /// @dev Invariant: each stands for a member of the certificate's epoch that signed the certificate's message. Also reverts
    /// with the errors of IValidatorSet and MinaSchnorr.
    /// @param votes By strictly rising slot
    function addLateVotes(BatchId id, Vote[] calldata votes) external;

    /// @notice Shares the fees of batches whose window is over, or that all members signed. Anybody may call. Batches without a
    /// fee, settled ones too, are passed over, so that nobody spoils a call by settling one of them before.
    /// @param ids At most 16
    function settle(BatchId[] calldata ids) external;

    /// @notice Starts the clock for a sealed batch that nobody certifies. Anybody may call.
    function requestReturn(BatchId id) external;

    /// @notice Gives the fee of such a batch back, a week after the request. Anybody may call.
    function returnFee(BatchId id) external;

    /// @notice Names where a validator's claims go. Anybody may bring the validator's signature over {payoutMessage}.
    /// @dev Invariant: a signature is good for one chain, one contract, one key, one address, and once.
    /// @param x First coordinate of the key
    /// @param y Second coordinate
    /// @param r First half of the signature
    /// @param s Second half
    function setPayout(uint256 x, uint256 y, address payout, uint256 r, uint256 s) external;

    /// @notice Pays everything that is due to a validator to its payout address. Anybody may call.
    function claim(MinaKey calldata key) external returns (uint256 amount);

    /// @notice Whose calls say what happens to batches.
    function inbox() external view returns (address);

    /// @notice What posting costs now.
    function terms() external view returns (FeeTerms memory);

    /// @notice What a rollup has prepaid and not used.
    function balanceOf(RollupId rollup) external view returns (uint256);

    /// @notice The fee of a batch.
    function escrowOf(BatchId id) external view returns (Escrow memory);

    /// @notice What a validator has earned, and where it goes.
    function accountOf(MinaKey calldata key) external view returns (FeeAccount memory);

    /// @notice What a validator signs to name `payout`: good once, at its present counter.
    function payoutMessage(MinaKey calldata key, address payout) external view returns (uint256);
}
