package app

import (
	"encoding/json"
	"math/big"
	"reflect"
	"strings"
	"testing"
	"time"

	cmtproto "github.com/cometbft/cometbft/proto/tendermint/types"
	cmttypes "github.com/cometbft/cometbft/types"
	evmencoding "github.com/cosmos/evm/encoding"
	feemarkettypes "github.com/cosmos/evm/x/feemarket/types"
	evmtypes "github.com/cosmos/evm/x/vm/types"
	"github.com/cosmos/gogoproto/proto"
	transfertypes "github.com/cosmos/ibc-go/v11/modules/apps/transfer/types"
	clienttypes "github.com/cosmos/ibc-go/v11/modules/core/02-client/types"
	connectiontypes "github.com/cosmos/ibc-go/v11/modules/core/03-connection/types"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	ethtypes "github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"

	"cosmossdk.io/math"

	"github.com/cosmos/cosmos-sdk/codec"
	"github.com/cosmos/cosmos-sdk/crypto/keys/ed25519"
	sdk "github.com/cosmos/cosmos-sdk/types"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"
	consensustypes "github.com/cosmos/cosmos-sdk/x/consensus/types"
	distrtypes "github.com/cosmos/cosmos-sdk/x/distribution/types"
	govtypes "github.com/cosmos/cosmos-sdk/x/gov/types"
	govv1 "github.com/cosmos/cosmos-sdk/x/gov/types/v1"
	slashingtypes "github.com/cosmos/cosmos-sdk/x/slashing/types"
	stakingtypes "github.com/cosmos/cosmos-sdk/x/staking/types"
	upgradetypes "github.com/cosmos/cosmos-sdk/x/upgrade/types"
)

// keeper is init code: stores 42 at slot 1, and leaves a contract of one STOP.
var keeper = hexutil.MustDecode("0x602a600155" + "60016000f3")

func pay(t *testing.T, nonce uint64) []byte {
	to := addressOf(stranger)
	return ethereumTx(t, user, &ethtypes.LegacyTx{Nonce: nonce, To: &to, Value: big.NewInt(7), Gas: 21_000})
}

func deploy(t *testing.T, nonce uint64, code []byte) []byte {
	return ethereumTx(t, user, &ethtypes.LegacyTx{Nonce: nonce, Data: code, Gas: 300_000})
}

// story is a few blocks with transactions of both kinds.
func story(t *testing.T) []block {
	send := banktypes.NewMsgSend(operator.PubKey().Address().Bytes(), stranger.PubKey().Address().Bytes(), coins(1))
	return blocksOf(
		nil,
		[][]byte{pay(t, 0), deploy(t, 1, keeper)},
		[][]byte{cosmosTx(t, operator, 0, 0, send)},
		[][]byte{pay(t, 2), pay(t, 3)},
		nil,
		[][]byte{pay(t, 4)},
	)
}

func allSucceed(t *testing.T, r result) {
	t.Helper()
	for i, codes := range r.Codes {
		for j, code := range codes {
			if code != 0 {
				t.Errorf("transaction %d of block %d failed with code %d: %s", j, i+1, code, r.Logs[i][j])
			}
		}
	}
}

// state is one module's part of a genesis file.
func state[T any, P interface {
	*T
	proto.Message
}](t *testing.T, genesis json.RawMessage, module string) *T {
	t.Helper()
	var all map[string]json.RawMessage
	check(t, json.Unmarshal(genesis, &all))
	var value T
	Encoding().Codec.MustUnmarshalJSON(all[module], P(&value))
	return &value
}

func balanceOf(t *testing.T, genesis json.RawMessage, address string) string {
	t.Helper()
	for _, balance := range state[banktypes.GenesisState](t, genesis, banktypes.ModuleName).Balances {
		if balance.Address == address {
			return balance.Coins.AmountOf(Denom).String()
		}
	}
	return "0"
}

func TestTwoProcessesReachTheSameHashes(t *testing.T) {
	genesis, blocks := testGenesis(t), story(t)
	first := run(t, play{Genesis: genesis, Blocks: blocks})
	allSucceed(t, first)
	second := run(t, play{Genesis: genesis, Blocks: blocks})
	if !reflect.DeepEqual(first, second) {
		t.Errorf("%v\n%v", first, second)
	}
}

