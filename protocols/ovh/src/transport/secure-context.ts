import type { SecureContext } from 'node:tls';
import { ConfigurationError } from '../errors/errors.ts';
import { builtin } from '../platform.ts';
import type { TlsOptions } from './tls-options.ts';

/** Roots, certificate and key as TLS takes them. Throws ConfigurationError for what it cannot read. */
export function secureContextOf({ ca, cert, key, passphrase }: Omit<TlsOptions, 'servername'>): SecureContext {
  const { createSecureContext, getCACertificates } = builtin('node:tls');
  try {
    return createSecureContext({
      minVersion: 'TLSv1.2',
      ...(ca === undefined ? {} : { ca: [...getCACertificates('default'), ...(Array.isArray(ca) ? ca : [ca])] }),
      ...(cert === undefined ? {} : { cert }),
      ...(key === undefined ? {} : { key }),
      ...(passphrase === undefined ? {} : { passphrase }),
    });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new ConfigurationError(
      `option tls: ca, cert or key cannot be used, they must be PEM and fit together (${code ?? message})`,
      error,
    );
  }
}
