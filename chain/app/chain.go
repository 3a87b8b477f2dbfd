// Package app is the zeko chain: a small Cosmos SDK application whose main
// module is the Ethereum virtual machine of github.com/cosmos/evm.
package app

import (
	evmencoding "github.com/cosmos/evm/encoding"
	evmaddress "github.com/cosmos/evm/encoding/address"
	evmutils "github.com/cosmos/evm/utils"

	"cosmossdk.io/core/address"

	sdk "github.com/cosmos/cosmos-sdk/types"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	govtypes "github.com/cosmos/cosmos-sdk/x/gov/types"
)

// The chain's fixed properties.
const (
	Name         = "zekod"
	Bech32Prefix = "zeko"
	// Denom is the native coin, in which gas is paid and stake is bonded. It
	// has 18 decimals, so one azeko is one wei.
	Denom        = "azeko"
	DisplayDenom = "zeko"
	// EVMChainID is in every Ethereum signature, so all nodes must agree on it.
	// The library reads it from each node's app.toml; a node whose file says
	// otherwise does not start.
	EVMChainID uint64 = 93560
)

// Authority may change module parameters, schedule upgrades and spend the
// community pool. It is the account of x/gov, which acts by vote of the stake:
// see governanceGenesis for what a vote takes.
var Authority = authtypes.NewModuleAddress(govtypes.ModuleName)

// The SDK keeps these in globals, and reads them from the first address
// formatted on, so they are set before anything else runs.
func init() {
	cfg := sdk.GetConfig()
	cfg.SetBech32PrefixForAccount(Bech32Prefix, Bech32Prefix+"pub")
	cfg.SetBech32PrefixForValidator(Bech32Prefix+"valoper", Bech32Prefix+"valoperpub")
	cfg.SetBech32PrefixForConsensusNode(Bech32Prefix+"valcons", Bech32Prefix+"valconspub")
	cfg.SetCoinType(60) // Ethereum's, so that wallets derive the same keys
	cfg.Seal()

	sdk.DefaultBondDenom = Denom // also x/vm's default gas coin
	sdk.DefaultPowerReduction = evmutils.AttoPowerReduction
}

// Accounts, Validators and Consensus are the kinds of address. Each codec reads bech32 and 0x hex alike.
func Accounts() address.Codec   { return evmaddress.NewEvmCodec(Bech32Prefix) }
func Validators() address.Codec { return evmaddress.NewEvmCodec(Bech32Prefix + "valoper") }
func Consensus() address.Codec  { return evmaddress.NewEvmCodec(Bech32Prefix + "valcons") }

// Encoding returns the codecs, with the types of every module registered.
func Encoding() evmencoding.Config {
	enc := evmencoding.MakeConfig(EVMChainID)
	Basics.RegisterLegacyAminoCodec(enc.Amino)
	Basics.RegisterInterfaces(enc.InterfaceRegistry)
	return enc
}
