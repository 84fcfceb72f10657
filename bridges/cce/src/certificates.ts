import { readFile } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import { FairleadError } from '@fairlead/kernel/errors';
import type { BridgeContext } from '@fairlead/kernel/lifecycle';
import type { CceSettings } from './config.ts';

export type CertificateSettings = Pick<CceSettings, 'cert_file' | 'key_file' | 'ca_cert_file'>;

/** What callers are shown, and by what certificates of their own are checked. */
export interface Shown {
  readonly certificate: { readonly key: string; readonly cert: string };
  readonly clientAuthorities: string | undefined;
}

/** Where the package for BlueOnyx keeps its certificates. */
const USUAL = { cert: '/etc/cced-api/certs/certificate', key: '/etc/cced-api/certs/key', authorities: '/etc/cced-api/certs/ca-certs' };

/** The named files, else the usual ones when they exist, else the certificate of `[ssl]` (cce 9). Throws `FAIRLEAD_CERTIFICATE` for files that cannot be used. */
export async function readShown(
  settings: CertificateSettings,
  { authority, log }: Pick<BridgeContext, 'authority' | 'log'>,
): Promise<Shown> {
  const { cert_file: certFile = USUAL.cert, key_file: keyFile = USUAL.key, ca_cert_file: authoritiesFile = USUAL.authorities } = settings;
  const [cert, key, clientAuthorities] = await Promise.all([read(certFile), read(keyFile), read(authoritiesFile)]);
  const isPair = cert !== undefined && key !== undefined;
  const isNamed = settings.cert_file !== undefined || settings.key_file !== undefined;
  if (!isPair && isNamed) log.warn({ certFile, keyFile }, 'the certificate of [cce] does not exist; that of [ssl] is shown instead');
  if (clientAuthorities === undefined && settings.ca_cert_file !== undefined) {
    log.warn({ file: authoritiesFile }, '[cce] ca_cert_file does not exist; certificates of clients are not looked at');
  }
  const shown = { certificate: isPair ? { cert, key } : authority.server(), clientAuthorities };
  check(shown, isPair ? certFile : 'of [ssl]');
  return shown;
}

export function isSame(one: Shown, other: Shown): boolean {
  return one.certificate.cert === other.certificate.cert && one.clientAuthorities === other.clientAuthorities;
}

function check({ certificate, clientAuthorities }: Shown, file: string): void {
  try {
    createSecureContext({ ...certificate, ...(clientAuthorities !== undefined && { ca: clientAuthorities }) });
  } catch (cause) {
    throw FairleadError('FAIRLEAD_CERTIFICATE', { file, reason: cause instanceof Error ? cause.message : 'OpenSSL refuses it' }, { cause });
  }
}

async function read(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unreadable';
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw FairleadError('FAIRLEAD_CERTIFICATE', { file, reason: code }, { cause });
  }
}
