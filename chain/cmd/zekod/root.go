package main

import (
	"os"

	dbm "github.com/cosmos/cosmos-db"
	evmclient "github.com/cosmos/evm/client"
	"github.com/cosmos/evm/crypto/hd"
	evmserver "github.com/cosmos/evm/server"
	"github.com/cosmos/ibc-go/v11/modules/apps/transfer"
	ibc "github.com/cosmos/ibc-go/v11/modules/core"
	"github.com/spf13/cobra"

	"cosmossdk.io/client/v2/autocli"
	"cosmossdk.io/core/appmodule"
	"cosmossdk.io/log/v2"

	"github.com/cosmos/cosmos-sdk/client"
	clientcfg "github.com/cosmos/cosmos-sdk/client/config"
	"github.com/cosmos/cosmos-sdk/client/flags"
	runtimeservices "github.com/cosmos/cosmos-sdk/runtime/services"
	sdkserver "github.com/cosmos/cosmos-sdk/server"
	servertypes "github.com/cosmos/cosmos-sdk/server/types"
	"github.com/cosmos/cosmos-sdk/x/auth"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	"github.com/cosmos/cosmos-sdk/x/bank"
	"github.com/cosmos/cosmos-sdk/x/distribution"
	genutilcli "github.com/cosmos/cosmos-sdk/x/genutil/client/cli"
	"github.com/cosmos/cosmos-sdk/x/gov"
	"github.com/cosmos/cosmos-sdk/x/slashing"
	"github.com/cosmos/cosmos-sdk/x/staking"
	"github.com/cosmos/cosmos-sdk/x/upgrade"

	"zeko/chain/app"
)

// rootCommand builds the command line of a node that lives in home.
func rootCommand(home string) (*cobra.Command, error) {
	enc := app.Encoding()
	ctx := client.Context{}.
		WithCodec(enc.Codec).
		WithInterfaceRegistry(enc.InterfaceRegistry).
		WithTxConfig(enc.TxConfig).
		WithLegacyAmino(enc.Amino).
		WithAccountRetriever(authtypes.AccountRetriever{}).
		WithKeyringOptions(hd.EthSecp256k1Option()).
		WithBroadcastMode(flags.BroadcastSync).
		WithInput(os.Stdin).
		WithHomeDir(home).
		WithViper("")

	root := &cobra.Command{
		Use:           app.Name,
		Short:         "The node of the zeko chain",
		SilenceErrors: true, // main prints them
		SilenceUsage:  true,
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error {
			cmd.SetOut(cmd.OutOrStdout()) // else answers go to stderr
			ctx := ctx.WithCmdContext(cmd.Context())
			ctx, err := client.ReadPersistentCommandFlags(ctx, cmd.Flags())
			if err != nil {
				return err
			}
			if ctx, err = clientcfg.ReadFromClientConfig(ctx); err != nil {
				return err
			}
			if err := client.SetCmdClientContextHandler(ctx, cmd); err != nil {
				return err
			}
			template, cfg := appConfig()
			return sdkserver.InterceptConfigsPreRunHandler(cmd, template, cfg, cometConfig())
		},
	}
	root.AddCommand(
		initCommand(home),
		genutilcli.Commands(enc.TxConfig, app.Basics, home), // genesis gentx, collect-gentxs, ...
		evmclient.KeyCommands(home, true),
		sdkserver.StatusCommand(),
	)
	// start, comet, export, rollback, version, index-eth-tx
	evmserver.AddCommands(root, evmserver.NewDefaultStartOptions(open, home), app.Export, func(*cobra.Command) {})
	export, _, err := root.Find([]string{"export"})
	if err != nil {
		return nil, err
	}
	export.Flags().Lookup(sdkserver.FlagJailAllowedAddrs).Usage = "Operators of the validators that go on, separated by commas; all others are jailed. None: all go on"
	return root, addModuleCommands(root, ctx)
}

func open(logger log.Logger, db dbm.DB, opts servertypes.AppOptions) evmserver.Application {
	return app.New(logger, db, opts)
}

// addModuleCommands adds `query` and `tx` for what validators do: stake,
// withdraw rewards, and send them out over IBC. The commands are made from the
// modules' descriptions alone, so the modules need no keepers here.
func addModuleCommands(root *cobra.Command, ctx client.Context) error {
	return autocli.AppOptions{
		Modules: map[string]appmodule.AppModule{
			"ibc":      ibc.NewAppModule(nil),
			"transfer": transfer.NewAppModule(nil),
		},
		ModuleOptions: runtimeservices.ExtractAutoCLIOptions(map[string]any{
			"auth":         auth.AppModule{},
			"bank":         bank.AppModule{},
			"staking":      staking.AppModule{},
			"slashing":     slashing.AppModule{},
			"distribution": distribution.AppModule{},
			"gov":          gov.AppModule{},
			"upgrade":      upgrade.AppModule{},
		}),
		AddressCodec:          app.Accounts(),
		ValidatorAddressCodec: app.Validators(),
		ConsensusAddressCodec: app.Consensus(),
		ClientCtx:             ctx,
	}.EnhanceRootCommand(root)
}
