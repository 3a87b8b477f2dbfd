// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {BatchInbox} from "../../../contracts/BatchInbox.sol";
import {DaFees} from "../../../contracts/DaFees.sol";
import {ZekoProxy} from "../../../contracts/ZekoProxy.sol";
import {Certificate} from "../../../contracts/interfaces/IBatchInbox.sol";
import {IChunkGate} from "../../../contracts/interfaces/IChunkGate.sol";
import {Escrow, FeeTerms} from "../../../contracts/interfaces/IDaFees.sol";
import {Vote} from "../../../contracts/interfaces/IValidatorSet.sol";
import {CryptoHarness} from "../../../contracts/test/CryptoHarness.sol";
import {BatchHeader, BatchId, batchIdOf} from "../../../contracts/types/BatchId.sol";
import {MinaKey} from "../../../contracts/types/MinaKey.sol";
import {RollupId} from "../../../contracts/types/RollupId.sol";
import {ValidatorsHandler} from "./ValidatorsHandler.sol";
import {vm} from "../support/Vm.sol";

/// @notice Rollups, relays, validators and thieves around one inbox and its fees, and books of what may have happened.
contract FeesHandler is ValidatorsHandler {
    /// @notice What the books say of a batch.
    struct Book {
        BatchId id;
        bool open;
        bool whole;
        /// Fee that was set aside, and is neither shared out nor given back.
        uint256 held;
        /// Epoch of the first certificate while a fee was held, and who has signed since.
        bool earned;
        uint32 epoch;
        uint64 signers;
        /// Certificates recorded, a bit for each epoch.
        uint256 certified;
    }

    address private constant POSTER = address(0x9057);
    uint256 private constant PRICE = 7;
    bytes private constant CHUNK = "thirty-two bytes that are posted";

    BatchInbox public immutable INBOX;
    DaFees public immutable FEES;
    IChunkGate private immutable GATE;
    RollupId public immutable ROLLUP;
    bytes32 private immutable ROOT;

    Book[] private _books;
    /// @notice Everything that came in, and went out, by what the handler did.
    uint256 public paidIn;
    uint256 public paidOut;
    /// @notice Fees that were shared out, as the books have them.
    uint256 public shared;

    /// @dev Weights of which 5 is a majority of 7.
    constructor() ValidatorsHandler([uint32(1), 2, 3, 1], 5) {
        BatchInbox code = new BatchInbox();
        FeeTerms memory costs = FeeTerms({price: uint64(PRICE), lateWindow: 1 hours});
        bytes memory start = abi.encodeCall(
            code.initialize,
            (address(this), address(this), address(SET), address(new DaFees()), costs)
        );
        INBOX = BatchInbox(address(new ZekoProxy(address(code), start)));
        FEES = DaFees(INBOX.fees());
        GATE = IChunkGate(INBOX.chunkGate());
        address[] memory posters = new address[](1);
        posters[0] = address(this);
        ROLLUP = INBOX.registerRollup(0, 1, MinaKey(1, false), MinaKey(1, false), posters);
        ROOT = new CryptoHarness().chunkRoot(CHUNK);
    }

    receive() external payable {
        paidOut += msg.value;
    }

    function prepay(uint96 amount) external {
        amount = uint96((uint256(amount) % 1e6) + 1);
        vm.deal(address(this), address(this).balance + amount);
        FEES.prepay{value: amount}(ROLLUP);
        paidIn += amount;
    }

    function withdraw(uint256 amount) external {
        uint256 balance = FEES.balanceOf(ROLLUP);
        FEES.withdraw(ROLLUP, amount % (balance + 2), address(this)); // one too many now and then: refused
    }

    function openBatch(uint16 decodedLength) external {
        BatchHeader memory header = BatchHeader({
            number: uint64(_books.length),
            source: 1,
            target: 2,
            landBy: 3,
            dataLength: 32,
            decodedLength: uint32(decodedLength) + 1,
            scheme: 1
        });
        bytes32[] memory roots = new bytes32[](1);
        roots[0] = ROOT;
        BatchId id = INBOX.openBatch(ROLLUP, header, roots, 1, 1);
        _books.push(Book(id, true, false, uint256(header.decodedLength) * PRICE, false, 0, 0, 0));
    }

    function seal(uint256 which) external {
        Book storage book = _pick(which);
        vm.prank(POSTER, POSTER);
        GATE.postChunk(INBOX, book.id, 0, CHUNK);
        book.whole = true;
    }

    function drop(uint256 which) external {
        Book storage book = _pick(which);
        INBOX.dropBatch(book.id);
        book.open = false;
        book.held = 0;
    }

    /// @param slots In any order, some twice or unknown: what passes must be a quorum of the epoch's members
    function certify(uint256 which, uint8[] calldata slots, uint32 epoch) external {
        Book storage book = _pick(which);
        epoch = epoch % (SET.currentEpoch() + 1);
        INBOX.recordCertificate(book.id, epoch, _votes(book.id, epoch, slots));
        _must(book.certified & (uint256(1) << epoch) == 0, "a second certificate of the epoch");
        book.certified |= uint256(1) << epoch;
        if (book.earned || book.held == 0) return;
        (book.earned, book.epoch, book.signers) = (true, epoch, _bits(slots));
    }

    /// @notice The quorum that relays bring, so that runs get far.
    function certifyWell(uint256 which, uint8 absent) external {
        uint8[] memory slots = new uint8[](MEMBERS - 1);
        uint8 slot = 0;
        for (uint256 i = 0; i < slots.length; ++i) {
            if (slot == absent % MEMBERS) ++slot;
            slots[i] = slot++;
        }
        this.certify(which, slots, SET.currentEpoch());
    }

    function addLateVotes(uint256 which, uint8[] calldata slots) external {
        Book storage book = _pick(which);
        FEES.addLateVotes(book.id, _votes(book.id, book.epoch, slots));
        _must(book.earned, "late votes without a certificate");
        book.signers |= _bits(slots);
    }

    function settle(uint256 first, uint256 second) external {
        BatchId[] memory ids = new BatchId[](2);
        ids[0] = _pick(first).id;
        ids[1] = _pick(second).id;
        FEES.settle(ids);
        _settled(_pick(first));
        _settled(_pick(second));
    }

    function requestReturn(uint256 which) external {
        FEES.requestReturn(_pick(which).id);
    }

    function returnFee(uint256 which) external {
        Book storage book = _pick(which);
        FEES.returnFee(book.id);
        _must(!book.earned, "an earned fee was given back");
        book.held = 0;
    }

    function setPayout(uint256 member, bool forged) external {
        member = member % MEMBERS;
        uint256 message = FEES.payoutMessage(_keyOf(member), address(this));
        (uint256 r, uint256 s) = _sign(member + (forged ? 1 : 0), message);
        (uint256 x, uint256 y) = _pointOf(member);
        FEES.setPayout(x, y, address(this), r, s);
        _must(!forged, "somebody else's signature passed");
    }

    function claim(uint256 member) external {
        FEES.claim(_keyOf(member % MEMBERS));
    }

    function pause(bool on) external {
        if (on) FEES.pause();
        else FEES.unpause();
    }

    function elapse(uint32 time) external {
        vm.warp(block.timestamp + (time % 8 days));
    }

    /// @notice Wants to be the inbox.
    function pretend(uint256 which, uint64 signers) external {
        FEES.certified(_pick(which).id, 0, signers);
        _must(false, "not the inbox, and heard");
    }

    function batches() external view returns (uint256) {
        return _books.length;
    }

    function entry(uint256 index) external view returns (Book memory) {
        return _books[index];
    }

    /// @notice Weight of slots.
    function weightOf(uint64 signers) public view returns (uint256 weight) {
        for (uint256 i = 0; i < MEMBERS; ++i) if ((signers >> i) & 1 == 1) weight += _weight(i);
    }

    /// @notice What is due to all members.
    function dueToAll() external view returns (uint256 due) {
        for (uint256 i = 0; i < MEMBERS; ++i) due += FEES.accountOf(_keyOf(i)).due;
    }

    /// @notice Fees that the contract says it has set aside.
    function heldForAll() external view returns (uint256 held) {
        for (uint256 i = 0; i < _books.length; ++i) held += FEES.escrowOf(_books[i].id).amount;
    }

    function certificateOf(uint256 index, uint32 epoch) external view returns (Certificate memory) {
        return INBOX.certificateOf(_books[index].id, epoch);
    }

    function escrowOf(uint256 index) external view returns (Escrow memory) {
        return FEES.escrowOf(_books[index].id);
    }

    function _settled(Book storage book_) private {
        if (!book_.earned) return;
        shared += book_.held;
        book_.held = 0;
    }

    function _pick(uint256 which) private view returns (Book storage) {
        vm.assume(_books.length > 0);
        return _books[which % _books.length];
    }

    function _votes(BatchId id, uint32 epoch, uint8[] memory slots) private returns (Vote[] memory votes) {
        uint256 message = INBOX.attestationMessage(id, epoch);
        votes = new Vote[](slots.length > 6 ? 6 : slots.length);
        for (uint256 i = 0; i < votes.length; ++i) {
            votes[i] = _vote(slots[i] % uint8(MEMBERS + 1), message);
        }
    }

    /// @dev As {_votes} reads them.
    function _bits(uint8[] memory slots) private pure returns (uint64 bits) {
        for (uint256 i = 0; i < slots.length && i < 6; ++i) bits |= uint64(1) << (slots[i] % uint8(MEMBERS + 1));
    }
}
