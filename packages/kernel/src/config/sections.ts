import { choice, duration, list, networks, path, port, secret, text } from './fields.ts';
import { section } from './section.ts';

export const ServerSection = section(
  'server',
  {
    host: text({ default: '::', doc: 'Address to listen on; :: is every address of this machine.' }),
    port: port({ default: 8443, doc: 'Port of the control faces.' }),
    path: text({
      default: '/ovirt-engine',
      matches: { pattern: /^(\/[A-Za-z0-9._~-]+)+$/, words: 'a path such as /ovirt-engine' },
      doc: 'Base path of the oVirt face.',
    }),
    public_ip: list({
      default: [],
      doc: 'Names and addresses by which clients reach this gateway, for certificates and URLs; the first is used in URLs.',
    }),
    trusted_proxies: networks({ default: [], doc: 'Addresses or networks (CIDR) of proxies whose X-Forwarded-For is believed.' }),
    ops_allow_from: networks({
      default: ['127.0.0.0/8', '::1/128'],
      doc: 'Addresses or networks that may read /metrics and the details of /readyz.',
    }),
    state_dir: path({ default: '/var/lib/fairlead', doc: 'Where state is kept.' }),
    run_dir: path({ default: '/run/fairlead', doc: 'Where sockets are made.' }),
  },
  { doc: 'The gateway itself.' },
);

export const SslSection = section(
  'ssl',
  {
    ca_cert_file: path({ optional: true, doc: 'Certificate of the authority (PEM).' }),
    ca_key_file: path({ optional: true, doc: 'Its key (PEM): with it, missing certificates are made.' }),
    cert_file: path({ optional: true, doc: 'Certificate of the server with its chain (PEM).' }),
    key_file: path({ optional: true, doc: 'Its key (PEM).' }),
  },
  {
    doc: 'Certificates. Without these keys /etc/fairlead/tls/{ca,server}.{crt,key} are used when they exist, else own ones are made and kept.',
  },
);

/** Secrets that stand in published samples; compared in lower case. */
const published = ['very-long-random-secret', 'change-me', 'changeme', 'please-change-me-to-a-long-random-secret'];

export const SecuritySection = section(
  'security',
  {
    hmac_secret: secret({ min: 32, noneOf: published, doc: 'The server secret: digests and sealed values in the store are made with it.' }),
    former_hmac_secret: secret({ optional: true, min: 32, doc: 'The secret before the last change, still accepted for reading.' }),
  },
  { doc: 'The secret of the store.' },
);

export const LoggingSection = section(
  'logging',
  {
    level: choice({
      default: 'info',
      oneOf: ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'],
      synonyms: { WARNING: 'warn', CRITICAL: 'fatal' },
      doc: 'Least level that is logged; DEBUG, INFO, WARNING, ERROR and CRITICAL are understood too.',
    }),
    file: path({ optional: true, doc: 'Log to this file instead of the standard output.' }),
  },
  { doc: 'The log: JSON lines.' },
);

export const StoreSection = section(
  'store',
  {
    url: secret({
      optional: true,
      doc: 'postgres://user:password@host/database, or sqlite:/path; without it fairlead.db below state_dir.',
    }),
  },
  { doc: 'Where rows are kept.' },
);

export const AuditSection = section(
  'audit',
  { keep: duration({ default: '400d', min: '1d', doc: 'How long audit rows are kept.' }) },
  { doc: 'The record of what was done by whom.' },
);

/** The sections that the kernel reads, in the order of the reference. */
export const kernelSections = [ServerSection, SslSection, SecuritySection, LoggingSection, StoreSection, AuditSection] as const;
