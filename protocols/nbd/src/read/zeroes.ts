/** One buffer of zeroes stands for all holes read and all zeroes written; nobody may write to it. */
export const ZEROES = Buffer.alloc(1024 * 1024);

/** Nothing to give back. */
export function keepZeroes(): void {}
