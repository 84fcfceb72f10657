import type { LoadedConfig } from '@fairlead/kernel/config';
import { GatewayError } from '@fairlead/kernel/errors';
import { EXIT } from '../../exit-codes.ts';

export interface Finding {
  /** What was looked at. */
  readonly what: string;
  readonly state: 'ok' | 'warning' | 'failed';
  /** What was found; no secret. */
  readonly text: string;
  /** What to do; for what is not ok. */
  readonly help?: string;
  /** The exit code of a failure. */
  readonly exit?: number;
}

/** One thing that a gateway needs. */
export type Examination = (config: LoadedConfig, signal: AbortSignal) => Promise<readonly Finding[]>;

export function ok(what: string, text: string): Finding {
  return { what, state: 'ok', text };
}

export function warning(what: string, text: string, help: string): Finding {
  return { what, state: 'warning', text, help };
}

export function failed(what: string, text: string, advice: { readonly help: string; readonly exit?: number }): Finding {
  return { what, state: 'failed', text, exit: EXIT.failed, ...advice };
}

/** The name of a failure of Node or of ours; texts of foreign errors may quote what was sent. */
export function reasonOf(error: unknown): string {
  if (error instanceof GatewayError && typeof error.detail.reason === 'string') return error.detail.reason;
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  return error instanceof Error ? error.name : 'unknown';
}
