package app

import (
	"encoding/json"
	"errors"

	cmtproto "github.com/cometbft/cometbft/proto/tendermint/types"
	dbm "github.com/cosmos/cosmos-db"

	"cosmossdk.io/log/v2"

	servertypes "github.com/cosmos/cosmos-sdk/server/types"
	"github.com/cosmos/cosmos-sdk/x/staking"
)

// Export writes the state at a height (-1 for the latest) as the application's
// part of a genesis file, from which a chain goes on at the next height.
//
// It does not turn the state into one for height zero: that would pay out
// rewards and restart unbonding, and a chain that is to go on needs neither.
func Export(logger log.Logger, db dbm.DB, height int64, forZeroHeight bool, _ []string,
	opts servertypes.AppOptions, modules []string,
) (servertypes.ExportedApp, error) {
	if forZeroHeight {
		return servertypes.ExportedApp{}, errors.New("--for-zero-height is not supported: the exported chain goes on at the next height")
	}
	a := openAt(height, logger, db, opts)
	return a.export(modules)
}

func (a *App) export(modules []string) (servertypes.ExportedApp, error) {
	height := a.LastBlockHeight()
	ctx := a.NewContextLegacy(true, cmtproto.Header{Height: height, ChainID: a.ChainID()})
	genesis, err := a.manager.ExportGenesisForModules(ctx, a.codec, modules)
	if err != nil {
		return servertypes.ExportedApp{}, err
	}
	state, err := json.MarshalIndent(genesis, "", "  ")
	if err != nil {
		return servertypes.ExportedApp{}, err
	}
	validators, err := staking.WriteValidators(ctx, a.staking)
	return servertypes.ExportedApp{
		AppState:        state,
		Validators:      validators,
		Height:          height + 1,
		ConsensusParams: a.GetConsensusParams(ctx),
	}, err
}
