/** Tables of the writing side: one row interface each. */
// biome-ignore lint/suspicious/noEmptyInterface: filled with the tables of backups, transfers, jobs and events
export interface WriteTables {}
