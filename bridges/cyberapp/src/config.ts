import {
  choice,
  duration,
  flag,
  integer,
  list,
  listenAddress,
  networks,
  path,
  type SectionValues,
  secret,
  section,
  text,
  url,
} from '@fairlead/kernel/config';

const CyberappConfig = section(
  'cyberapp',
  {
    enabled: flag({ default: true, doc: 'Answer the callbacks of Acronis (counts where a section of the bridge is there).' }),
    app_code: text({
      doc: 'Code of the CyberApp as the Vendor Portal has it: vendor.application.',
      max: 128,
      matches: { pattern: /^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$/, words: 'vendor.application, both in small letters, digits and _' },
    }),
    paths: list({ default: ['/callback'], max: 16, doc: 'Paths at which callbacks are taken.' }),
    enablement: choice({
      default: 'mapped',
      oneOf: ['mapped', 'mirrored'],
      doc: 'How partners enable the app: with credentials of ours, or mirrored from Acronis.',
    }),
    request_token: choice({
      default: 'required',
      oneOf: ['required', 'if_present', 'off'],
      doc: 'Whether a request must bear the signed token of Acronis. Anything but `required` is for tests on loopback.',
    }),
    i_know: text({ optional: true, doc: 'Must be `callbacks-are-unsigned` for a weaker `request_token` on a public listener.' }),
    jwt_issuers: list({
      default: [],
      max: 8,
      doc: 'Issuers and where their keys are, `issuer=keys-url`, in place of those of Acronis: for its fake.',
    }),
    datacenter_hosts: list({
      default: [],
      max: 32,
      doc: 'Hosts that `datacenter_url` may name, `*` stands for one label; empty: those of Acronis.',
    }),
    allow_from: networks({ default: [], doc: 'Addresses that callbacks may come from; empty: any.' }),
    declared_errors: flag({ default: true, doc: 'Answer user callbacks with the errors that the app version has registered.' }),
    user_management: flag({ default: true, doc: 'Offer the callbacks of the user page.' }),
    inventory_callbacks: flag({ default: false, doc: 'Offer the callbacks that read inventory and state of the connector.' }),
    max_body: integer({ default: 4_194_304, min: 65_536, max: 67_108_864, doc: 'Longest body of a callback in bytes.' }),
    topology_limit: integer({ default: 20_000, min: 1, max: 100_000, doc: 'Most customers in one answer.' }),
    argon2_memory_kib: integer({ default: 65_536, min: 8192, max: 262_144, doc: 'Cost of a password of a partner: memory in KiB.' }),
    argon2_time: integer({ default: 3, min: 1, max: 10, doc: 'Cost of a password of a partner: passes.' }),
    argon2_parallelism: integer({ default: 4, min: 1, max: 16, doc: 'Cost of a password of a partner: lanes.' }),
    argon2_concurrency: integer({ default: 4, min: 1, max: 64, doc: 'Passwords that are verified at once; 32 more may wait.' }),
    auth_cache: duration({ default: '30s', max: '10m', doc: 'A verified password is remembered (as a digest) for this long; 0 never.' }),
    lock_after: integer({ default: 10, min: 1, max: 1000, doc: 'Wrong passwords of an identity within 10 minutes until it is locked.' }),
    lock_for: duration({ default: '15m', min: '1s', max: '24h', doc: 'First lock of an identity; each further one is twice as long.' }),
    lock_max: duration({ default: '24h', min: '1s', max: '30d', doc: 'Longest lock of an identity.' }),
    replay_keep: duration({
      default: '24h',
      min: '1m',
      max: '30d',
      doc: 'The answer to a write is repeated for the same request for this long.',
    }),
    listen_address: listenAddress({
      default: '[::]:8444',
      doc: 'Address and port of the callback listener; a loopback address for tests.',
    }),
    cert_file: path({
      optional: true,
      doc: 'Certificate of the callback listener, publicly trusted; else the certificate of the gateway.',
    }),
    key_file: path({ optional: true, doc: 'Its key.' }),
  },
  { doc: 'The callback handler of the Acronis CyberApp.' },
);

const dataCenter = {
  client_id: text({ optional: true, doc: 'Id of the API client of the app.' }),
  client_secret: secret({ optional: true, doc: 'Its secret.' }),
  dc_url: url({ optional: true, oneOf: ['https'], doc: 'Base URL of the data center, as https://eu8-cloud.acronis.com.' }),
};

