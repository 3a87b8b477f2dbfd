/** Bytes of one chunk: the DA chain's mempool takes 128 KiB a transaction, envelope and ABI encoding included. */
export const CHUNK_BYTES = 96 * 1024;
/** Bytes of one cell, the unit that can be opened on its own. */
export const CELL_BYTES = 1024;
/** Chunks of one batch. */
export const MAX_CHUNKS = 64;
/** Posted bytes of one batch. */
export const MAX_DATA_BYTES = CHUNK_BYTES * MAX_CHUNKS;
/** Decoded bytes of one batch: what a validator must be able to hold in memory several times over. */
export const MAX_DECODED_BYTES = 16 * 1024 * 1024;
/** How chunks are committed to: 1 = plain SHA-256 trees under a Poseidon tree. Erasure coding will be another number. */
export const DATA_SCHEME = 1n;
/** Validators in one set: what one quorum proof can hold. */
export const MAX_VALIDATORS = 64;
/** Account updates of one command, without its fee payer. */
export const MAX_UPDATES = 32;
/** Blocks of one batch. */
export const MAX_BLOCKS = 4096;
/** Commands of one batch. */
export const MAX_COMMANDS = 16_384;
/** Depth of the account ledger, as Mina's. */
export const LEDGER_DEPTH = 35;
/** Depth of the indexed maps. */
export const MAP_DEPTH = 35;
/** Fields of a zkApp's state on today's network. */
export const STATE_FIELDS = 8;
/** New L2 accounts start here, so that no signed command is good on both L1 and L2. */
export const NONCE_BASE = 1n << 31n;
/** Least MINA that can be locked for gas at once, in nanomina (0.1 MINA): what a lock costs every validator is worth this. */
export const MIN_GAS_LOCK = 100_000_000n;
/** Units of the DA chain's coin of 18 decimals for one nanomina of gas: 1 MINA is 1 coin. */
export const GAS_UNITS_PER_NANOMINA = 1_000_000_000n;
/** Every MINA there can be, in nanomina: what the inner account and the allocations share. */
export const MAX_SUPPLY = (1n << 64n) - 1n;