// The library's usual wiring fails this one: see openModules on fee collection.
func TestARestartedProcessReachesTheSameHashes(t *testing.T) {
	genesis, blocks := testGenesis(t), story(t)
	whole := run(t, play{Genesis: genesis, Blocks: blocks})
	for cut := 1; cut < len(blocks); cut += 2 {
		home := t.TempDir()
		before := run(t, play{Home: home, Genesis: genesis, Blocks: blocks[:cut]})
		after := run(t, play{Home: home, Blocks: blocks[cut:]})
		if hashes := append(before.Hashes, after.Hashes...); !reflect.DeepEqual(hashes, whole.Hashes) {
			t.Errorf("restarted after block %d: %v, want %v", cut, hashes, whole.Hashes)
		}
	}
}

func TestASnapshotLeadsToTheSameHashes(t *testing.T) {
	genesis, blocks := testGenesis(t), story(t)
	whole := run(t, play{Genesis: genesis, Blocks: blocks})
	source := run(t, play{Genesis: genesis, Blocks: blocks[:3], Snapshot: true})
	synced := run(t, play{Restore: source.Snapshot, Blocks: blocks[3:]})
	if !reflect.DeepEqual(synced.Hashes, whole.Hashes[3:]) {
		t.Errorf("%v, want %v", synced.Hashes, whole.Hashes[3:])
	}
}

func TestAnExportedStateGoesOn(t *testing.T) {
	genesis, blocks := testGenesis(t), story(t)
	before := run(t, play{Genesis: genesis, Blocks: blocks[:4], Export: true})
	allSucceed(t, before)
	if before.Exported.Height != 5 || before.Exported.Validators != 1 {
		t.Fatalf("height %d, %d validators", before.Exported.Height, before.Exported.Validators)
	}
	imported := play{Genesis: before.Exported.AppState, Start: 5, Blocks: blocks[4:], Export: true}
	after := run(t, imported)
	allSucceed(t, after)
	if again := run(t, imported); !reflect.DeepEqual(again.Hashes, after.Hashes) {
		t.Errorf("two imports differ: %v, %v", again.Hashes, after.Hashes)
	}

	contract := crypto.CreateAddress(addressOf(user), 1)
	for name, exported := range map[string]json.RawMessage{"before": before.Exported.AppState, "after": after.Exported.AppState} {
		account := contractOf(t, exported, contract)
		if account == nil || len(account.Storage) != 1 || common.HexToHash(account.Storage[0].Value) != common.BigToHash(big.NewInt(42)) {
			t.Errorf("%s: the contract's storage is %v", name, account)
		}
	}
	// One coin from the operator, and seven units for each transfer.
	if got := balanceOf(t, after.Exported.AppState, bech32(stranger)); got != "1000000000000000028" {
		t.Errorf("the stranger has %s", got)
	}
}

func contractOf(t *testing.T, exported json.RawMessage, address common.Address) *evmtypes.GenesisAccount {
	for _, account := range state[evmtypes.GenesisState](t, exported, evmtypes.ModuleName).Accounts {
		if common.HexToAddress(account.Address) == address {
			return &account
		}
	}
	return nil
}

// joined are blocks at whose end a second validator, of the user, is bonded.
func joined(t *testing.T) []block {
	key := ed25519.GenPrivKeyFromSecret([]byte("joining")).PubKey()
	tenth := math.LegacyNewDecWithPrec(1, 1)
	create, err := stakingtypes.NewMsgCreateValidator(sdk.ValAddress(user.PubKey().Address()).String(), key,
		coins(stakedCoins)[0], stakingtypes.Description{Moniker: "joining"},
		stakingtypes.NewCommissionRates(tenth, tenth, tenth), math.OneInt())
	check(t, err)
	return blocksOf(nil, [][]byte{cosmosTx(t, user, 1, 0, create)}, nil)
}

