package app

import (
	"encoding/json"
	"testing"
	"time"

	abci "github.com/cometbft/cometbft/abci/types"
	cmted25519 "github.com/cometbft/cometbft/crypto/ed25519"
	cmtproto "github.com/cometbft/cometbft/proto/tendermint/types"
	cmttypes "github.com/cometbft/cometbft/types"
	dbm "github.com/cosmos/cosmos-db"
	"github.com/cosmos/evm/crypto/ethsecp256k1"
	feemarkettypes "github.com/cosmos/evm/x/feemarket/types"
	evmtypes "github.com/cosmos/evm/x/vm/types"
	transfertypes "github.com/cosmos/ibc-go/v11/modules/apps/transfer/types"
	clienttypes "github.com/cosmos/ibc-go/v11/modules/core/02-client/types"
	channeltypes "github.com/cosmos/ibc-go/v11/modules/core/04-channel/types"
	ibckeeper "github.com/cosmos/ibc-go/v11/modules/core/keeper"
	ibctesting "github.com/cosmos/ibc-go/v11/testing"
	corevm "github.com/ethereum/go-ethereum/core/vm"

	"cosmossdk.io/log/v2"
	"cosmossdk.io/math"

	"github.com/cosmos/cosmos-sdk/baseapp"
	"github.com/cosmos/cosmos-sdk/client"
	"github.com/cosmos/cosmos-sdk/client/flags"
	"github.com/cosmos/cosmos-sdk/codec"
	sdk "github.com/cosmos/cosmos-sdk/types"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
)

// ibcApp is what ibc-go's testing package wants to see of an app.
type ibcApp struct{ *App }

func (a ibcApp) GetBaseApp() *baseapp.BaseApp    { return a.BaseApp }
func (a ibcApp) GetIBCKeeper() *ibckeeper.Keeper { return a.ibc }
func (a ibcApp) GetTxConfig() client.TxConfig    { return a.txConfig }
func (a ibcApp) AppCodec() codec.Codec           { return a.codec }

// freeGenesis takes no fees: the testing package's relayer offers none.
func freeGenesis(t *testing.T) json.RawMessage {
	t.Helper()
	var all map[string]json.RawMessage
	check(t, json.Unmarshal(testGenesis(t), &all))
	var market feemarkettypes.GenesisState
	codec := Encoding().Codec
	codec.MustUnmarshalJSON(all[feemarkettypes.ModuleName], &market)
	market.Params.NoBaseFee, market.Params.MinGasPrice = true, math.LegacyZeroDec()
	all[feemarkettypes.ModuleName] = codec.MustMarshalJSON(&market)
	text, err := json.Marshal(all)
	check(t, err)
	return text
}

// ibcChain is a chain of one validator, whose operator relays.
func ibcChain(t *testing.T, coordinator *ibctesting.Coordinator, id string) *ibctesting.TestChain {
	t.Helper()
	// The library keeps one chain's configuration in globals. It takes a second
	// one only in place of the default's, and extends the opcodes only once.
	if config := evmtypes.GetChainConfig(); config != nil {
		config.ChainId = evmtypes.DefaultEVMChainID
	}
	for number := range evmtypes.DefaultCosmosEVMActivators {
		if corevm.ValidEip(number) {
			delete(evmtypes.DefaultCosmosEVMActivators, number)
		}
	}
	opts := testOptions(t.TempDir())
	opts[flags.FlagChainID] = id
	a := New(log.NewNopLogger(), dbm.NewMemDB(), opts)
	t.Cleanup(func() { check(t, a.Close()) })
	params := cmttypes.DefaultConsensusParams()
	ShapeConsensus(params)
	proto := params.ToProto()
	_, err := a.InitChain(&abci.RequestInitChain{
		ChainId: id, Time: coordinator.CurrentTime, InitialHeight: 1, ConsensusParams: &proto, AppStateBytes: freeGenesis(t),
	})
	check(t, err)

	key := cmttypes.NewMockPVWithParams(cmted25519.PrivKey(validatorKey.Bytes()), false, false)
	validator := cmttypes.NewValidator(cmted25519.PubKey(validatorKey.PubKey().Bytes()), stakedCoins)
	set := cmttypes.NewValidatorSet([]*cmttypes.Validator{validator})
	relayer := authtypes.NewBaseAccount(operator.PubKey().Address().Bytes(), operator.PubKey(), 0, 0)
	sender := authtypes.NewBaseAccount(user.PubKey().Address().Bytes(), user.PubKey(), 1, 0)
	chain := &ibctesting.TestChain{
		TB: t, Coordinator: coordinator, App: ibcApp{a}, ChainID: id, TxConfig: a.txConfig, Codec: a.codec,
		ProposedHeader: cmtproto.Header{
			ChainID: id, Height: 1, Time: coordinator.CurrentTime, ProposerAddress: validator.Address,
			ValidatorsHash: set.Hash(), NextValidatorsHash: set.Hash(),
		},
		Vals: set, NextVals: set,
		Signers:           map[string]cmttypes.PrivValidator{validator.Address.String(): key},
		TrustedValidators: map[uint64]*cmttypes.ValidatorSet{},
		SenderPrivKey:     operator, SenderAccount: relayer,
		SenderAccounts: []ibctesting.SenderAccount{
			{SenderPrivKey: operator, SenderAccount: relayer}, {SenderPrivKey: user, SenderAccount: sender},
		},
	}
	coordinator.Chains[id] = chain
	chain.NextBlock()
	return chain
}

