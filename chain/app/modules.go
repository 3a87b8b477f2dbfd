package app

import (
	"maps"
	"slices"

	precompiletypes "github.com/cosmos/evm/precompiles/types"
	"github.com/cosmos/evm/x/feemarket"
	feemarketkeeper "github.com/cosmos/evm/x/feemarket/keeper"
	feemarkettypes "github.com/cosmos/evm/x/feemarket/types"
	"github.com/cosmos/evm/x/vm"
	evmkeeper "github.com/cosmos/evm/x/vm/keeper"
	evmtypes "github.com/cosmos/evm/x/vm/types"
	"github.com/cosmos/ibc-go/v11/modules/apps/transfer"
	transferkeeper "github.com/cosmos/ibc-go/v11/modules/apps/transfer/keeper"
	transfertypes "github.com/cosmos/ibc-go/v11/modules/apps/transfer/types"
	transferv2 "github.com/cosmos/ibc-go/v11/modules/apps/transfer/v2"
	ibc "github.com/cosmos/ibc-go/v11/modules/core"
	porttypes "github.com/cosmos/ibc-go/v11/modules/core/05-port/types"
	ibcapi "github.com/cosmos/ibc-go/v11/modules/core/api"
	ibcexported "github.com/cosmos/ibc-go/v11/modules/core/exported"
	ibckeeper "github.com/cosmos/ibc-go/v11/modules/core/keeper"
	ibctm "github.com/cosmos/ibc-go/v11/modules/light-clients/07-tendermint"
	corevm "github.com/ethereum/go-ethereum/core/vm"

	"cosmossdk.io/core/store"

	"github.com/cosmos/cosmos-sdk/runtime"
	storetypes "github.com/cosmos/cosmos-sdk/store/v2/types"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/types/module"
	"github.com/cosmos/cosmos-sdk/x/auth"
	authkeeper "github.com/cosmos/cosmos-sdk/x/auth/keeper"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	"github.com/cosmos/cosmos-sdk/x/bank"
	bankkeeper "github.com/cosmos/cosmos-sdk/x/bank/keeper"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"
	consensusparams "github.com/cosmos/cosmos-sdk/x/consensus"
	consensuskeeper "github.com/cosmos/cosmos-sdk/x/consensus/keeper"
	consensustypes "github.com/cosmos/cosmos-sdk/x/consensus/types"
	"github.com/cosmos/cosmos-sdk/x/distribution"
	distrkeeper "github.com/cosmos/cosmos-sdk/x/distribution/keeper"
	distrtypes "github.com/cosmos/cosmos-sdk/x/distribution/types"
	"github.com/cosmos/cosmos-sdk/x/evidence"
	evidencekeeper "github.com/cosmos/cosmos-sdk/x/evidence/keeper"
	evidencetypes "github.com/cosmos/cosmos-sdk/x/evidence/types"
	"github.com/cosmos/cosmos-sdk/x/genutil"
	genutiltypes "github.com/cosmos/cosmos-sdk/x/genutil/types"
	"github.com/cosmos/cosmos-sdk/x/gov"
	govkeeper "github.com/cosmos/cosmos-sdk/x/gov/keeper"
	govtypes "github.com/cosmos/cosmos-sdk/x/gov/types"
	govv1beta1 "github.com/cosmos/cosmos-sdk/x/gov/types/v1beta1"
	"github.com/cosmos/cosmos-sdk/x/slashing"
	slashingkeeper "github.com/cosmos/cosmos-sdk/x/slashing/keeper"
	slashingtypes "github.com/cosmos/cosmos-sdk/x/slashing/types"
	"github.com/cosmos/cosmos-sdk/x/staking"
	stakingkeeper "github.com/cosmos/cosmos-sdk/x/staking/keeper"
	stakingtypes "github.com/cosmos/cosmos-sdk/x/staking/types"
	"github.com/cosmos/cosmos-sdk/x/upgrade"
	upgradekeeper "github.com/cosmos/cosmos-sdk/x/upgrade/keeper"
	upgradetypes "github.com/cosmos/cosmos-sdk/x/upgrade/types"
)

// modules are the keepers: each owns one part of the state.
type modules struct {
	auth         authkeeper.AccountKeeper
	bank         bankkeeper.BaseKeeper
	staking      *stakingkeeper.Keeper
	slashing     slashingkeeper.Keeper
	evidence     *evidencekeeper.Keeper
	distribution distrkeeper.Keeper
	gov          *govkeeper.Keeper
	consensus    consensuskeeper.Keeper
	upgrade      *upgradekeeper.Keeper
	ibc          *ibckeeper.Keeper
	transfer     *transferkeeper.Keeper
	feemarket    feemarketkeeper.Keeper
	evm          *evmkeeper.Keeper
}

