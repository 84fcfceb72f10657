/** What one part of the run counted. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** For the end of the run: what failed, and what passed only when it was run again. */
  readonly notes?: readonly string[];
}
