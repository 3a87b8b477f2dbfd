package app

import (
	"encoding/json"
	"errors"
	"fmt"

	abci "github.com/cometbft/cometbft/abci/types"
	cmtproto "github.com/cometbft/cometbft/proto/tendermint/types"
	dbm "github.com/cosmos/cosmos-db"
	evmmempool "github.com/cosmos/evm/mempool"
	evmserver "github.com/cosmos/evm/server"
	srvflags "github.com/cosmos/evm/server/flags"
	evmrunner "github.com/cosmos/evm/x/vm/runner"
	"github.com/ethereum/go-ethereum/common"
	"github.com/spf13/cast"

	"cosmossdk.io/log/v2"

	"github.com/cosmos/cosmos-sdk/baseapp"
	"github.com/cosmos/cosmos-sdk/baseapp/txnrunner"
	"github.com/cosmos/cosmos-sdk/client"
	"github.com/cosmos/cosmos-sdk/client/flags"
	"github.com/cosmos/cosmos-sdk/client/grpc/cmtservice"
	nodeservice "github.com/cosmos/cosmos-sdk/client/grpc/node"
	"github.com/cosmos/cosmos-sdk/codec"
	codectypes "github.com/cosmos/cosmos-sdk/codec/types"
	sdkserver "github.com/cosmos/cosmos-sdk/server"
	"github.com/cosmos/cosmos-sdk/server/api"
	serverconfig "github.com/cosmos/cosmos-sdk/server/config"
	servertypes "github.com/cosmos/cosmos-sdk/server/types"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/types/module"
	"github.com/cosmos/cosmos-sdk/version"
	authtx "github.com/cosmos/cosmos-sdk/x/auth/tx"
)

// App is the state machine that CometBFT drives.
type App struct {
	*baseapp.BaseApp
	modules
	manager      *module.Manager
	configurator module.Configurator // holds the modules' migrations

	codec      codec.Codec
	amino      *codec.LegacyAmino
	interfaces codectypes.InterfaceRegistry
	txConfig   client.TxConfig

	mempool   *evmmempool.Mempool
	pendingTx []func(common.Hash)
}

var _ evmserver.Application = (*App)(nil)

// latest is the height to open for going on where the chain stopped.
const latest int64 = -1

// New opens the chain whose state is in db. It panics when it cannot, since
// neither of its callers, the server's commands, can go on without it.
//
// The library keeps the chain's configuration in globals, so a process opens
// one App.
func New(logger log.Logger, db dbm.DB, opts servertypes.AppOptions) *App {
	return openAt(latest, logger, db, opts)
}

func openAt(height int64, logger log.Logger, db dbm.DB, opts servertypes.AppOptions) *App {
	if configured := cast.ToUint64(opts.Get(srvflags.EVMChainID)); configured != EVMChainID {
		panic(fmt.Errorf("app.toml: evm-chain-id is %d, and this chain's is %d", configured, EVMChainID))
	}
	enc := Encoding()
	a := &App{
		BaseApp: baseapp.NewBaseApp(Name, logger, db, enc.TxConfig.TxDecoder(),
			sdkserver.DefaultBaseappOptions(opts)...),
		codec:      enc.Codec,
		amino:      enc.Amino,
		interfaces: enc.InterfaceRegistry,
		txConfig:   enc.TxConfig,
	}
	a.SetVersion(version.Version)
	a.SetInterfaceRegistry(a.interfaces)
	a.SetTxEncoder(a.txConfig.TxEncoder())

	skipUpgrades := map[int64]bool{}
	for _, height := range cast.ToIntSlice(opts.Get(sdkserver.FlagUnsafeSkipUpgrades)) {
		skipUpgrades[int64(height)] = true
	}
	a.openModules(cast.ToString(opts.Get(flags.FlagHome)), skipUpgrades, cast.ToString(opts.Get(srvflags.EVMTracer)))
	evm, err := a.manageModules()
	must(err)

	a.SetInitChainer(a.initChain)
	a.SetPreBlocker(func(ctx sdk.Context, _ *abci.RequestFinalizeBlock) (*sdk.ResponsePreBlock, error) {
		return a.manager.PreBlock(ctx)
	})
	a.SetBeginBlocker(a.manager.BeginBlock)
	a.SetEndBlocker(a.manager.EndBlock)
	must(a.setAnte(cast.ToUint64(opts.Get(srvflags.EVMMaxTxGasWanted))))
	must(a.setMempool(opts))

	// Transactions run one after another. The wrapper then numbers their logs
	// through the block, which no transaction can do for itself.
	evmrunner.SetRunner(a.BaseApp, txnrunner.NewDefaultRunner(a.txConfig.TxDecoder()))

	must(a.prepareUpgrades())
	if height == latest {
		must(a.LoadLatestVersion())
	} else {
		must(a.LoadVersion(height))
	}
	// The EVM keeps the coin's name and decimals in a global.
	evm.HydrateGlobals(a.NewContextLegacy(true, cmtproto.Header{Height: a.LastBlockHeight(), ChainID: a.ChainID()}))
	return a
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

func (a *App) initChain(ctx sdk.Context, req *abci.RequestInitChain) (*abci.ResponseInitChain, error) {
	var genesis map[string]json.RawMessage
	if err := json.Unmarshal(req.AppStateBytes, &genesis); err != nil {
		return nil, fmt.Errorf("genesis: %w", err)
	}
	if err := a.upgrade.SetModuleVersionMap(ctx, a.manager.GetVersionMap()); err != nil {
		return nil, err
	}
	return a.manager.InitGenesis(ctx, a.codec, genesis)
}

// Close stops the mempool's background work, then closes the stores.
func (a *App) Close() error {
	return errors.Join(a.mempool.Close(), a.BaseApp.Close())
}

// The methods below open the app to queries over gRPC and REST.

func (a *App) RegisterAPIRoutes(srv *api.Server, _ serverconfig.APIConfig) {
	authtx.RegisterGRPCGatewayRoutes(srv.ClientCtx, srv.GRPCGatewayRouter)
	cmtservice.RegisterGRPCGatewayRoutes(srv.ClientCtx, srv.GRPCGatewayRouter)
	nodeservice.RegisterGRPCGatewayRoutes(srv.ClientCtx, srv.GRPCGatewayRouter)
	Basics.RegisterGRPCGatewayRoutes(srv.ClientCtx, srv.GRPCGatewayRouter)
}

func (a *App) RegisterTxService(ctx client.Context) {
	authtx.RegisterTxService(a.GRPCQueryRouter(), ctx, a.Simulate, a.interfaces)
}

func (a *App) RegisterTendermintService(ctx client.Context) {
	cmtservice.RegisterTendermintService(ctx, a.GRPCQueryRouter(), a.interfaces, a.Query)
}

func (a *App) RegisterNodeService(ctx client.Context, cfg serverconfig.Config) {
	nodeservice.RegisterNodeService(ctx, a.GRPCQueryRouter(), cfg, func() int64 {
		return a.CommitMultiStore().EarliestVersion()
	})
}