func TestAnExportGoesOnWithoutLostValidators(t *testing.T) {
	staying := []string{sdk.ValAddress(operator.PubKey().Address()).String()}
	before := run(t, play{Genesis: testGenesis(t), Blocks: joined(t), Export: true, Staying: staying})
	allSucceed(t, before)
	if before.Exported.Validators != 1 {
		t.Fatalf("%d validators, %s", before.Exported.Validators, before.ExportError)
	}
	after := run(t, play{Genesis: before.Exported.AppState, Start: 4, Blocks: blocksOf(nil, nil, nil, [][]byte{pay(t, 1)})[3:], Export: true})
	allSucceed(t, after)
	for _, exported := range []json.RawMessage{before.Exported.AppState, after.Exported.AppState} {
		for _, v := range state[stakingtypes.GenesisState](t, exported, stakingtypes.ModuleName).Validators {
			lost := v.OperatorAddress != staying[0]
			if !v.Tokens.Equal(coins(stakedCoins)[0].Amount) || v.Jailed != lost || v.IsBonded() == lost {
				t.Errorf("%+v", v)
			}
			if released := genesisTime.Add(3*time.Second + unbonding); lost && !v.UnbondingTime.Equal(released) {
				t.Errorf("stake is released at %v, want %v", v.UnbondingTime, released)
			}
		}
	}
}

func TestAnExportGoesOnWithBondedValidatorsAlone(t *testing.T) {
	staying := sdk.ValAddress(operator.PubKey().Address()).String()
	for name, operators := range map[string][]string{
		"unknown":     {staying, sdk.ValAddress(stranger.PubKey().Address()).String()},
		"named twice": {staying, staying},
		"no address":  {"validator"},
	} {
		r := run(t, play{Genesis: testGenesis(t), Blocks: joined(t), Export: true, Staying: operators})
		if r.ExportError == "" {
			t.Errorf("%s: exported", name)
		}
	}
}

func TestANodeAnswersWhateverIsSentToIt(t *testing.T) {
	offered := [][]byte{pay(t, 0), []byte("not a transaction"), nil}
	r := run(t, play{Genesis: testGenesis(t), Blocks: blocksOf(nil, nil), Offer: offered})
	if len(r.Answers) != 3 || r.Answers[1] == 0 || r.Answers[2] == 0 {
		t.Errorf("answered %v", r.Answers)
	}
}

func TestADoubleSignatureIsSlashedForGood(t *testing.T) {
	blocks := blocksOf(nil, nil, nil, nil)
	blocks[2].DoubleSigned = true
	r := run(t, play{Genesis: testGenesis(t), Blocks: blocks, Export: true})
	validator := state[stakingtypes.GenesisState](t, r.Exported.AppState, stakingtypes.ModuleName).Validators[0]
	if want := coins(stakedCoins * 95 / 100)[0].Amount; !validator.Tokens.Equal(want) || !validator.Jailed {
		t.Errorf("%s left, want %s; jailed: %v", validator.Tokens, want, validator.Jailed)
	}
	info := state[slashingtypes.GenesisState](t, r.Exported.AppState, slashingtypes.ModuleName).SigningInfos[0]
	if !info.ValidatorSigningInfo.Tombstoned {
		t.Error("the validator may come back")
	}
}

func TestFeesGoToValidatorsAlone(t *testing.T) {
	r := run(t, play{Genesis: testGenesis(t), Blocks: story(t), Export: true})
	distribution := state[distrtypes.GenesisState](t, r.Exported.AppState, distrtypes.ModuleName)
	if pool := distribution.FeePool.CommunityPool.AmountOf(Denom); !pool.TruncateInt().IsZero() {
		t.Errorf("the community pool holds %s", pool)
	}
	if rewards := distribution.OutstandingRewards[0].OutstandingRewards.AmountOf(Denom); !rewards.IsPositive() {
		t.Error("the validator earned nothing")
	}
}

func TestOnlyGasThatWasUsedIsBilled(t *testing.T) {
	to := addressOf(stranger)
	generous := ethereumTx(t, user, &ethtypes.LegacyTx{To: &to, Value: big.NewInt(1), Gas: 5_000_000})
	r := run(t, play{Genesis: testGenesis(t), Blocks: blocksOf(nil, [][]byte{generous}), Export: true})
	allSucceed(t, r)
	if used := r.GasUsed[1][0]; used != 21_000 {
		t.Errorf("%d gas", used)
	}
}

