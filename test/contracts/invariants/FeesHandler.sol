// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {BatchInbox} from "../../../contracts/BatchInbox.sol";
import {DaFees} from "../../../contracts/DaFees.sol";
import {ZekoProxy} from "../../../contracts/ZekoProxy.sol";
import {Certificate} from "../../../contracts/interfaces/IBatchInbox.sol";
import {Escrow, FeeTerms} from "../../../contracts/interfaces/IDaFees.sol";
import {Validator, Vote} from "../../../contracts/interfaces/IValidatorSet.sol";
import {CryptoHarness} from "../../../contracts/test/CryptoHarness.sol";
import {RotatingValidatorSet} from "../../../contracts/test/RotatingValidatorSet.sol";
import {BatchHeader, BatchId, batchIdOf} from "../../../contracts/types/BatchId.sol";
import {MinaKey} from "../../../contracts/types/MinaKey.sol";
import {RollupId} from "../../../contracts/types/RollupId.sol";
import {MinaSigner} from "./MinaSigner.sol";
import {vm} from "./Vm.sol";

/// @notice Rollups, relays, validators and thieves around one inbox and its fees, and books of what may have happened.
contract FeesHandler {
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

    uint256 public constant MEMBERS = 4;
    address private constant POSTER = address(0x9057);
    uint256 private constant PRICE = 7;
    bytes private constant CHUNK = "thirty-two bytes that are posted";

    RotatingValidatorSet public immutable SET;
    BatchInbox public immutable INBOX;
    DaFees public immutable FEES;
    RollupId public immutable ROLLUP;
    MinaSigner private immutable SIGNER;
    bytes32 private immutable ROOT;

    uint256[] private _secrets;
    MinaKey[] private _keys;
    uint256[] private _ys;
    Book[] private _books;
    /// @notice Everything that came in, and went out, by what the handler did.
    uint256 public paidIn;
    uint256 public paidOut;
    /// @notice Fees that were shared out, as the books have them.
    uint256 public shared;
    /// @notice What passed that must be refused. A revert would be taken for a refusal, so it is written down.
    string public broken;
    uint256 private _nonce;

    constructor() {
        SIGNER = new MinaSigner();
        for (uint256 i = 1; i <= MEMBERS; ++i) _addMember(i);
        RotatingValidatorSet set = new RotatingValidatorSet();
        bytes memory start = abi.encodeCall(
            set.initialize,
            (address(this), address(this), _members(), 5, 0, 1, 1 days)
        );
        SET = RotatingValidatorSet(address(new ZekoProxy(address(set), start)));
        BatchInbox code = new BatchInbox();
        FeeTerms memory costs = FeeTerms({price: uint64(PRICE), lateWindow: 1 hours});
        start = abi.encodeCall(
            code.initialize,
            (address(this), address(this), address(SET), address(new DaFees()), costs)
        );
        INBOX = BatchInbox(address(new ZekoProxy(address(code), start)));
        FEES = DaFees(INBOX.fees());
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
        INBOX.postChunk(book.id, 0, CHUNK);
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
        uint256 message = FEES.payoutMessage(_keys[member], address(this));
        (uint256 r, uint256 s) = SIGNER.sign(_secrets[(member + (forged ? 1 : 0)) % MEMBERS], message, ++_nonce);
        FEES.setPayout(_keys[member].x, _ys[member], address(this), r, s);
        _must(!forged, "somebody else's signature passed");
    }

    function claim(uint256 member) external {
        FEES.claim(_keys[member % MEMBERS]);
    }

    function rotate() external {
        if (SET.currentEpoch() < 200) SET.forceRotation(_members(), 5, uint64(block.timestamp + 1 days));
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

    /// @notice Weight of slots: 1, 2, 3 and 1, so that 5 is a majority of 7.
    function weightOf(uint64 signers) public pure returns (uint256 weight) {
        for (uint256 i = 0; i < 64; ++i) if ((signers >> i) & 1 == 1) weight += _weight(i);
    }

    /// @notice What is due to all members.
    function dueToAll() external view returns (uint256 due) {
        for (uint256 i = 0; i < MEMBERS; ++i) due += FEES.accountOf(_keys[i]).due;
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

    function _must(bool condition, string memory what) private {
        if (!condition) broken = what;
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
            uint8 slot = slots[i] % uint8(MEMBERS + 1);
            (uint256 r, uint256 s) = SIGNER.sign(_secrets[slot % MEMBERS], message, ++_nonce);
            votes[i] = Vote(slot, r, s);
        }
    }

    /// @dev As {_votes} reads them.
    function _bits(uint8[] memory slots) private pure returns (uint64 bits) {
        for (uint256 i = 0; i < slots.length && i < 6; ++i) bits |= uint64(1) << (slots[i] % uint8(MEMBERS + 1));
    }

    function _members() private view returns (Validator[] memory members) {
        members = new Validator[](MEMBERS);
        for (uint256 i = 0; i < MEMBERS; ++i) members[i] = Validator(_keys[i].x, _ys[i], uint32(_weight(i)));
    }

    function _weight(uint256 slot) private pure returns (uint256) {
        return [1, 2, 3, 1][slot];
    }

    /// @dev Keeps the members in the order of their keys.
    function _addMember(uint256 secret) private {
        (uint256 x, uint256 y) = SIGNER.keyOf(secret);
        _secrets.push(secret);
        _keys.push(MinaKey(x, y & 1 == 1));
        _ys.push(y);
        for (uint256 i = _keys.length - 1; i > 0 && _keys[i].x < _keys[i - 1].x; --i) {
            (_secrets[i], _secrets[i - 1]) = (_secrets[i - 1], _secrets[i]);
            (_ys[i], _ys[i - 1]) = (_ys[i - 1], _ys[i]);
            MinaKey memory larger = _keys[i - 1];
            _keys[i - 1] = _keys[i];
            _keys[i] = larger;
        }
    }
}
