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
  const { code, status, blame, answered } = codedFacts(error);
  if (code === 'FAIRLEAD_CONFIG' || code === 'FAIRLEAD_SECRET_DIFFERS') return EXIT.configuration;
  if (code === 'CLI_USAGE') return EXIT.usage;
  if (code === 'CLI_SECRET_NOT_OVER') return EXIT.partial;
  if (code === 'CLI_UNWELL' && error instanceof GatewayError) return Number(error.detail.exit);
  if (answered !== undefined && answered >= 500) return EXIT.unreachable;
  if (status === 404 || code === 'ENOENT') return EXIT.notFound;
  if (status === 401 || status === 403 || answered === 403) return EXIT.notPermitted;
  // What a gateway refuses because of the request is no outage, whatever stands between it and us.
  if (answered !== undefined) return EXIT.failed;
  if (blame === 'upstream' || UNREACHABLE.test(code)) return EXIT.unreachable;
  return blame === undefined && status !== undefined && status >= 500 ? EXIT.unreachable : EXIT.failed;
}

const UNREACHABLE = /_(UNREACHABLE|TIMEOUT|CONNECTION_LOST|CONNECT)$/;

interface CodedFacts {
  readonly code: string;
  readonly status?: number;
  readonly blame?: string;
  /** The HTTP status of a fault that a gateway answered with. */
  readonly answered?: number;
}

function codedFacts(error: unknown): CodedFacts {
  if (error instanceof GatewayError) return gatewayFacts(error);
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return { code: '' };
  const status = 'status' in error && typeof error.status === 'number' ? error.status : undefined;
  return status === undefined ? { code: error.code } : { code: error.code, status };
}

function gatewayFacts({ code, status, blame, detail }: GatewayError): CodedFacts {
  if (code === 'FAIRLEAD_INTERNAL') return { code };
  const told = code.startsWith('OVIRT_WIRE_') && typeof detail.status === 'number' ? detail.status : undefined;
  // A login that was refused because CloudStack is down is an outage; any other refusal says by its code what it is.
  const counts = told !== undefined && (code === 'OVIRT_WIRE_FAULT' || told >= 500);
  return { code, status, blame, ...(counts && { answered: told }) };
}
