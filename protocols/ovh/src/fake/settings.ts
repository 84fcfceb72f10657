import type { ErrorStyle } from './refusal.ts';

/** What may be changed while the fake runs; a reset brings back what it was started with. */
export interface FakeSettings {
  errorStyle: ErrorStyle;
  /** Milliseconds of the clock after which new credentials are valid by themselves. */
  autoValidateMs: number | undefined;
  /** Seconds that credentials count from their validation on. */
  keysValidFor: number | undefined;
  /** Seconds that access tokens count; absent: 3599. */
  tokenLifetime: number | undefined;
}
