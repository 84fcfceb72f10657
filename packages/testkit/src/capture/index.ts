import { createLog, type Log, type Scrubber } from '@fairlead/kernel/log';

export interface CapturedLog {
  readonly log: Log;
  /** Every line as it was written, parsed. */
  lines(): Record<string, unknown>[];
  /** Everything as it was written: where tests look for secrets. */
  text(): string;
}

/** A log that remembers: the real one, with its redaction, at the finest level. */
export function captureLog(options: { readonly level?: string; readonly scrubber?: Scrubber } = {}): CapturedLog {
  const written: string[] = [];
  const log = createLog({ level: 'trace', ...options, destination: { write: (line) => void written.push(line) } });
  return {
    log,
    lines: () => written.map((line) => JSON.parse(line) as Record<string, unknown>),
    text: () => written.join(''),
  };
}
