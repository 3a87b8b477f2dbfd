// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {LowLevelCall} from "@openzeppelin/contracts/utils/LowLevelCall.sol";
import {Governed} from "./Governed.sol";
import {POSEIDON_TABLE} from "./generated/PoseidonConstants.sol";
import {IBatchInbox} from "./interfaces/IBatchInbox.sol";
import {Escrow, FeeAccount, FeeTerms, IDaFees} from "./interfaces/IDaFees.sol";
import {IValidatorSet, Validator, Vote} from "./interfaces/IValidatorSet.sol";
import {ConstantStore} from "./libraries/ConstantStore.sol";
import {PoseidonFp, PoseidonTable} from "./libraries/PoseidonFp.sol";
import {ZekoHash} from "./libraries/ZekoHash.sol";
import {BatchId} from "./types/BatchId.sol";
import {MinaKey} from "./types/MinaKey.sol";
import {RollupId} from "./types/RollupId.sol";

/// @title What rollups pay for posting, and validators earn by signing
/// @dev Calls to others are views of contracts under the same owner, and payments, which come last in their functions.
contract DaFees is IDaFees, Governed {
    /// @notice Highest price of a byte: a thousandth of a coin. A batch of 16 MiB then stays far below 2⁹⁶.
    uint64 public constant MAX_PRICE = 1e15;
    /// @notice What a price below its half may rise to: there is nothing to double in a price of zero.
    uint64 public constant FIRST_PRICE = 1e9;
    /// @notice Seconds between two rises.
    uint256 public constant RAISE_INTERVAL = 1 days;
    /// @notice Shortest and longest window for late validators.
    uint32 public constant MIN_LATE_WINDOW = 10;
    uint32 public constant MAX_LATE_WINDOW = 7 days;
    /// @notice Seconds from asking for an unearned fee to getting it: validators have long signed by then, or never will.
    uint256 public constant RETURN_DELAY = 7 days;
    /// @notice Batches that one call settles.
    uint256 public constant MAX_SETTLED = 16;

    /// @custom:storage-location erc7201:zeko.storage.DaFees
    struct Fees {
        // One word: all that opening or certifying a batch reads beside the batch's own.
        address inbox;
        uint64 price;
        uint32 lateWindow;
        // One word.
        address validatorSet;
        uint40 raisedAt;
        mapping(RollupId rollup => uint256) balances;
        mapping(BatchId id => Escrow) escrows;
        mapping(bytes32 keyId => FeeAccount) accounts;
    }

    // keccak256(abi.encode(uint256(keccak256("zeko.storage.DaFees")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant FEES_SLOT = 0x49736e10b5b0e40920eb056cb1c68b419fb89747b82f5f9780f5b59d1605db00;

    /// @dev Where Poseidon's constants are, as a contract's code: the same for every proxy.
    /// @custom:oz-upgrades-unsafe-allow state-variable-immutable
    address private immutable TABLE;

    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor() {
        TABLE = ConstantStore.deploy(POSEIDON_TABLE);
        _disableInitializers();
    }

    /// @notice Once, in the proxy's constructor. The caller becomes the inbox.
    /// @param owner Who may upgrade and set the price: a timelock
    /// @param first Guardian
    /// @param set Where late votes are checked; never changes
    /// @param costs What posting costs at first
    function initialize(address owner, address first, address set, FeeTerms calldata costs) external initializer {
        _initializeGoverned(owner, first);
        Fees storage fees = _fees();
        fees.inbox = msg.sender;
        fees.validatorSet = set;
        if (costs.price > MAX_PRICE) revert DaFeesPriceTooHigh(costs.price, MAX_PRICE);
        _requireLateWindow(costs.lateWindow);
        _setTerms(fees, costs.price, costs.lateWindow);
    }

    /// @inheritdoc IDaFees
    function setPrice(uint64 price) external onlyOwner {
        Fees storage fees = _fees();
        uint64 current = fees.price;
        if (price > current) {
            uint64 double = 2 * current; // current ≤ MAX_PRICE, far below 2⁶³
            uint64 maximum = double > FIRST_PRICE ? double : FIRST_PRICE;
            if (maximum > MAX_PRICE) maximum = MAX_PRICE;
            if (price > maximum) revert DaFeesPriceTooHigh(price, maximum);
            uint256 earliest = fees.raisedAt + RAISE_INTERVAL;
            if (block.timestamp < earliest) revert DaFeesRaisedLately(earliest);
            fees.raisedAt = uint40(block.timestamp);
        }
        _setTerms(fees, price, fees.lateWindow);
    }

    /// @inheritdoc IDaFees
    function setLateWindow(uint32 lateWindow) external onlyOwner {
        _requireLateWindow(lateWindow);
        Fees storage fees = _fees();
        _setTerms(fees, fees.price, lateWindow);
    }

    /// @inheritdoc IDaFees
    function prepay(RollupId rollup) external payable whenNotPaused {
        if (msg.value == 0) revert DaFeesNothingSent();
        Fees storage fees = _fees();
        IBatchInbox(fees.inbox).rollupOf(rollup); // reverts where there is none: a payment to a mistyped id would be lost
        fees.balances[rollup] += msg.value;
        emit Prepaid(rollup, msg.sender, msg.value);
    }

    /// @inheritdoc IDaFees
    function withdraw(RollupId rollup, uint256 amount, address to) external {
        Fees storage fees = _fees();
        if (msg.sender != IBatchInbox(fees.inbox).rollupOf(rollup).owner) revert DaFeesNotOwner(rollup, msg.sender);
        uint256 balance = fees.balances[rollup];
        if (amount > balance) revert DaFeesBalanceTooLow(rollup, balance, amount);
        fees.balances[rollup] = balance - amount;
        emit Withdrawn(rollup, to, amount);
        _pay(to, amount);
    }

    /// @inheritdoc IDaFees
    function reserve(BatchId id, RollupId rollup, uint32 decodedLength) external {
        Fees storage fees = _fees();
        _requireInbox(fees);
        uint256 amount = uint256(fees.price) * decodedLength; // below 2⁸²
        if (amount == 0) return;
        uint256 balance = fees.balances[rollup];
        if (amount > balance) revert DaFeesBalanceTooLow(rollup, balance, amount);
        fees.balances[rollup] = balance - amount;
        fees.escrows[id].amount = uint96(amount);
        emit FeeReserved(id, rollup, amount);
    }

    /// @inheritdoc IDaFees
    function release(BatchId id, RollupId rollup) external {
        Fees storage fees = _fees();
        _requireInbox(fees);
        if (fees.escrows[id].amount != 0) _return(fees, id, rollup);
    }

    /// @inheritdoc IDaFees
    function certified(BatchId id, uint32 epoch, uint64 signers) external {
        Fees storage fees = _fees();
        _requireInbox(fees);
        Escrow memory escrow = fees.escrows[id];
        if (escrow.amount == 0 || escrow.signers != 0) return;
        uint256 closesAt = block.timestamp + fees.lateWindow;
        fees.escrows[id] = Escrow(escrow.amount, signers, epoch, uint40(closesAt));
        emit FeeEarned(id, epoch, signers, escrow.amount, closesAt);
    }

    /// @inheritdoc IDaFees
    function addLateVotes(BatchId id, Vote[] calldata votes) external {
        Fees storage fees = _fees();
        Escrow memory escrow = _escrow(fees, id);
        if (escrow.signers == 0) revert DaFeesNotEarned(id);
        if (block.timestamp > escrow.time) revert DaFeesWindowClosed(id, escrow.time);
        uint256 message = IBatchInbox(fees.inbox).attestationMessage(id, escrow.epoch);
        (uint64 signers, ) = IValidatorSet(fees.validatorSet).verifyVotes(escrow.epoch, message, votes);
        uint64 added = signers & ~escrow.signers;
        if (added == 0) revert DaFeesNothingNew(id);
        fees.escrows[id].signers = escrow.signers | added;
        emit LateSignersAdded(id, escrow.epoch, added);
    }

    /// @inheritdoc IDaFees
    function settle(BatchId[] calldata ids) external whenNotPaused {
        if (ids.length > MAX_SETTLED) revert DaFeesTooManyBatches(ids.length, MAX_SETTLED);
        Fees storage fees = _fees();
        Validator[] memory members;
        uint32 epoch = 0;
        for (uint256 i = 0; i < ids.length; ++i) {
            Escrow memory escrow = fees.escrows[ids[i]];
            if (escrow.amount == 0) continue;
            if (escrow.signers == 0) revert DaFeesNotEarned(ids[i]);
            if (members.length == 0 || epoch != escrow.epoch) {
                epoch = escrow.epoch;
                members = IValidatorSet(fees.validatorSet).validators(epoch);
            }
            bool complete = escrow.signers == type(uint64).max >> (64 - members.length); // 1 to 64 members
            if (!complete && block.timestamp <= escrow.time) revert DaFeesTooEarly(ids[i], uint256(escrow.time) + 1);
            _share(fees, ids[i], escrow, members);
        }
    }

    /// @inheritdoc IDaFees
    function requestReturn(BatchId id) external {
        Fees storage fees = _fees();
        Escrow memory escrow = _escrow(fees, id);
        if (escrow.signers != 0) revert DaFeesEarned(id);
        // Only from the seal on does the clock run: otherwise a batch could be announced early, its fee taken back just
        // when it is sealed, and validators would sign for nothing.
        if (IBatchInbox(fees.inbox).batchOf(id).sealedBlock == 0) revert DaFeesNotSealed(id);
        if (escrow.time != 0) revert DaFeesTooEarly(id, escrow.time);
        uint256 earliest = block.timestamp + RETURN_DELAY;
        fees.escrows[id].time = uint40(earliest);
        emit ReturnRequested(id, earliest);
    }

    /// @inheritdoc IDaFees
    function returnFee(BatchId id) external {
        Fees storage fees = _fees();
        Escrow memory escrow = _escrow(fees, id);
        if (escrow.signers != 0) revert DaFeesEarned(id);
        if (escrow.time == 0 || block.timestamp < escrow.time) revert DaFeesTooEarly(id, escrow.time);
        _return(fees, id, IBatchInbox(fees.inbox).batchOf(id).rollup);
    }

    /// @inheritdoc IDaFees
    function setPayout(uint256 x, uint256 y, address payout, uint256 r, uint256 s) external whenNotPaused {
        if (payout == address(0)) revert DaFeesPayoutZero();
        Fees storage fees = _fees();
        MinaKey memory key = MinaKey(x, y & 1 == 1);
        bytes32 keyId = _keyId(key);
        FeeAccount storage account = fees.accounts[keyId];
        uint64 counter = account.counter;
        uint256 message = _payoutMessage(key, payout, counter);
        IValidatorSet(fees.validatorSet).verifySignature(message, x, y, r, s);
        account.counter = counter + 1;
        account.payout = payout;
        emit PayoutChanged(keyId, key, payout, counter);
    }

    /// @inheritdoc IDaFees
    function claim(MinaKey calldata key) external returns (uint256 amount) {
        bytes32 keyId = _keyId(key);
        FeeAccount storage account = _fees().accounts[keyId];
        address payout = account.payout;
        if (payout == address(0)) revert DaFeesPayoutUnknown(key);
        amount = account.due;
        if (amount == 0) revert DaFeesNothingDue(key);
        account.due = 0;
        emit Claimed(keyId, key, payout, amount);
        _pay(payout, amount);
    }

    /// @inheritdoc IDaFees
    function inbox() external view returns (address) {
        return _fees().inbox;
    }

    /// @inheritdoc IDaFees
    function terms() external view returns (FeeTerms memory) {
        Fees storage fees = _fees();
        return FeeTerms(fees.price, fees.lateWindow);
    }

    /// @inheritdoc IDaFees
    function balanceOf(RollupId rollup) external view returns (uint256) {
        return _fees().balances[rollup];
    }

    /// @inheritdoc IDaFees
    function escrowOf(BatchId id) external view returns (Escrow memory) {
        return _fees().escrows[id];
    }

    /// @inheritdoc IDaFees
    function accountOf(MinaKey calldata key) external view returns (FeeAccount memory) {
        return _fees().accounts[_keyId(key)];
    }

    /// @inheritdoc IDaFees
    function payoutMessage(MinaKey calldata key, address payout) external view returns (uint256) {
        return _payoutMessage(key, payout, _fees().accounts[_keyId(key)].counter);
    }

    /// @dev Invariant: the shares add up to the fee exactly. Each is the difference of two roundings of the weight so far, so
    /// it is off by less than one unit, and no remainder is left over.
    function _share(Fees storage fees, BatchId id, Escrow memory escrow, Validator[] memory members) private {
        uint256 total = 0;
        for (uint256 i = 0; i < members.length; ++i) {
            if ((escrow.signers >> i) & 1 == 1) total += members[i].weight;
        }
        delete fees.escrows[id];
        uint256 weight = 0;
        uint256 shared = 0;
        for (uint256 i = 0; i < members.length; ++i) {
            if ((escrow.signers >> i) & 1 == 0) continue;
            weight += members[i].weight;
            uint256 upTo = (uint256(escrow.amount) * weight) / total;
            bytes32 keyId = _keyId(MinaKey(members[i].x, members[i].y & 1 == 1));
            fees.accounts[keyId].due += uint128(upTo - shared); // a share is below 2⁹⁶
            emit FeeShared(keyId, id, upTo - shared);
            shared = upTo;
        }
        emit FeeSettled(id, escrow.epoch, escrow.signers, escrow.amount);
    }

    function _return(Fees storage fees, BatchId id, RollupId rollup) private {
        uint256 amount = fees.escrows[id].amount;
        delete fees.escrows[id];
        fees.balances[rollup] += amount;
        emit FeeReturned(id, rollup, amount);
    }

    /// @dev Comes last: the receiver may call back. What it returns is not copied, so that it cannot cost the caller gas.
    function _pay(address to, uint256 amount) private {
        if (!LowLevelCall.callNoReturn(to, amount, "")) revert DaFeesPaymentFailed(to);
    }

    function _setTerms(Fees storage fees, uint64 price, uint32 lateWindow) private {
        fees.price = price;
        fees.lateWindow = lateWindow;
        emit TermsChanged(price, lateWindow);
    }

    function _payoutMessage(MinaKey memory key, address payout, uint64 counter) private view returns (uint256) {
        PoseidonFp.requireField(key.x);
        PoseidonTable table = PoseidonTable.wrap(ConstantStore.load(TABLE));
        return ZekoHash.payout(table, address(this), key, payout, counter);
    }

    function _escrow(Fees storage fees, BatchId id) private view returns (Escrow memory escrow) {
        escrow = fees.escrows[id];
        if (escrow.amount == 0) revert DaFeesNoEscrow(id);
    }

    function _requireInbox(Fees storage fees) private view {
        if (msg.sender != fees.inbox) revert DaFeesNotInbox(msg.sender);
    }

    function _requireLateWindow(uint32 lateWindow) private pure {
        if (lateWindow < MIN_LATE_WINDOW || lateWindow > MAX_LATE_WINDOW)
            revert DaFeesLateWindow(lateWindow, MIN_LATE_WINDOW, MAX_LATE_WINDOW);
    }

    /// @dev Of the key alone, so that a validator has one account through all epochs.
    function _keyId(MinaKey memory key) private pure returns (bytes32) {
        return keccak256(abi.encode(key));
    }

    function _fees() private pure returns (Fees storage fees) {
        assembly ("memory-safe") {
            fees.slot := FEES_SLOT
        }
    }
}
