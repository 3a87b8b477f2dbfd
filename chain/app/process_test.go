package app

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	abci "github.com/cometbft/cometbft/abci/types"
	cmted25519 "github.com/cometbft/cometbft/crypto/ed25519"
	"github.com/cometbft/cometbft/evidence"
	cmtproto "github.com/cometbft/cometbft/proto/tendermint/types"
	cmttypes "github.com/cometbft/cometbft/types"
	dbm "github.com/cosmos/cosmos-db"
	srvflags "github.com/cosmos/evm/server/flags"
	"github.com/cosmos/evm/x/vm"
	evmtypes "github.com/cosmos/evm/x/vm/types"

	"cosmossdk.io/log/v2"

	"github.com/cosmos/cosmos-sdk/client/flags"
	sdkserver "github.com/cosmos/cosmos-sdk/server"
	pruningtypes "github.com/cosmos/cosmos-sdk/store/v2/pruning/types"
)

// A play is what one process does with one chain. Every app of these tests runs
// in a process of its own, because the library keeps the chain's configuration
// in globals: this is also how nodes are, and what they must agree in spite of.
type play struct {
	Home     string          // holds the databases, which outlive the process
	Genesis  json.RawMessage `json:",omitempty"` // none: go on from the databases
	Start    int64           // height of the first block after Genesis
	Restore  *snapshot
	Blocks   []block
	Snapshot bool
	Export   bool
	Staying  []string // operators of the validators that an export goes on with
	Offer    [][]byte // transactions that somebody sends to the node at the end
	Release  string   // an upgrade that this binary knows
}

type block struct {
	Time         time.Time
	Txs          [][]byte
	Propose      bool // ask whether a validator would vote for it, and do no more
	DoubleSigned bool
}

type snapshot struct {
	Meta   *abci.Snapshot
	Hash   []byte
	Chunks [][]byte
}

type export struct {
	AppState   json.RawMessage
	Height     int64 // of the next block
	Validators int
}

// result tells what the process saw, block by block.
type result struct {
	Hashes      []string
	Codes       [][]uint32
	Logs        [][]string
	GasUsed     [][]int64
	Accepted    []bool
	Snapshot    *snapshot
	Exported    *export
	Answers     []uint32 // to what was offered
	ExportError string
	Panic       string
}

const playVariable = "ZEKOD_TEST_PLAY"

func TestMain(m *testing.M) {
	file, isPlay := os.LookupEnv(playVariable)
	if !isPlay {
		// To wrap a transaction takes the coin's name, which an app sets when it opens.
		vm.SetGlobalConfigVariables(evmtypes.EvmCoinInfo{
			Denom: Denom, ExtendedDenom: Denom, DisplayDenom: DisplayDenom, Decimals: uint32(evmtypes.EighteenDecimals),
		})
		os.Exit(m.Run())
	}
	var p play
	text, err := os.ReadFile(file)
	must(err)
	must(json.Unmarshal(text, &p))
	answer, err := json.Marshal(perform(p))
	must(err)
	must(os.WriteFile(file+".out", answer, 0o600))
}

// run performs the play in a new process.
func run(t *testing.T, p play) result {
	t.Helper()
	r := runAnyway(t, p)
	if r.Panic != "" {
		t.Fatalf("the app panicked: %s", r.Panic)
	}
	return r
}

// runAnyway is run for plays that may end in a panic of the app.
func runAnyway(t *testing.T, p play) result {
	t.Helper()
	if p.Home == "" {
		p.Home = t.TempDir()
	}
	text, err := json.Marshal(p)
	check(t, err)
	file := filepath.Join(t.TempDir(), "play.json")
	check(t, os.WriteFile(file, text, 0o600))
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), playVariable+"="+file)
	if output, err := child.CombinedOutput(); err != nil {
		t.Fatalf("the process failed: %v\n%s", err, output)
	}
	answer, err := os.ReadFile(file + ".out")
	check(t, err)
	var r result
	check(t, json.Unmarshal(answer, &r))
	return r
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func perform(p play) (r result) {
	defer func() {
		if reason := recover(); reason != nil {
			r.Panic = fmt.Sprint(reason)
		}
	}()
	if p.Release != "" {
		releases = append(releases, release{name: p.Release})
	}
	db, err := dbm.NewGoLevelDB("application", p.Home, nil)
	must(err)
	defer db.Close()
	a := New(log.NewNopLogger(), db, testOptions(p.Home))
	height := a.LastBlockHeight()
	if p.Genesis != nil {
		initialise(a, p)
		height = max(p.Start, 1) - 1
	}
	if p.Restore != nil {
		restore(a, p.Restore)
		height = a.LastBlockHeight()
	}
	for _, b := range p.Blocks {
		if b.Propose {
			r.Accepted = append(r.Accepted, propose(a, height+1, b))
			continue
		}
		height++
		r.add(execute(a, height, b))
	}
	for _, tx := range p.Offer {
		answer, err := a.CheckTx(&abci.RequestCheckTx{Type: abci.CheckTxType_New, Tx: tx})
		must(err)
		r.Answers = append(r.Answers, answer.Code)
	}
	if p.Snapshot {
		r.Snapshot = take(a)
	}
	if p.Export {
		exported, err := a.export(p.Staying, nil)
		if err != nil {
			r.ExportError = err.Error()
			return r
		}
		r.Exported = &export{exported.AppState, exported.Height, len(exported.Validators)}
	}
	must(a.Close())
	return r
}

