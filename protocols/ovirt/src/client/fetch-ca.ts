import { X509Certificate } from 'node:crypto';
import { Agent } from 'node:https';
import { OvirtWireError } from '../errors.ts';
import { CallLimit } from './call-limit.ts';
import { send } from './http.ts';
import { baseOf, type CallOptions } from './session.ts';

export interface FetchCaOptions extends CallOptions {
  /** PEM to verify the engine with; the system's authorities when absent. */
  readonly ca?: string | undefined;
  /**
   * Take the certificate from an engine that cannot be verified yet. Compare the fingerprint by another way before trusting it.
   */
  readonly trustFirstContact?: boolean | undefined;
}

export interface FetchedCa {
  /** One or more certificates. */
  readonly pem: string;
  /** SHA-256 of the first, in hexadecimal with colons. */
  readonly fingerprint: string;
}

const DEADLINE_MS = 30_000;
const MAX_PEM_BYTES = 256 * 1024;

/** The authority that signed the engine's certificates, as the engine itself says (oVirt 3.6). Throws as the client does. */
export async function fetchCa(url: string, options: FetchCaOptions = {}): Promise<FetchedCa> {
  const agent = new Agent({
    rejectUnauthorized: options.trustFirstContact !== true,
    ...(options.ca === undefined ? {} : { ca: options.ca }),
  });
  try {
    const answer = await send({
      method: 'GET',
      url: new URL(`${baseOf(url)}/services/pki-resource?resource=ca-certificate&format=X509-PEM-CA`),
      headers: { Accept: '*/*', 'User-Agent': 'fairlead' },
      agent,
      limit: new CallLimit(options.deadlineMs ?? DEADLINE_MS, options.signal),
      maxBytes: MAX_PEM_BYTES,
    });
    if (answer.status !== 200) throw badPem(`status ${answer.status} for its certificate`);
    const pem = answer.body.toString('latin1');
    return { pem, fingerprint: fingerprintOf(pem) };
  } finally {
    agent.destroy();
  }
}

function fingerprintOf(pem: string): string {
  try {
    return new X509Certificate(pem).fingerprint256;
  } catch {
    throw badPem('no PEM certificate');
  }
}

function badPem(detail: string): Error {
  return OvirtWireError('OVIRT_WIRE_BAD_ANSWER', { detail });
}
