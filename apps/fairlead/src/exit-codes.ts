import { GatewayError } from '@fairlead/kernel/errors';

/** Exit codes of every command (design 12). */
export const EXIT = {
  ok: 0,
  failed: 1,
  partial: 3,
  usage: 64,
  notFound: 66,
  unreachable: 69,
  notPermitted: 77,
  configuration: 78,
} as const;

/** The exit code that tells a script what kind of failure it was. */
export function exitCodeOf(error: unknown): number {
  const { code, status, blame } = codedFacts(error);
  if (code === 'FAIRLEAD_CONFIG') return EXIT.configuration;
  if (code === 'CLI_USAGE') return EXIT.usage;
  if (status === 404) return EXIT.notFound;
  if (status === 401 || status === 403) return EXIT.notPermitted;
  if (blame === 'upstream' || (status !== undefined && status >= 500) || UNREACHABLE.test(code)) return EXIT.unreachable;
  return EXIT.failed;
}

const UNREACHABLE = /_(UNREACHABLE|TIMEOUT|CONNECTION_LOST|CONNECT)$/;

function codedFacts(error: unknown): { code: string; status?: number; blame?: string } {
  if (error instanceof GatewayError) return error.code === 'FAIRLEAD_INTERNAL' ? { code: error.code } : error;
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return { code: '' };
  const status = 'status' in error && typeof error.status === 'number' ? error.status : undefined;
  return status === undefined ? { code: error.code } : { code: error.code, status };
}
