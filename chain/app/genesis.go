package app

import (
	"encoding/json"
	"time"

	cmttypes "github.com/cometbft/cometbft/types"
	"github.com/cosmos/evm/x/feemarket"
	feemarkettypes "github.com/cosmos/evm/x/feemarket/types"
	"github.com/cosmos/evm/x/vm"
	evmtypes "github.com/cosmos/evm/x/vm/types"
	"github.com/cosmos/ibc-go/v11/modules/apps/transfer"
	ibc "github.com/cosmos/ibc-go/v11/modules/core"
	ibctm "github.com/cosmos/ibc-go/v11/modules/light-clients/07-tendermint"

	"cosmossdk.io/math"

	"github.com/cosmos/cosmos-sdk/codec"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/types/module"
	"github.com/cosmos/cosmos-sdk/x/auth"
	"github.com/cosmos/cosmos-sdk/x/bank"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"
	consensusparams "github.com/cosmos/cosmos-sdk/x/consensus"
	"github.com/cosmos/cosmos-sdk/x/distribution"
	distrtypes "github.com/cosmos/cosmos-sdk/x/distribution/types"
	"github.com/cosmos/cosmos-sdk/x/evidence"
	"github.com/cosmos/cosmos-sdk/x/genutil"
	genutiltypes "github.com/cosmos/cosmos-sdk/x/genutil/types"
	"github.com/cosmos/cosmos-sdk/x/gov"
	govv1 "github.com/cosmos/cosmos-sdk/x/gov/types/v1"
	"github.com/cosmos/cosmos-sdk/x/slashing"
	slashingtypes "github.com/cosmos/cosmos-sdk/x/slashing/types"
	"github.com/cosmos/cosmos-sdk/x/staking"
	stakingtypes "github.com/cosmos/cosmos-sdk/x/staking/types"
	"github.com/cosmos/cosmos-sdk/x/upgrade"
)

// Basics is what can be known of the modules without a running chain: their
// types and their default genesis. `zekod init` and `zekod genesis` need no
// more, so the command line never builds an app merely to ask it.
var Basics = module.NewBasicManager(
	auth.AppModuleBasic{},
	bankGenesis{},
	stakingGenesis{},
	slashingGenesis{},
	evidence.AppModuleBasic{},
	distributionGenesis{},
	governanceGenesis{gov.NewAppModuleBasic(nil)},
	consensusparams.AppModuleBasic{},
	upgrade.AppModuleBasic{},
	genutil.NewAppModuleBasic(genutiltypes.DefaultMessageValidator),
	ibc.AppModuleBasic{},
	ibctm.AppModuleBasic{},
	transfer.AppModuleBasic{},
	feemarketGenesis{},
	vmGenesis{},
)

// The types below change the default genesis of a module and nothing else.
type (
	bankGenesis         struct{ bank.AppModuleBasic }
	stakingGenesis      struct{ staking.AppModuleBasic }
	slashingGenesis     struct{ slashing.AppModuleBasic }
	distributionGenesis struct{ distribution.AppModuleBasic }
	governanceGenesis   struct{ gov.AppModuleBasic }
	feemarketGenesis    struct{ feemarket.AppModuleBasic }
	vmGenesis           struct{ vm.AppModuleBasic }
)

const (
	day = 24 * time.Hour
	// unbonding is how long stake stays liable after it is withdrawn. Evidence
	// of a double signature is taken for as long, and an IBC client that trusts
	// this chain must be refreshed more often.
	unbonding = 21 * day
	// maxValidators is as many as one certificate on Mina can hold.
	maxValidators = 64
	// BlockGasLimit fits 24 chunks of 96 KiB: a transaction is counted with its
	// gas limit, which must cover the floor price of its calldata (EIP-7623).
	BlockGasLimit int64 = 100_000_000
)

// ShapeConsensus sets what CometBFT's defaults leave open or too short: without
// a block gas limit the base fee decays to nothing, and evidence that expires
// before stake is released would let a double signer get away.
func ShapeConsensus(params *cmttypes.ConsensusParams) {
	params.Block.MaxGas = BlockGasLimit
	params.Evidence.MaxAgeDuration = unbonding
	params.Evidence.MaxAgeNumBlocks = int64(unbonding / time.Second) // blocks of one second
}

