import { choice, duration, flag, list, path, type SectionValues, secret, section, text, url } from '@fairlead/kernel/config';

const zones = list({ default: [], doc: 'Names or ids of the zones that may be seen; empty: all.' });
const pools = list({ default: [], doc: 'Names or ids of the primary storage pools that may be seen; empty: all.' });
const networks = list({ default: [], doc: 'Names or ids of the networks that may be seen; empty: all.' });

const OvirtConfig = section(
  'ovirt',
  {
    enabled: flag({ default: true, doc: 'Serve the oVirt-compatible API (counts where a section of the bridge is there).' }),
    backend: choice({
      default: 'auto',
      oneOf: ['auto', 'host-agent', 'none'],
      doc: 'Who reads and writes images: the agents of the KVM hosts, or nobody (read-only API).',
    }),
    token_idle: duration({ default: '1h', min: '1m', max: '24h', doc: 'An SSO token ends when unused for this long.' }),
    token_max: duration({ default: '24h', min: '1m', max: '7d', doc: 'An SSO token ends this long after its issue.' }),
    inventory_refresh: duration({ default: '60s', min: '1s', max: '1h', doc: 'The kept inventory is read anew this often.' }),
    zones,
    pools,
    networks,
  },
  { doc: 'The oVirt-compatible API in front of CloudStack.' },
);

const OvirtProfileConfig = section(
  'ovirt_profile',
  {
    domain: text({
      optional: true,
      doc: 'Path of the CloudStack domain that users of this profile log in to; without it the profile itself.',
    }),
    zones,
    pools,
    networks,
  },
  {
    header: 'ovirt profile',
    named: 'name',
    doc: 'What users of one profile (`user@profile`) see; lists given here replace those of `[ovirt]`.',
  },
);

const CloudStackConfig = section(
  'cloudstack',
  {
    endpoint: url({ doc: 'CloudStack endpoint, ending in /client/api.' }),
    name: text({ default: 'main', doc: 'Name of this cloud, kept for ever: it is part of item keys.' }),
    api_key: secret({ optional: true, doc: 'API key of the service account, a root admin. Without it images cannot be read or written.' }),
    secret_key: secret({ optional: true, doc: 'Secret key of the service account.' }),
    ca_file: path({ optional: true, doc: 'PEM of the authority that signed the certificate of CloudStack, where it is not a public one.' }),
    verify: flag({ default: true, doc: 'Check the certificate of CloudStack.' }),
  },
  { doc: 'The CloudStack management server behind the oVirt API.' },
);

export const sections = [OvirtConfig, OvirtProfileConfig, CloudStackConfig] as const;

/** All settings of this bridge, as its parts read them. */
export type OvirtSettings = SectionValues<typeof sections>;