// moduleAccounts hold coins for a module, and say what it may do with coins.
// The EVM mints and burns because an EVM transfer is a burn and a mint.
var moduleAccounts = map[string][]string{
	authtypes.FeeCollectorName:     nil,
	distrtypes.ModuleName:          nil,
	stakingtypes.BondedPoolName:    {authtypes.Burner, authtypes.Staking},
	stakingtypes.NotBondedPoolName: {authtypes.Burner, authtypes.Staking},
	govtypes.ModuleName:            {authtypes.Burner},
	transfertypes.ModuleName:       {authtypes.Minter, authtypes.Burner},
	feemarkettypes.ModuleName:      nil,
	evmtypes.ModuleName:            {authtypes.Minter, authtypes.Burner},
}

// blocked are addresses that must not be sent coins: nobody could spend them.
func blocked() map[string]bool {
	addrs := map[string]bool{}
	for name := range moduleAccounts {
		addrs[authtypes.NewModuleAddress(name).String()] = name != govtypes.ModuleName // what it gets, a vote can spend
	}
	for _, p := range corevm.PrecompiledAddressesPrague {
		addrs[sdk.AccAddress(p.Bytes()).String()] = true
	}
	return addrs
}

// openModules mounts the stores and builds the keepers on them, each after the
// keepers that it calls.
func (a *App) openModules(home string, skipUpgrades map[int64]bool, tracer string) {
	keys := storetypes.NewKVStoreKeys(
		authtypes.StoreKey, banktypes.StoreKey, stakingtypes.StoreKey, slashingtypes.StoreKey,
		evidencetypes.StoreKey, distrtypes.StoreKey, govtypes.StoreKey, consensustypes.StoreKey, upgradetypes.StoreKey,
		ibcexported.StoreKey, transfertypes.StoreKey,
		feemarkettypes.StoreKey, evmtypes.StoreKey,
	)
	scratch := storetypes.NewObjectStoreKeys(banktypes.ObjectStoreKey, evmtypes.ObjectKey) // emptied at every block
	a.MountKVStores(keys)
	a.MountObjectStores(scratch)

	kv := func(name string) store.KVStoreService { return runtime.NewKVStoreService(keys[name]) }
	authority := Authority.String()

	a.consensus = consensuskeeper.NewKeeper(a.codec, kv(consensustypes.StoreKey), authority, runtime.EventService{})
	a.SetParamStore(a.consensus.ParamsStore)

	a.auth = authkeeper.NewAccountKeeper(a.codec, kv(authtypes.StoreKey), authtypes.ProtoBaseAccount,
		moduleAccounts, Accounts(), Bech32Prefix, authority)
	a.bank = bankkeeper.NewBaseKeeper(a.codec, kv(banktypes.StoreKey), a.auth, blocked(), authority, a.Logger()).
		WithObjStoreKey(scratch[banktypes.ObjectStoreKey])

	a.staking = stakingkeeper.NewKeeper(a.codec, kv(stakingtypes.StoreKey), a.auth, a.bank, authority,
		Validators(), Consensus())
	a.distribution = distrkeeper.NewKeeper(a.codec, kv(distrtypes.StoreKey), a.auth, a.bank, a.staking,
		authtypes.FeeCollectorName, authority)
	a.slashing = slashingkeeper.NewKeeper(a.codec, a.amino, kv(slashingtypes.StoreKey), a.staking, authority)
	a.staking.SetHooks(stakingtypes.NewMultiStakingHooks(a.distribution.Hooks(), a.slashing.Hooks()))

	a.evidence = evidencekeeper.NewKeeper(a.codec, kv(evidencetypes.StoreKey), a.staking, a.slashing, Accounts(),
		runtime.ProvideCometInfoService())

	a.gov = govkeeper.NewKeeper(a.codec, kv(govtypes.StoreKey), a.auth, a.bank, a.distribution, a.MsgServiceRouter(),
		govtypes.DefaultConfig(), authority, govkeeper.NewDefaultCalculateVoteResultsAndVotingPower(a.staking))
	a.gov.SetLegacyRouter(govv1beta1.NewRouter().AddRoute(govtypes.RouterKey, govv1beta1.ProposalHandler))

	a.upgrade = upgradekeeper.NewKeeper(skipUpgrades, kv(upgradetypes.StoreKey), a.codec, home, a.BaseApp, authority)
	a.ibc = ibckeeper.NewKeeper(a.codec, kv(ibcexported.StoreKey), a.upgrade, authority)
	a.transfer = transferkeeper.NewKeeper(a.codec, Accounts(), kv(transfertypes.StoreKey),
		a.ibc.ChannelKeeper, a.MsgServiceRouter(), a.auth, a.bank, authority)

	// IBC delivers transfers of either version straight to the module: there is
	// no ERC-20 or callback layer in between.
	a.ibc.SetRouter(porttypes.NewRouter().AddRoute(transfertypes.ModuleName, transfer.NewIBCModule(a.transfer)))
	a.ibc.SetRouterV2(ibcapi.NewRouter().AddRoute(transfertypes.PortID, transferv2.NewIBCModule(a.transfer)))

	a.feemarket = feemarketkeeper.NewKeeper(a.codec, Authority, keys[feemarkettypes.StoreKey])
	a.evm = evmkeeper.NewKeeper(a.codec, keys[evmtypes.StoreKey], scratch[evmtypes.ObjectKey],
		storeKeys(keys, scratch), Authority, a.auth, a.bank, a.staking, a.feemarket, &a.consensus,
		nil, // no ERC-20 module
		EVMChainID, tracer,
	).WithStaticPrecompiles(precompiletypes.NewStaticPrecompiles().WithPraguePrecompiles())
	// Fees are added up and paid to the validators at the end of the block. The
	// other way is a trap: it pays to a module whose name is a global of the SDK
	// that a first Cosmos transaction sets, so that a restarted node, which has
	// seen none, fails the Ethereum transactions that all others execute.
	a.evm.EnableVirtualFeeCollection()
}

