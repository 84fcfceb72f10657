import { GatewayError } from '@fairlead/kernel/errors';
import { ToldError } from './cli-errors.ts';

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
  if (error instanceof ToldError) return exitCodeOf(error.cause);
  const { code, status, blame, answered } = codedFacts(error);
  if (code === 'FAIRLEAD_CONFIG' || code === 'FAIRLEAD_SECRET_DIFFERS') return EXIT.configuration;
  if (code === 'CLI_USAGE') return EXIT.usage;
  // A document that could not be fetched: what the API said about it.
  if (code === 'OVH_SCHEMA' && error instanceof Error && error.cause !== undefined) return exitCodeOf(error.cause);
  if (code.startsWith('OVH_')) return exitCodeOfOvh(code, status);
  if (code === 'CLI_OVH_REFUSED' && error instanceof GatewayError) return exitCodeOfOvh('OVH_API', Number(error.detail.status));
  if (code === 'CLI_OVH_FILE') return EXIT.configuration;
  if (code === 'CLI_OVH_PARTIAL' || code === 'CLI_OVH_DIFFERENT' || code === 'CLI_CYBERAPP_DIFFERENT') return EXIT.partial;
  if (code === 'CLI_SECRET_NOT_OVER') return EXIT.partial;
  if ((code === 'CLI_UNWELL' || code === 'CLI_CYBERAPP_RUN') && error instanceof GatewayError) return Number(error.detail.exit);
  if (answered !== undefined && answered >= 500) return EXIT.unreachable;
  if (status === 404 || code === 'ENOENT') return EXIT.notFound;
  if (status === 401 || status === 403 || answered === 403) return EXIT.notPermitted;
  // What a gateway refuses because of the request is no outage, whatever stands between it and us.
  if (answered !== undefined) return EXIT.failed;
  if (blame === 'upstream' || UNREACHABLE.test(code)) return EXIT.unreachable;
  return blame === undefined && status !== undefined && status >= 500 ? EXIT.unreachable : EXIT.failed;
}

/** Errors of OVHcloud whose code says more than the status of the answer, if there was one (ovh 11). */
const OVH_EXIT: Readonly<Record<string, number>> = {
  OVH_BRIDGE_ACCOUNT: EXIT.configuration,
  OVH_BRIDGE_ACCOUNT_NAME: EXIT.configuration,
  OVH_BRIDGE_NO_ACCOUNT: EXIT.configuration,
  // 403, but nobody lacks a right: it works again later.
  OVH_BUSY: EXIT.failed,
  OVH_CONFIGURATION: EXIT.configuration,
  OVH_UNKNOWN_ENDPOINT: EXIT.configuration,
  OVH_GATEWAY_TIMEOUT: EXIT.unreachable,
  OVH_INVALID_CALL: EXIT.usage,
  OVH_INVALID_RESPONSE: EXIT.unreachable,
  // 400, but what is wrong is a key.
  OVH_INVALID_SIGNATURE: EXIT.notPermitted,
  OVH_MISSING_CONSUMER_KEY: EXIT.notPermitted,
  OVH_NETWORK: EXIT.unreachable,
  OVH_TIME_SYNC: EXIT.unreachable,
  OVH_TIMEOUT: EXIT.unreachable,
};

function exitCodeOfOvh(code: string, status: number | undefined): number {
  const known = OVH_EXIT[code];
  if (known !== undefined) return known;
  if (code === 'OVH_OAUTH2') return exitCodeOfToken(status);
  if (status === 401 || status === 403) return EXIT.notPermitted;
  if (status === 404) return EXIT.notFound;
  return status !== undefined && (status >= 500 || status === 408) ? EXIT.unreachable : EXIT.failed;
}

/** The token endpoint refuses a client with 400 or 401 (RFC 6749 5.2); no answer, or a success without a token, comes from somewhere else. */
function exitCodeOfToken(status: number | undefined): number {
  if (status === undefined || status < 300) return EXIT.unreachable;
  return status === 400 ? EXIT.notPermitted : exitCodeOfOvh('OVH_API', status);
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
