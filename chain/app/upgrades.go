package app

import (
	"context"
	"slices"

	storetypes "github.com/cosmos/cosmos-sdk/store/v2/types"
	"github.com/cosmos/cosmos-sdk/types/module"
	upgradetypes "github.com/cosmos/cosmos-sdk/x/upgrade/types"
)

// A release is what a binary does at the height at which a vote has scheduled
// it. A binary that does not know the scheduled name stops at that height, and
// one that knows it does not start before: `zekod` is exchanged while stopped.
type release struct {
	// name is what the vote must call it: the version that it leads to.
	name string
	// stores are the ones that modules new in this version need.
	stores storetypes.StoreUpgrades
}

// releases lists all that this binary can carry out; names are never reused.
// A module whose state changes shape registers a migration under its new
// version number, and that is all it takes here.
var releases = []release{}

// prepareUpgrades comes before the stores are loaded: at a release's own
// height they are loaded with the new ones.
func (a *App) prepareUpgrades() error {
	for _, u := range releases {
		a.upgrade.SetUpgradeHandler(u.name, a.migrate)
	}
	scheduled, err := a.upgrade.ReadUpgradeInfoFromDisk()
	if err != nil || a.upgrade.IsSkipHeight(scheduled.Height) {
		return err
	}
	if i := slices.IndexFunc(releases, func(u release) bool { return u.name == scheduled.Name }); i >= 0 {
		a.SetStoreLoader(upgradetypes.UpgradeStoreLoader(scheduled.Height, &releases[i].stores))
	}
	return nil
}

func (a *App) migrate(ctx context.Context, _ upgradetypes.Plan, from module.VersionMap) (module.VersionMap, error) {
	return a.manager.RunMigrations(ctx, a.configurator, from)
}
