import type { ChainNetwork } from "../chain/ChainNetwork.ts";
import { DENOM } from "../chain/chainGenesis.ts";

/**
 * Configuration of Hermes 1.10.5 for two of our networks. What it must know of them: accounts are Ethereum's, the price of
 * gas is fixed, and CometBFT answers as its version 0.38.
 * @param keys directory of the relayer's keys
 */
export function hermesConfig(chains: readonly ChainNetwork[], keys: string): string {
  return [GENERAL, ...chains.map((chain) => chainSection(chain, keys))].join("\n");
}

const GENERAL = `[global]
log_level = 'info'

[mode.clients]
enabled = true
refresh = true
misbehaviour = false
[mode.connections]
enabled = false
[mode.channels]
enabled = false
[mode.packets]
enabled = true
clear_interval = 100
clear_on_start = true
tx_confirmation = false

[rest]
enabled = false
host = '127.0.0.1'
port = 3000
[telemetry]
enabled = false
host = '127.0.0.1'
port = 3001
`;

function chainSection({ chainId, nodes }: ChainNetwork, keys: string): string {
  const { comet, grpc } = nodes[0]!.ports;
  return `[[chains]]
id = '${chainId}'
type = 'CosmosSdk'
rpc_addr = 'http://127.0.0.1:${comet}'
grpc_addr = 'http://127.0.0.1:${grpc}'
event_source = { mode = 'push', url = 'ws://127.0.0.1:${comet}/websocket', batch_delay = '200ms' }
rpc_timeout = '10s'
compat_mode = '0.38'
account_prefix = 'zeko'
key_name = 'relayer'
key_store_type = 'Test'
key_store_folder = '${keys}'
address_type = { derivation = 'ethermint', proto_type = { pk_type = '/cosmos.evm.crypto.v1.ethsecp256k1.PubKey' } }
store_prefix = 'ibc'
default_gas = 500000
max_gas = 20000000
gas_price = { price = 1000000000, denom = '${DENOM}' }
gas_multiplier = 1.3
max_msg_num = 30
max_tx_size = 180000
clock_drift = '5s'
max_block_time = '30s'
trusting_period = '14days'
trust_threshold = '1/3'
memo_prefix = ''
`;
}
