/** Nanomina in a MINA. */
export const NANOMINA = 1_000_000_000n;
export const MAX_UINT32 = (1n << 32n) - 1n;
export const MAX_UINT64 = (1n << 64n) - 1n;