// bridge is two of our chains with an open transfer channel between them.
func bridge(t *testing.T) *ibctesting.Path {
	t.Helper()
	coordinator := &ibctesting.Coordinator{T: t, CurrentTime: genesisTime, Chains: map[string]*ibctesting.TestChain{}}
	a, b := ibcChain(t, coordinator, "zeko-a-1"), ibcChain(t, coordinator, "zeko-b-1")
	path := ibctesting.NewTransferPath(a, b)
	path.Setup()
	return path
}

func balanceIn(chain *ibctesting.TestChain, key *ethsecp256k1.PrivKey, denom string) math.Int {
	return chain.App.(ibcApp).bank.GetBalance(chain.GetContext(), key.PubKey().Address().Bytes(), denom).Amount
}

// lockedIn is what is held on a chain for its coins that are elsewhere.
func lockedIn(endpoint *ibctesting.Endpoint) math.Int {
	escrow := transfertypes.GetEscrowAddress(endpoint.ChannelConfig.PortID, endpoint.ChannelID)
	return endpoint.Chain.App.(ibcApp).bank.GetBalance(endpoint.Chain.GetContext(), escrow, Denom).Amount
}

// sendOver is a transfer by the user of one chain to the user of the other.
func sendOver(t *testing.T, from *ibctesting.Endpoint, coin sdk.Coin, height clienttypes.Height, until uint64) channeltypes.Packet {
	t.Helper()
	message := transfertypes.NewMsgTransfer(
		from.ChannelConfig.PortID, from.ChannelID, coin, bech32(user), bech32(user), height, until, "",
	)
	result, err := from.Chain.SendMsgsWithSender(from.Chain.SenderAccounts[1], message)
	check(t, err)
	packet, err := ibctesting.ParseV1PacketFromEvents(result.Events)
	check(t, err)
	return packet
}

func wantAmount(t *testing.T, what string, got math.Int, want math.Int) {
	t.Helper()
	if !got.Equal(want) {
		t.Errorf("%s: %s, want %s", what, got, want)
	}
}

func TestCoinsGoToAnotherChainAndBack(t *testing.T) {
	path := bridge(t)
	a, b := path.EndpointA, path.EndpointB
	start := balanceIn(a.Chain, user, Denom)
	five, two := coins(5)[0], coins(2)[0].Amount
	noHeight := clienttypes.ZeroHeight()

	check(t, path.RelayPacket(sendOver(t, a, five, noHeight, a.Chain.GetTimeoutTimestamp())))
	voucher := transfertypes.NewDenom(Denom, transfertypes.NewHop(b.ChannelConfig.PortID, b.ChannelID)).IBCDenom()
	wantAmount(t, "vouchers over there", balanceIn(b.Chain, user, voucher), five.Amount)
	wantAmount(t, "coins held here", lockedIn(a), five.Amount)
	wantAmount(t, "left here", balanceIn(a.Chain, user, Denom), start.Sub(five.Amount))
	wantAmount(t, "their own coins", balanceIn(b.Chain, user, Denom), start)

	check(t, path.RelayPacket(sendOver(t, b, sdk.NewCoin(voucher, two), noHeight, b.Chain.GetTimeoutTimestamp())))
	wantAmount(t, "vouchers left", balanceIn(b.Chain, user, voucher), five.Amount.Sub(two))
	wantAmount(t, "coins still held", lockedIn(a), five.Amount.Sub(two))
	wantAmount(t, "here after the return", balanceIn(a.Chain, user, Denom), start.Sub(five.Amount).Add(two))
}

func TestWhatComesTooLateIsRefunded(t *testing.T) {
	path := bridge(t)
	a, b := path.EndpointA, path.EndpointB
	start := balanceIn(a.Chain, user, Denom)
	until := uint64(a.Chain.Coordinator.CurrentTime.Add(time.Minute).UnixNano())
	packet := sendOver(t, a, coins(3)[0], clienttypes.ZeroHeight(), until)
	wantAmount(t, "held", lockedIn(a), coins(3)[0].Amount)

	if err := a.TimeoutPacket(packet); err == nil {
		t.Error("refunded before the time was up")
	}
	a.Chain.Coordinator.IncrementTimeBy(2 * time.Minute)
	b.Chain.NextBlock()
	check(t, a.UpdateClient())
	check(t, a.TimeoutPacket(packet))
	wantAmount(t, "refunded", balanceIn(a.Chain, user, Denom), start)
	wantAmount(t, "held after the refund", lockedIn(a), math.ZeroInt())
	check(t, b.UpdateClient())
	if err := b.RecvPacket(packet); err == nil {
		t.Error("taken over there after the refund")
	}
}