func TestTheFeeHasAFloor(t *testing.T) {
	to := addressOf(stranger)
	cheap := ethereumTx(t, user, &ethtypes.LegacyTx{To: &to, Gas: 21_000, GasPrice: big.NewInt(999_999)})
	r := run(t, play{Genesis: testGenesis(t), Blocks: blocksOf(nil, [][]byte{cheap})})
	if r.Codes[1][0] == 0 {
		t.Error("a transaction below the floor was executed")
	}
}

// The library leaves the blob base fee nil, on which go-ethereum's opcode panics.
func TestBlobBaseFeeIsZero(t *testing.T) {
	returnBlobBaseFee := hexutil.MustDecode("0x4a60005260206000f3")
	r := run(t, play{Genesis: testGenesis(t), Blocks: blocksOf(nil, [][]byte{deploy(t, 0, returnBlobBaseFee)}), Export: true})
	allSucceed(t, r)
	account := contractOf(t, r.Exported.AppState, crypto.CreateAddress(addressOf(user), 0))
	if account == nil || account.Code != strings.Repeat("00", 32) {
		t.Errorf("BLOBBASEFEE pushed %v", account)
	}
}

func TestAValidatorVotesAgainstAnInvalidBlock(t *testing.T) {
	to := addressOf(stranger)
	big1 := ethereumTx(t, user, &ethtypes.LegacyTx{Nonce: 0, To: &to, Gas: uint64(BlockGasLimit/2) + 1})
	big2 := ethereumTx(t, user, &ethtypes.LegacyTx{Nonce: 1, To: &to, Gas: uint64(BlockGasLimit/2) + 1})
	proposals := map[string][][]byte{
		"valid":           {big1},
		"too much gas":    {big1, big2},
		"no transaction":  {[]byte("not a transaction")},
		"nonce too high":  {big2},
		"no coins to pay": {ethereumTx(t, stranger, &ethtypes.LegacyTx{To: &to, Gas: 21_000})},
	}
	for name, txs := range proposals {
		blocks := blocksOf(nil, txs)
		blocks[1].Propose = true
		r := run(t, play{Genesis: testGenesis(t), Blocks: blocks})
		if want := name == "valid"; r.Accepted[0] != want {
			t.Errorf("%s: accepted %v", name, r.Accepted[0])
		}
	}
}

func TestConsensusParametersOutlastUnbonding(t *testing.T) {
	params := cmttypes.DefaultConsensusParams()
	ShapeConsensus(params)
	check(t, params.ValidateBasic())
	staking := stakingtypes.DefaultGenesisState()
	Encoding().Codec.MustUnmarshalJSON(stakingGenesis{}.DefaultGenesis(Encoding().Codec), staking)
	if params.Evidence.MaxAgeDuration < staking.Params.UnbondingTime || params.Block.MaxGas != BlockGasLimit {
		t.Errorf("%+v", params)
	}
}

func TestAVoteOfTheStakeUpgradesTheChain(t *testing.T) {
	const height = 7
	plan := &upgradetypes.MsgSoftwareUpgrade{
		Authority: Authority.String(), Plan: upgradetypes.Plan{Name: "v-next", Height: height},
	}
	proposal, err := govv1.NewMsgSubmitProposal([]sdk.Msg{plan}, coins(100), bech32(operator), "", "upgrade", "to v-next", false)
	check(t, err)
	vote := govv1.NewMsgVote(operator.PubKey().Address().Bytes(), 1, govv1.OptionYes, "")
	blocks := blocksOf(nil, [][]byte{cosmosTx(t, operator, 0, 0, proposal)}, [][]byte{cosmosTx(t, operator, 0, 1, vote)},
		nil, nil, nil, [][]byte{pay(t, 0)}, [][]byte{pay(t, 1)})
	for i := 3; i < len(blocks); i++ { // the voting period passes between blocks 3 and 4
		blocks[i].Time = blocks[i].Time.Add(3 * day)
	}

	home := t.TempDir()
	before := run(t, play{Home: home, Genesis: testGenesis(t), Blocks: blocks[:height-1], Export: true})
	allSucceed(t, before)
	decided := state[govv1.GenesisState](t, before.Exported.AppState, govtypes.ModuleName).Proposals[0]
	if decided.Status != govv1.StatusPassed {
		t.Fatalf("the proposal is %s: %s", decided.Status, decided.FailedReason)
	}
	old := runAnyway(t, play{Home: home, Blocks: blocks[height-1:]})
	if !strings.Contains(old.Panic, "v-next") {
		t.Errorf("the old binary went on: %q", old.Panic)
	}
	upgraded := run(t, play{Home: home, Blocks: blocks[height-1:], Release: "v-next"})
	allSucceed(t, upgraded)
	if len(upgraded.Hashes) != 2 {
		t.Errorf("%d blocks after the upgrade", len(upgraded.Hashes))
	}
}

