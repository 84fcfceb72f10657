import { duration, flag, integer, list, path, type SectionValues, secret, section, text } from '@fairlead/kernel/config';

const OvhConfig = section(
  'ovh',
  {
    enabled: flag({ default: true, doc: 'Read what the accounts at OVHcloud run (counts where a section of the bridge is there).' }),
    conf_file: path({
      optional: true,
      doc: 'An `ovh.conf` with keys of accounts; without a section `[ovh <account>]` its default is the account `default`. No other file and no `OVH_*` variable is read.',
    }),
    refresh: duration({ default: '30m', min: '10s', max: '7d', doc: 'The kept inventory of an account is read anew this often.' }),
    expiry_days: integer({
      default: 60,
      min: 1,
      max: 3650,
      doc: 'A consumer key that ends within so many days is told in log and health.',
    }),
  },
  { doc: 'The accounts at OVHcloud whose servers, instances, domains and addresses are in the inventory.' },
);

const OvhAccountConfig = section(
  'ovh_account',
  {
    endpoint: text({
      optional: true,
      doc: 'Where the account is: `ovh-eu`, `ovh-ca`, `ovh-us` … or a URL. Without it that of `conf_file`, else `ovh-eu`.',
    }),
    profile: text({ optional: true, doc: 'Take everything from `[profile:<name>]` of `conf_file` instead of from the keys here.' }),
    application_key: secret({ optional: true, doc: 'Key of the application.' }),
    application_secret: secret({ optional: true, doc: 'Secret of the application.' }),
    consumer_key: secret({ optional: true, doc: 'Key that the owner of the account has validated for the application.' }),
    client_id: secret({ optional: true, doc: 'Id of a service account (OAuth2), instead of the three keys above.' }),
    client_secret: secret({ optional: true, doc: 'Secret of the service account.' }),
    access_token: secret({ optional: true, doc: 'A token that is used as it is, instead of the above.' }),
    kinds: list({
      default: ['baremetal', 'vps', 'cloud-instance', 'domain', 'ip'],
      oneOf: ['baremetal', 'vps', 'cloud-instance', 'domain', 'ip'],
      doc: 'What is read of the account; for what is not read the consumer key needs no rule.',
    }),
    ca_file: path({
      optional: true,
      doc: 'PEM of authorities trusted besides the public ones, where a proxy or a private endpoint needs them.',
    }),
    proxy: secret({
      optional: true,
      doc: 'Proxy to the API, `http(s)://[user:password@]host[:port]`; variables as HTTPS_PROXY do not count.',
    }),
  },
  {
    header: 'ovh',
    named: 'account',
    doc: 'One account at OVHcloud: keys here, or a profile of `conf_file`. The name is part of selectors (`service <account>/<name>`).',
  },
);

export const sections = [OvhConfig, OvhAccountConfig] as const;

/** All settings of this bridge, as its parts read them. */
export type OvhSettings = SectionValues<typeof sections>;
