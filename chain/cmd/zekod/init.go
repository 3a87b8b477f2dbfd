package main

import (
	"time"

	cmtconfig "github.com/cometbft/cometbft/config"
	"github.com/spf13/cobra"

	sdkserver "github.com/cosmos/cosmos-sdk/server"
	genutilcli "github.com/cosmos/cosmos-sdk/x/genutil/client/cli"
	genutiltypes "github.com/cosmos/cosmos-sdk/x/genutil/types"

	"zeko/chain/app"
)

// blockTime is what a node waits after a block before it proposes the next.
const blockTime = time.Second

// initCommand is the SDK's `init`, followed by what it gets wrong for us: it
// writes five seconds between blocks over any other setting, and CometBFT's own
// consensus parameters into the genesis file.
func initCommand(home string) *cobra.Command {
	command := genutilcli.InitCmd(app.Basics, home)
	write := command.RunE
	command.RunE = func(cmd *cobra.Command, args []string) error {
		if err := write(cmd, args); err != nil {
			return err
		}
		config := sdkserver.GetServerContextFromCmd(cmd).Config
		config.Consensus.TimeoutCommit = blockTime
		cmtconfig.WriteConfigFile(config.RootDir+"/config/config.toml", config)

		genesis, err := genutiltypes.AppGenesisFromFile(config.GenesisFile())
		if err != nil {
			return err
		}
		app.ShapeConsensus(genesis.Consensus.Params)
		return genesis.SaveAs(config.GenesisFile())
	}
	return command
}