// coins is a whole number of coins in the smallest unit.
func coins(amount int64) sdk.Coins {
	return sdk.NewCoins(sdk.NewCoin(Denom, math.NewIntWithDecimal(amount, 18)))
}

// DefaultGenesis bonds the native coin.
func (stakingGenesis) DefaultGenesis(cdc codec.JSONCodec) json.RawMessage {
	state := stakingtypes.DefaultGenesisState()
	state.Params.BondDenom = Denom
	state.Params.UnbondingTime = unbonding
	state.Params.MaxValidators = maxValidators
	return cdc.MustMarshalJSON(state)
}

// DefaultGenesis forgives a validator an outage of most of an hour, and little
// of its stake is lost then; a double signature costs a twentieth, and the
// validator never comes back under that key.
func (slashingGenesis) DefaultGenesis(cdc codec.JSONCodec) json.RawMessage {
	state := slashingtypes.DefaultGenesisState()
	state.Params.SignedBlocksWindow = 3_600
	state.Params.MinSignedPerWindow = math.LegacyNewDecWithPrec(5, 2)
	state.Params.DowntimeJailDuration = 10 * time.Minute
	state.Params.SlashFractionDowntime = math.LegacyNewDecWithPrec(1, 4)
	state.Params.SlashFractionDoubleSign = math.LegacyNewDecWithPrec(5, 2)
	return cdc.MustMarshalJSON(state)
}

// DefaultGenesis leaves all fees to validators and delegators: no community tax.
func (distributionGenesis) DefaultGenesis(cdc codec.JSONCodec) json.RawMessage {
	state := distrtypes.DefaultGenesisState()
	state.Params.CommunityTax = math.LegacyZeroDec()
	return cdc.MustMarshalJSON(state)
}

// DefaultGenesis asks of a vote what consensus asks of a block: two thirds.
// Half of the bonded stake has to take part. Three days of voting are the
// notice that an operator has; the urgent way takes a day and four fifths.
// A third, which could stop the chain anyway, can veto.
func (governanceGenesis) DefaultGenesis(cdc codec.JSONCodec) json.RawMessage {
	state := govv1.DefaultGenesisState()
	p := state.Params
	p.MinDeposit, p.ExpeditedMinDeposit = coins(100), coins(500)
	p.MinInitialDepositRatio = "0.25"
	p.MaxDepositPeriod, p.VotingPeriod, p.ExpeditedVotingPeriod = ptr(3*day), ptr(3*day), ptr(day)
	p.Quorum, p.Threshold, p.ExpeditedThreshold, p.VetoThreshold = "0.5", "0.667", "0.8", "0.334"
	return cdc.MustMarshalJSON(state)
}

func ptr[T any](value T) *T { return &value }

// DefaultGenesis describes the native coin: x/vm reads its decimals from here
// at genesis, and will not start without them.
func (bankGenesis) DefaultGenesis(cdc codec.JSONCodec) json.RawMessage {
	state := banktypes.DefaultGenesisState()
	state.DenomMetadata = []banktypes.Metadata{{
		Description: "The native coin of the chain.",
		Base:        Denom,
		Display:     DisplayDenom,
		Name:        "Zeko",
		Symbol:      "ZEKO",
		DenomUnits: []*banktypes.DenomUnit{
			{Denom: Denom, Exponent: 0},
			{Denom: DisplayDenom, Exponent: 18},
		},
	}}
	return cdc.MustMarshalJSON(state)
}

// DefaultGenesis gives gas a floor price, and bills the gas that was used, as
// Ethereum does; the library would bill at least half of the gas limit.
func (feemarketGenesis) DefaultGenesis(cdc codec.JSONCodec) json.RawMessage {
	state := feemarkettypes.DefaultGenesisState()
	state.Params.MinGasPrice = math.LegacyNewDec(1_000_000)
	state.Params.MinGasMultiplier = math.LegacyZeroDec()
	return cdc.MustMarshalJSON(state)
}

// DefaultGenesis deploys the contracts that tools expect everywhere (Create2,
// Multicall3, EIP-2935, ...). No precompile of the library is switched on.
func (vmGenesis) DefaultGenesis(cdc codec.JSONCodec) json.RawMessage {
	state := evmtypes.DefaultGenesisState()
	state.Params.ExtraEIPs = []int64{blobBaseFeeIsZero}
	state.Preinstalls = evmtypes.DefaultPreinstalls
	return cdc.MustMarshalJSON(state)
}
