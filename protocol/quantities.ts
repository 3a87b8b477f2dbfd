/** Nanomina in a MINA. */
export const NANOMINA = 1_000_000_000n;
export const MAX_UINT32 = (1n << 32n) - 1n;
export const MAX_UINT64 = (1n << 64n) - 1n;

/** What Mina takes for a new account, nanomina: a constant of its genesis, the same on every network so far. */
export const L1_CREATION_FEE = 1_000_000_000n;
