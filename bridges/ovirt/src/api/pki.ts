import { OvirtError } from '../errors.ts';
import { opensshKey } from '../map/openssh.ts';
import type { Parts } from '../service/parts.ts';
import type { PlainRoute } from './plain-calls.ts';
import type { RawAnswer } from './route.ts';

const CA_TYPE = 'application/x-x509-ca-cert';
const CERT_TYPE = 'application/x-x509-cert';

/** Certificates and health, for everybody (ovirt 3.2, 3.6). The CA comes first: it signs the data plane too. */
export function pkiRoutes(parts: Parts): readonly PlainRoute[] {
  const { authority } = parts.context;
  const ca = async () => pem(CA_TYPE, authority.bundlePem, 'ca.crt');
  const ok = async (): Promise<RawAnswer> => ({ status: 200, raw: { contentType: 'text/plain', body: 'OK' } });
  const resource = async ({ query }: { readonly query: URLSearchParams }) =>
    pkiResource(parts, query.get('resource') ?? 'ca-certificate', query.get('format') ?? undefined);
  return [
    { methods: ['GET'], path: '/services/pki-resource', handle: resource },
    { methods: ['GET'], path: '/ca.crt', handle: ca },
    { methods: ['GET'], path: '/services/health', handle: ok },
    { methods: ['GET'], path: '/sso/status', handle: ok },
  ];
}

function pkiResource(parts: Parts, resource: string, format: string | undefined): RawAnswer {
  const { authority } = parts.context;
  const server = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----\n?/.exec(authority.server().cert)?.[0] ?? '';
  switch (`${resource} ${format ?? ''}`) {
    case 'ca-certificate ':
    case 'ca-certificate X509-PEM-CA':
      return pem(CA_TYPE, authority.bundlePem);
    case 'ca-certificate X509-PEM':
      return pem(CERT_TYPE, authority.bundlePem);
    case 'engine-certificate ':
    case 'engine-certificate X509-PEM':
      return pem(CERT_TYPE, server);
    case 'engine-certificate OPENSSH-PUBKEY':
      return openssh(server);
    case 'qemu-ca-certificate ':
    case 'qemu-ca-certificate X509-PEM-CA':
      return pem(CA_TYPE, authority.caPem);
    default:
      throw OvirtError('OVIRT_BAD_REQUEST', { text: 'There is no such PKI resource in that format' });
  }
}

function openssh(server: string): RawAnswer {
  const body = opensshKey(server);
  if (body === undefined) throw OvirtError('OVIRT_BAD_REQUEST', { text: 'The key of the certificate has no OpenSSH form' });
  return { status: 200, raw: { contentType: 'text/plain', body } };
}

function pem(contentType: string, body: string, filename = 'pki-resource.cer'): RawAnswer {
  return { status: 200, raw: { contentType, body, headers: { 'content-disposition': `attachment; filename="${filename}"` } } };
}