func TestNobodyElseMayScheduleAnUpgrade(t *testing.T) {
	plan := &upgradetypes.MsgSoftwareUpgrade{
		Authority: bech32(operator), Plan: upgradetypes.Plan{Name: "v-next", Height: 7},
	}
	r := run(t, play{Genesis: testGenesis(t), Blocks: blocksOf(nil, [][]byte{cosmosTx(t, operator, 0, 0, plan)})})
	if r.Codes[1][0] == 0 {
		t.Error("an account scheduled an upgrade")
	}
}

func TestNobodyElseMayChangeParameters(t *testing.T) {
	me, enc := bech32(operator), Encoding()
	changes := []sdk.Msg{
		&authtypes.MsgUpdateParams{Authority: me, Params: authtypes.DefaultParams()},
		&banktypes.MsgUpdateParams{Authority: me, Params: banktypes.DefaultParams()},
		&stakingtypes.MsgUpdateParams{Authority: me, Params: genesisOf[stakingtypes.GenesisState](enc, stakingGenesis{}).Params},
		&slashingtypes.MsgUpdateParams{Authority: me, Params: genesisOf[slashingtypes.GenesisState](enc, slashingGenesis{}).Params},
		&distrtypes.MsgUpdateParams{Authority: me, Params: genesisOf[distrtypes.GenesisState](enc, distributionGenesis{}).Params},
		&distrtypes.MsgCommunityPoolSpend{Authority: me, Recipient: me, Amount: coins(1)},
		&govv1.MsgUpdateParams{Authority: me, Params: *genesisOf[govv1.GenesisState](enc, governanceGenesis{}).Params},
		&consensustypes.MsgUpdateParams{
			Authority: me, Block: shaped().Block, Evidence: shaped().Evidence, Validator: shaped().Validator,
		},
		&feemarkettypes.MsgUpdateParams{Authority: me, Params: genesisOf[feemarkettypes.GenesisState](enc, feemarketGenesis{}).Params},
		&evmtypes.MsgUpdateParams{Authority: me, Params: genesisOf[evmtypes.GenesisState](enc, vmGenesis{}).Params},
		&transfertypes.MsgUpdateParams{Signer: me, Params: transfertypes.DefaultParams()},
		&clienttypes.MsgUpdateParams{Signer: me, Params: clienttypes.DefaultParams()},
		&connectiontypes.MsgUpdateParams{Signer: me, Params: connectiontypes.DefaultParams()},
		&upgradetypes.MsgCancelUpgrade{Authority: me},
	}
	txs := make([][]byte, len(changes))
	for i, change := range changes {
		txs[i] = cosmosTx(t, operator, 0, uint64(i), change)
	}
	r := run(t, play{Genesis: testGenesis(t), Blocks: blocksOf(nil, txs)})
	for i, change := range changes {
		if log := r.Logs[1][i]; r.Codes[1][i] == 0 || !strings.Contains(log, "authority") {
			t.Errorf("%T: code %d, %s", change, r.Codes[1][i], log)
		}
	}
}

// genesisOf is a module's part of what `zekod init` writes.
func genesisOf[T any, P interface {
	*T
	proto.Message
}](enc evmencoding.Config, module interface {
	DefaultGenesis(codec.JSONCodec) json.RawMessage
}) *T {
	var value T
	enc.Codec.MustUnmarshalJSON(module.DefaultGenesis(enc.Codec), P(&value))
	return &value
}

func shaped() *cmtproto.ConsensusParams {
	params := cmttypes.DefaultConsensusParams()
	ShapeConsensus(params)
	proto := params.ToProto()
	return &proto
}

func TestANodeWithAnotherEVMChainIDDoesNotStart(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("it started")
		}
	}()
	New(nil, nil, options{"evm.evm-chain-id": EVMChainID + 1})
}