const ConnectorConfig = section(
  'connector',
  {
    enabled: flag({ default: true, doc: 'Push workloads and alerts (counts where a section of the bridge is there).' }),
    file: path({ optional: true, doc: 'A connector.json: `client_id`, `client_secret`, `dc_url`, or a list of them as `datacenters`.' }),
    ...dataCenter,
    interval: duration({ default: '30m', min: '10s', max: '24h', doc: 'Time between two full runs.' }),
    push: list({ default: ['workloads', 'alerts'], oneOf: ['workloads', 'alerts'], doc: 'What is sent.' }),
    batch_size: integer({ default: 50, min: 1, max: 1000, doc: 'Workloads in one request.' }),
    dc_concurrency: integer({ default: 4, min: 1, max: 64, doc: 'Tenants of a data center that are worked on at once.' }),
    requests_per_second: integer({ default: 5, min: 1, max: 1000, doc: 'Requests to a data center in a second; twice as many at once.' }),
    delete_grace: duration({ default: '1h', max: '30d', doc: 'A workload that is gone is removed after this time at the earliest.' }),
    max_delete_share: integer({
      default: 30,
      min: 0,
      max: 100,
      doc: 'Percent of an organization that may vanish at once before nothing is removed.',
    }),
    on_unmap: choice({
      default: 'remove',
      oneOf: ['remove', 'keep'],
      doc: 'What becomes of workloads and alerts of a tenant that is no longer mapped.',
    }),
    adopt_grace: duration({ default: '15m', min: '10s', max: '24h', doc: 'A creation without an answer is not repeated before this.' }),
    volatile_refresh: duration({ default: '6h', min: '1m', max: '7d', doc: 'Attributes that change all the time are sent this often.' }),
    reconcile_interval: duration({ default: '1h', min: '1m', max: '7d', doc: 'Alerts are compared with those of Acronis this often.' }),
    send_external_id: choice({
      default: 'auto',
      oneOf: ['auto', 'yes', 'no'],
      doc: 'Whether workloads are created with our key as `external_id`.',
    }),
    alert_resource: choice({
      default: 'top',
      oneOf: ['top', 'details', 'both', 'off'],
      doc: 'Where an alert names its workload.',
    }),
    backup_overdue_after: duration({
      default: '36h',
      min: '1h',
      max: '90d',
      doc: 'A machine without a good backup for this long is overdue.',
    }),
    certificate_days: integer({ default: 21, min: 1, max: 365, doc: 'Days before the end of a certificate at which an alert is raised.' }),
    quota_near_percent: integer({ default: 90, min: 1, max: 99, doc: 'Share of a quota at which an alert is raised.' }),
    service_expiry_days: integer({ default: 30, min: 1, max: 365, doc: 'Days before the end of a service at which an alert is raised.' }),
    source_error_after: duration({
      default: '15m',
      min: '1m',
      max: '24h',
      doc: 'A system that does not answer for this long is an alert.',
    }),
    re_raise_after: duration({
      optional: true,
      min: '1h',
      max: '90d',
      doc: 'An alert that a person dismissed is raised again after this; never without it.',
    }),
    console_links: flag({ default: false, doc: 'Add a link to the console to workloads.' }),
    ca: path({ optional: true, doc: 'PEM of further authorities that data centers are verified with.' }),
    allow_private: flag({ default: false, doc: 'Allow data centers at private addresses: for the fake.' }),
    strict_permissions: flag({ default: false, doc: 'Refuse a file of secrets that others may read, in place of a warning.' }),
    instance_id: text({ optional: true, max: 64, doc: 'Part of the source that alerts name; made once when absent.' }),
    manifest_version: text({
      optional: true,
      max: 16,
      doc: 'Version of types and attributes that the Vendor Portal has; the newest when absent.',
    }),
  },
  { doc: 'The connector that pushes workloads and alerts to Acronis.' },
);

const ConnectorDatacenterConfig = section('connector_dc', dataCenter, {
  header: 'connector',
  named: 'dc',
  doc: 'One of several data centers, each with the API client of the app there.',
});

export const sections = [CyberappConfig, ConnectorConfig, ConnectorDatacenterConfig] as const;

/** All settings of this bridge, as its parts read them. */
export type CyberappBridgeSettings = SectionValues<typeof sections>;
export type CyberappSettings = CyberappBridgeSettings['cyberapp'];
export type ConnectorSettings = CyberappBridgeSettings['connector'];
