package main

import (
	cmtconfig "github.com/cometbft/cometbft/config"
	evmconfig "github.com/cosmos/evm/server/config"

	serverconfig "github.com/cosmos/cosmos-sdk/server/config"

	"zeko/chain/app"
)

// cometConfig is what `zekod init` writes to config.toml.
func cometConfig() *cmtconfig.Config {
	cfg := cmtconfig.DefaultConfig()
	cfg.Mempool.Type = "app" // see app/mempool.go
	return cfg
}

// appConfig is what `zekod init` writes to app.toml, and the template of it.
func appConfig() (string, any) {
	cfg := evmconfig.DefaultConfig()
	cfg.MinGasPrices = "0" + app.Denom     // the chain has its own floor, in x/feemarket
	cfg.Mempool.MaxTxs = 0                 // on; the default, -1, is off
	cfg.StateSync.SnapshotInterval = 1_000 // from which a new node starts without replaying the chain
	cfg.StateSync.SnapshotKeepRecent = 2
	cfg.EVM.EVMChainID = app.EVMChainID
	cfg.JSONRPC.Enable = true
	cfg.JSONRPC.EnableIndexer = true
	cfg.JSONRPC.API = []string{"eth", "net", "web3", "txpool"}
	return serverconfig.DefaultConfigTemplate + evmconfig.DefaultEVMConfigTemplate, cfg
}
