import type { Recording } from './cloudstack-recordings.ts';

export function distilCases(_recordings: readonly Recording[]): object {
  return {};
}