// storeKeys lists every store that EVM execution may have to roll back.
func storeKeys(kv map[string]*storetypes.KVStoreKey, scratch map[string]*storetypes.ObjectStoreKey) []storetypes.StoreKey {
	var all []storetypes.StoreKey
	for _, name := range slices.Sorted(maps.Keys(kv)) {
		all = append(all, kv[name])
	}
	for _, name := range slices.Sorted(maps.Keys(scratch)) {
		all = append(all, scratch[name])
	}
	return all
}

// manageModules builds the modules on their keepers, and says in which order
// they act. It returns the EVM module, which needs a word at every start.
func (a *App) manageModules() (evm vm.AppModule, err error) {
	lightClient := ibctm.NewLightClientModule(a.codec, a.ibc.ClientKeeper.GetStoreProvider())
	a.ibc.ClientKeeper.AddRoute(ibctm.ModuleName, &lightClient)

	evm = vm.NewAppModule(a.evm, a.auth, a.bank, Accounts())
	m := module.NewManager(
		auth.NewAppModule(a.codec, a.auth, nil, nil),
		bank.NewAppModule(a.codec, a.bank, a.auth, nil),
		staking.NewAppModule(a.codec, a.staking, a.auth, a.bank, nil),
		slashing.NewAppModule(a.codec, a.slashing, a.auth, a.bank, a.staking, nil, a.interfaces),
		evidence.NewAppModule(*a.evidence),
		distribution.NewAppModule(a.codec, a.distribution, a.auth, a.bank, a.staking, nil),
		gov.NewAppModule(a.codec, a.gov, a.auth, a.bank, nil),
		consensusparams.NewAppModule(a.codec, a.consensus),
		upgrade.NewAppModule(a.upgrade, Accounts()),
		genutil.NewAppModule(a.auth, a.staking, a, a.txConfig),
		ibc.NewAppModule(a.ibc),
		ibctm.NewAppModule(lightClient),
		transfer.NewAppModule(a.transfer),
		feemarket.NewAppModule(a.feemarket),
		evm,
	)
	a.manager = m

	// The manager panics if a module that wants a turn is left out.
	m.SetOrderPreBlockers(upgradetypes.ModuleName, authtypes.ModuleName, evmtypes.ModuleName)
	m.SetOrderBeginBlockers(
		ibcexported.ModuleName,
		feemarkettypes.ModuleName, evmtypes.ModuleName, // the fee, then what depends on it
		distrtypes.ModuleName, // pay out, then punish
		slashingtypes.ModuleName, evidencetypes.ModuleName, stakingtypes.ModuleName,
	)
	m.SetOrderEndBlockers(
		banktypes.ModuleName, govtypes.ModuleName, stakingtypes.ModuleName, evmtypes.ModuleName,
		feemarkettypes.ModuleName, // last, when all gas of the block is counted
	)
	m.SetOrderInitGenesis(
		authtypes.ModuleName, banktypes.ModuleName, distrtypes.ModuleName, stakingtypes.ModuleName,
		slashingtypes.ModuleName, evidencetypes.ModuleName, govtypes.ModuleName, ibcexported.ModuleName, evmtypes.ModuleName, feemarkettypes.ModuleName,
		transfertypes.ModuleName, upgradetypes.ModuleName,
		genutiltypes.ModuleName, // last: it runs the gentxs, which use all of the above
	)
	a.configurator = module.NewConfigurator(a.codec, a.MsgServiceRouter(), a.GRPCQueryRouter())
	return evm, m.RegisterServices(a.configurator)
}
