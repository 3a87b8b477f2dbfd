package app

import (
	"context"
	"encoding/json"
	"math/big"
	"testing"
	"time"

	"github.com/cosmos/evm/crypto/ethsecp256k1"
	evmtypes "github.com/cosmos/evm/x/vm/types"
	"github.com/ethereum/go-ethereum/common"
	ethtypes "github.com/ethereum/go-ethereum/core/types"

	"cosmossdk.io/math"

	clienttx "github.com/cosmos/cosmos-sdk/client/tx"
	codectypes "github.com/cosmos/cosmos-sdk/codec/types"
	"github.com/cosmos/cosmos-sdk/crypto/keys/ed25519"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/types/tx/signing"
	authsigning "github.com/cosmos/cosmos-sdk/x/auth/signing"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"
	slashingtypes "github.com/cosmos/cosmos-sdk/x/slashing/types"
	stakingtypes "github.com/cosmos/cosmos-sdk/x/staking/types"
)

const (
	testChain         = "zeko-test-1"
	stakedCoins int64 = 1_000
)

var (
	genesisTime  = time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
	validatorKey = ed25519.GenPrivKeyFromSecret([]byte("validator"))
	operator     = account(1)
	user         = account(2)
	stranger     = account(3)
)

func account(number byte) *ethsecp256k1.PrivKey {
	key := make([]byte, 32)
	key[31] = number
	return &ethsecp256k1.PrivKey{Key: key}
}

func addressOf(key *ethsecp256k1.PrivKey) common.Address {
	return common.BytesToAddress(key.PubKey().Address())
}

func bech32(key *ethsecp256k1.PrivKey) string { return sdk.AccAddress(key.PubKey().Address()).String() }

// testGenesis is a chain of one validator, with coins for its operator and for a user.
func testGenesis(t *testing.T) json.RawMessage {
	t.Helper()
	enc := Encoding()
	state := Basics.DefaultGenesis(enc.Codec)

	auth := authtypes.DefaultGenesisState()
	accounts, err := authtypes.PackAccounts(authtypes.GenesisAccounts{
		authtypes.NewBaseAccount(operator.PubKey().Address().Bytes(), nil, 0, 0),
		authtypes.NewBaseAccount(user.PubKey().Address().Bytes(), nil, 1, 0),
	})
	check(t, err)
	auth.Accounts = accounts
	state[authtypes.ModuleName] = enc.Codec.MustMarshalJSON(auth)

	var bank banktypes.GenesisState
	enc.Codec.MustUnmarshalJSON(state[banktypes.ModuleName], &bank)
	bank.Balances = []banktypes.Balance{
		{Address: bech32(operator), Coins: coins(10_000)},
		{Address: bech32(user), Coins: coins(10_000)},
		{Address: authtypes.NewModuleAddress(stakingtypes.BondedPoolName).String(), Coins: coins(stakedCoins)},
	}
	state[banktypes.ModuleName] = enc.Codec.MustMarshalJSON(&bank)

	var staking stakingtypes.GenesisState
	enc.Codec.MustUnmarshalJSON(state[stakingtypes.ModuleName], &staking)
	key, err := codectypes.NewAnyWithValue(validatorKey.PubKey())
	check(t, err)
	stake := coins(stakedCoins)[0].Amount
	valoper := sdk.ValAddress(operator.PubKey().Address()).String()
	staking.Validators = []stakingtypes.Validator{{
		OperatorAddress: valoper, ConsensusPubkey: key, Status: stakingtypes.Bonded, Tokens: stake,
		DelegatorShares: math.LegacyNewDecFromInt(stake), MinSelfDelegation: math.OneInt(),
		Commission: stakingtypes.NewCommission(math.LegacyZeroDec(), math.LegacyZeroDec(), math.LegacyZeroDec()),
	}}
	staking.Delegations = []stakingtypes.Delegation{
		stakingtypes.NewDelegation(bech32(operator), valoper, math.LegacyNewDecFromInt(stake)),
	}
	state[stakingtypes.ModuleName] = enc.Codec.MustMarshalJSON(&staking)

	// A validator that is bonded from the start was never seen to bond.
	var slashing slashingtypes.GenesisState
	enc.Codec.MustUnmarshalJSON(state[slashingtypes.ModuleName], &slashing)
	consensusAddress := sdk.ConsAddress(validatorKey.PubKey().Address())
	slashing.SigningInfos = []slashingtypes.SigningInfo{{
		Address:              consensusAddress.String(),
		ValidatorSigningInfo: slashingtypes.NewValidatorSigningInfo(consensusAddress, 0, 0, time.Unix(0, 0).UTC(), false, 0),
	}}
	state[slashingtypes.ModuleName] = enc.Codec.MustMarshalJSON(&slashing)

	text, err := json.Marshal(state)
	check(t, err)
	return text
}

// ethereumTx signs a transaction as a wallet would, and wraps it as the JSON-RPC server does.
func ethereumTx(t *testing.T, from *ethsecp256k1.PrivKey, tx *ethtypes.LegacyTx) []byte {
	t.Helper()
	if tx.GasPrice == nil {
		tx.GasPrice = big.NewInt(10_000_000_000)
	}
	key, err := from.ToECDSA()
	check(t, err)
	signer := ethtypes.LatestSignerForChainID(new(big.Int).SetUint64(EVMChainID))
	signed, err := ethtypes.SignTx(ethtypes.NewTx(tx), signer, key)
	check(t, err)
	var msg evmtypes.MsgEthereumTx
	check(t, msg.FromSignedEthereumTx(signed, signer))
	enc := Encoding()
	built, err := msg.BuildTx(enc.TxConfig.NewTxBuilder(), Denom)
	check(t, err)
	bytes, err := enc.TxConfig.TxEncoder()(built)
	check(t, err)
	return bytes
}

// cosmosTx signs messages with an Ethereum key, as the chain's own command line does.
func cosmosTx(t *testing.T, from *ethsecp256k1.PrivKey, number, sequence uint64, msgs ...sdk.Msg) []byte {
	t.Helper()
	const gas = 500_000
	config := Encoding().TxConfig
	builder := config.NewTxBuilder()
	check(t, builder.SetMsgs(msgs...))
	builder.SetGasLimit(gas)
	builder.SetFeeAmount(sdk.NewCoins(sdk.NewCoin(Denom, math.NewInt(10_000_000_000*gas))))
	data := authsigning.SignerData{
		ChainID: testChain, AccountNumber: number, Sequence: sequence, PubKey: from.PubKey(), Address: bech32(from),
	}
	mode := signing.SignMode_SIGN_MODE_DIRECT
	// The signature covers the list of signers, so it is there before the signature is.
	check(t, builder.SetSignatures(signing.SignatureV2{
		PubKey: from.PubKey(), Data: &signing.SingleSignatureData{SignMode: mode}, Sequence: sequence,
	}))
	signature, err := clienttx.SignWithPrivKey(context.Background(), mode, data, builder, from, config, sequence)
	check(t, err)
	check(t, builder.SetSignatures(signature))
	bytes, err := config.TxEncoder()(builder.GetTx())
	check(t, err)
	return bytes
}

// blocksOf puts each list of transactions into a block, a second apart.
func blocksOf(lists ...[][]byte) []block {
	blocks := make([]block, len(lists))
	for i, txs := range lists {
		blocks[i] = block{Time: genesisTime.Add(time.Duration(i+1) * time.Second), Txs: txs}
	}
	return blocks
}
