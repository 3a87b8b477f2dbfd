package app

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	dbm "github.com/cosmos/cosmos-db"

	"cosmossdk.io/log/v2"

	servertypes "github.com/cosmos/cosmos-sdk/server/types"
	storetypes "github.com/cosmos/cosmos-sdk/store/v2/types"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/x/staking"
)

// Export writes the state at a height (-1 for the latest) as the application's
// part of a genesis file, from which a chain goes on at the next height: with
// the same validators, or, where any are named, with those of them alone.
//
// It does not turn the state into one for height zero: that would pay out
// rewards and restart unbonding, and a chain that is to go on needs neither.
func Export(logger log.Logger, db dbm.DB, height int64, forZeroHeight bool, operators []string,
	opts servertypes.AppOptions, modules []string,
) (servertypes.ExportedApp, error) {
	if forZeroHeight {
		return servertypes.ExportedApp{}, errors.New("--for-zero-height is not supported: the exported chain goes on at the next height")
	}
	a := openAt(height, logger, db, opts)
	return a.export(operators, modules)
}

func (a *App) export(operators, modules []string) (servertypes.ExportedApp, error) {
	height := a.LastBlockHeight()
	ctx, err := a.CreateQueryContext(height, false) // a branch that nothing is written back from
	if err != nil {
		return servertypes.ExportedApp{}, err
	}
	ctx = ctx.WithChainID(a.ChainID()).WithGasMeter(storetypes.NewInfiniteGasMeter())
	if len(operators) > 0 {
		if err := a.goOnWith(ctx, operators); err != nil {
			return servertypes.ExportedApp{}, err
		}
	}
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

// goOnWith jails every bonded validator but those of these operators, as a
// chain that stands still for want of them can no longer do by itself. Nobody
// loses stake by it; who comes back sends `unjail`.
func (a *App) goOnWith(ctx sdk.Context, operators []string) error {
	bonded, err := a.staking.GetBondedValidatorsByPower(ctx)
	if err != nil {
		return err
	}
	staying := make([]string, len(operators))
	for i, operator := range operators {
		address, err := Validators().StringToBytes(operator)
		if err != nil {
			return fmt.Errorf("%s: %w", operator, err)
		}
		staying[i] = sdk.ValAddress(address).String()
	}
	for _, validator := range bonded {
		if i := slices.Index(staying, validator.GetOperator()); i >= 0 {
			staying = slices.Delete(staying, i, i+1)
			continue
		}
		key, err := validator.GetConsAddr()
		if err != nil {
			return err
		}
		if err := a.staking.Jail(ctx, key); err != nil {
			return err
		}
	}
	if len(staying) > 0 { // also when it was named twice
		return fmt.Errorf("no bonded validator of another name: %v", staying)
	}
	_, err = a.staking.ApplyAndReturnValidatorSetUpdates(ctx)
	return err
}