func initialise(a *App, p play) {
	params := cmttypes.DefaultConsensusParams()
	ShapeConsensus(params)
	proto := params.ToProto()
	_, err := a.InitChain(&abci.RequestInitChain{
		ChainId: testChain, Time: genesisTime, AppStateBytes: p.Genesis, ConsensusParams: &proto,
		InitialHeight: max(p.Start, 1),
	})
	must(err)
}

func (r *result) add(response *abci.ResponseFinalizeBlock) {
	var codes []uint32
	var logs []string
	var gas []int64
	for _, tx := range response.TxResults {
		codes, logs, gas = append(codes, tx.Code), append(logs, tx.Log), append(gas, tx.GasUsed)
	}
	r.Hashes = append(r.Hashes, hex.EncodeToString(response.AppHash))
	r.Codes, r.Logs, r.GasUsed = append(r.Codes, codes), append(r.Logs, logs), append(r.GasUsed, gas)
}

func execute(a *App, height int64, b block) *abci.ResponseFinalizeBlock {
	vote := abci.VoteInfo{
		Validator:   abci.Validator{Address: validatorKey.PubKey().Address(), Power: stakedCoins},
		BlockIdFlag: cmtproto.BlockIDFlagCommit,
	}
	request := &abci.RequestFinalizeBlock{
		Height: height, Time: b.Time, Txs: b.Txs, ProposerAddress: vote.Validator.Address,
		Hash:              bytes.Repeat([]byte{byte(height)}, 32),
		DecidedLastCommit: abci.CommitInfo{Votes: []abci.VoteInfo{vote}},
	}
	if b.DoubleSigned {
		request.Misbehavior = doubleSignature(height-1, b.Time)
	}
	response, err := a.FinalizeBlock(request)
	must(err)
	_, err = a.Commit()
	must(err)
	return response
}

// doubleSignature is what CometBFT tells the application when somebody has shown
// it two votes of the validator for one height, and it has verified both.
func doubleSignature(height int64, time time.Time) []abci.Misbehavior {
	key := cmted25519.PrivKey(validatorKey.Key)
	validators := cmttypes.NewValidatorSet([]*cmttypes.Validator{cmttypes.NewValidator(key.PubKey(), stakedCoins)})
	vote := func(content byte) *cmttypes.Vote {
		hash := bytes.Repeat([]byte{content}, 32)
		v := &cmttypes.Vote{
			Type: cmtproto.PrecommitType, Height: height, Timestamp: time, ValidatorAddress: key.PubKey().Address(),
			BlockID: cmttypes.BlockID{Hash: hash, PartSetHeader: cmttypes.PartSetHeader{Total: 1, Hash: hash}},
		}
		var err error
		v.Signature, err = key.Sign(cmttypes.VoteSignBytes(testChain, v.ToProto()))
		must(err)
		return v
	}
	shown, err := cmttypes.NewDuplicateVoteEvidence(vote(1), vote(2), time, validators)
	must(err)
	must(evidence.VerifyDuplicateVote(shown, testChain, validators))
	return shown.ABCI()
}

func propose(a *App, height int64, b block) bool {
	response, err := a.ProcessProposal(&abci.RequestProcessProposal{
		Height: height, Time: b.Time, Txs: b.Txs, ProposerAddress: validatorKey.PubKey().Address(),
		Hash: bytes.Repeat([]byte{byte(height)}, 32),
	})
	must(err)
	return response.Status == abci.ResponseProcessProposal_ACCEPT
}

// take makes a snapshot as a node would offer it to others.
func take(a *App) *snapshot {
	made, err := a.SnapshotManager().Create(uint64(a.LastBlockHeight()))
	must(err)
	list, err := a.ListSnapshots(&abci.RequestListSnapshots{})
	must(err)
	s := &snapshot{Meta: list.Snapshots[0], Hash: a.LastCommitID().Hash}
	for i := range made.Chunks {
		chunk, err := a.LoadSnapshotChunk(&abci.RequestLoadSnapshotChunk{Height: made.Height, Format: made.Format, Chunk: i})
		must(err)
		s.Chunks = append(s.Chunks, chunk.Chunk)
	}
	return s
}

func restore(a *App, s *snapshot) {
	offered, err := a.OfferSnapshot(&abci.RequestOfferSnapshot{Snapshot: s.Meta, AppHash: s.Hash})
	must(err)
	if offered.Result != abci.ResponseOfferSnapshot_ACCEPT {
		panic(offered.Result.String())
	}
	for i, chunk := range s.Chunks {
		applied, err := a.ApplySnapshotChunk(&abci.RequestApplySnapshotChunk{Index: uint32(i), Chunk: chunk})
		must(err)
		if applied.Result != abci.ResponseApplySnapshotChunk_ACCEPT {
			panic(applied.Result.String())
		}
	}
}

type options map[string]any

func (o options) Get(name string) any { return o[name] }

func testOptions(home string) options {
	return options{
		flags.FlagHome:                            home,
		flags.FlagChainID:                         testChain,
		srvflags.EVMChainID:                       EVMChainID,
		sdkserver.FlagPruning:                     pruningtypes.PruningOptionNothing,
		sdkserver.FlagMinGasPrices:                "0" + Denom,
		sdkserver.FlagMempoolMaxTxs:               0,
		sdkserver.FlagStateSyncSnapshotKeepRecent: 2,
	}
}
