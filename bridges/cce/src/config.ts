import { choice, duration, flag, integer, list, networks, path, type SectionValue, section, text } from '@fairlead/kernel/config';
import { diskUnits, listenAddresses, loopbackAddress } from './config-fields.ts';

const socket = {
  backend: choice({
    default: 'socket',
    oneOf: ['socket', 'embedded'],
    doc: 'Who carries out the commands: a cced behind `unix_socket_path`, or the engine in this process.',
  }),
  unix_socket_path: path({ default: '/usr/sausalito/cced.socket', doc: 'Socket of the cced to which `backend = socket` speaks.' }),
  socket_read_timeout: duration({
    default: '30s',
    min: '1s',
    max: '1h',
    doc: 'The backend answers each command within this; keep it above the longest run of a handler (`handler_timeout`).',
  }),
} as const;

const listener = {
  listen_address: listenAddresses({
    default: ['127.0.0.1:9092'],
    doc: 'Where the HTTPS API listens, `address:port`, several parted by commas; `[::]:9092` is every address of this machine.',
  }),
  cert_file: path({
    optional: true,
    doc: 'Certificate of the API with its chain (PEM). Without it and `key_file`: /etc/cced-api/certs/certificate and key when they exist, else that of `[ssl]`.',
  }),
  key_file: path({ optional: true, doc: 'Its key (PEM).' }),
  ca_cert_file: path({
    optional: true,
    doc: 'Authorities (PEM) by which certificates of clients are checked where a client shows one. Without it /etc/cced-api/certs/ca-certs when that exists.',
  }),
  enable_http: flag({ default: false, doc: 'Serve plain HTTP too, on `http_listen_address`.' }),
  http_listen_address: loopbackAddress({ optional: true, doc: 'Where plain HTTP is served: `address:port` with a loopback address.' }),
  trusted_proxies: networks({
    optional: true,
    doc: 'Addresses or networks of proxies whose X-Real-IP or X-Forwarded-For is believed at this API; it replaces `[server] trusted_proxies` here. Empty: none.',
  }),
  max_body: integer({ default: 1_048_576, min: 1024, max: 67_108_864, doc: 'Most bytes of the body of a request.' }),
} as const;

const access = {
  api_access: list({
    default: [],
    doc: 'Addresses and networks that may call from other machines, each with a secret of its own in the file `access` of `state_dir`.',
  }),
  allow_any: flag({ default: false, doc: 'Let `*`, `0.0.0.0/0` and `::/0` count in `api_access`.' }),
  keep_revoked: flag({ default: false, doc: 'Keep lines of the file `access` whose entry left `api_access`, as comments.' }),
  remote_require_secret: flag({
    default: true,
    doc: 'Other machines show X-Client-Secret with every request, not only with LOGIN.',
  }),
  token_lifetime: duration({ default: '300s', min: '1s', max: '30d', doc: 'A token ends this long after its LOGIN.' }),
  token_sliding: flag({ default: false, doc: 'Every use of a token moves its end on by `token_lifetime`, for at most 24 hours.' }),
  api_auth_fails: integer({ default: 5, min: 1, max: 10_000, doc: 'So many failed logins within `api_ban_time` begin a ban.' }),
  api_ban_time: duration({ default: '60s', min: '1s', max: '30d', doc: 'How long a ban lasts after the last failure.' }),
  auth_fail_delay: flag({ default: true, doc: 'Answer a failed login only after 0.5 to 3 seconds.' }),
  allow_apiadmin_auth: flag({ default: false, doc: 'Let api-admin log in with AUTH on this machine.' }),
  ping_public: flag({ default: false, doc: 'Answer PING to addresses that are not in `api_access`.' }),
} as const;

const dialect = {
  error_format: choice({
    default: 'json',
    oneOf: ['json', 'text'],
    doc: 'Form of refusals that are no answer of CCE; JSON goes as text where a caller prefers text/plain.',
  }),
  message_style: choice({
    default: 'seed',
    oneOf: ['seed', 'code'],
    doc: '`message` of an answer of CCE: GOODBYE as documented, or the text of its code as newer programs send.',
  }),
  data_style: choice({
    default: 'seed',
    oneOf: ['seed', 'code'],
    doc: 'Leave out `data` where it is empty, or always send `data.DATA` as newer programs do.',
  }),
  strict_http: flag({ default: false, doc: 'HTTP 404 and 409 where the answer says so, and 200 for PING.' }),
  authkey_echo: flag({ default: false, doc: 'Repeat the session in the answer to AUTHKEY.' }),
  lowercase_getobject: flag({ default: false, doc: 'Property names of GETOBJECT in lower case, as the first program did.' }),
  login_redirect: text({ optional: true, doc: 'Where GET /v2/cce sends a browser; without it 405.' }),
  services_file: path({ optional: true, doc: 'File that GET /v2/services shows.' }),
} as const;

const transactions = {
  dts_mode: choice({
    default: 'atomic',
    oneOf: ['atomic', 'sequential'],
    doc: 'COMMIT applies all queued commands or none, or as many as succeed.',
  }),
  dts_idle: duration({ default: '300s', min: '1s', max: '24h', doc: 'A queue ends when nothing was added for this long.' }),
  dts_queue_reads: flag({ default: false, doc: 'Queue GET, FIND and NAMES too and return their data with COMMIT.' }),
} as const;

const engine = {
  schema_dir: path({ optional: true, doc: 'Folder of `*.schema` files; without it the shipped ones. Counts for the embedded engine.' }),
  conf_dir: path({ optional: true, doc: 'Folder of `*.conf` files that bind handlers to events; without it the native ones alone.' }),
  handler_dir: path({ optional: true, doc: 'Folder below which the programs of handlers and rules lie.' }),
  fixtures: text({ optional: true, doc: '`demo`, or the path of a file of objects, loaded when the engine has none.' }),
  session_timeout: duration({ default: '3600s', min: '1s', max: '30d', doc: 'A session of CCE ends when unused for this long.' }),
  session_max: duration({ default: '24h', doc: 'A session of CCE ends this long after its login; 0 means never.' }),
  handler_timeout: duration({ default: '300s', min: '1s', max: '24h', doc: 'A handler that runs longer is ended and has failed.' }),
  allow_extern_types: flag({ default: false, doc: 'Run the programs of `extern` types.' }),
  schema_strict_bool: flag({
    default: true,
    doc: '`no`, `false` and `off` are false in a schema; `false` here: true, as in the original.',
  }),
  password_max: integer({ default: 128, min: 8, max: 1024, doc: 'Most bytes of a password.' }),
  legacy_md5: flag({ default: false, doc: 'Fill `md5_password` as well; a weak form of the password.' }),
} as const;

const sockets = {
  serve_socket: path({ optional: true, doc: 'Serve CSCP over the embedded engine here; a connection begins without rights.' }),
  admin_socket: path({ optional: true, doc: 'Serve CSCP here with all rights, to the user of this program and root (mode 0600).' }),
  max_connections: integer({ default: 1024, min: 1, max: 65_536, doc: 'Most connections to each of these sockets.' }),
  extensions: flag({ default: false, doc: 'Offer VERSION, SCHEMA and WATCH on the sockets.' }),
} as const;

const place = {
  state_dir: path({
    optional: true,
    doc: 'Holds `access`, `master.key` and `api-admin.passwd`; without it `cce` below `[server] state_dir`.',
  }),
  host_id: text({
    default: 'main',
    matches: { pattern: /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/, words: 'letters, digits, dots, dashes, at most 63' },
    doc: 'Name of this BlueOnyx, kept for ever: it is part of item keys.',
  }),
  disk_units: diskUnits({ default: ['used=MiB', 'quota=MiB'], doc: 'What `Disk.used` and `Disk.quota` count in: B, KiB or MiB.' }),
  logging: flag({ default: true, doc: 'Log every command.' }),
  debuglog: flag({ default: false, doc: 'Log what only a developer wants to know.' }),
} as const;

const CceConfig = section(
  'cce',
  {
    enabled: flag({ default: true, doc: 'Serve the JSON API of BlueOnyx.' }),
    conf_file: path({ optional: true, doc: 'A `cced-api.conf` whose keys count where this section does not have them.' }),
    ...socket,
    ...listener,
    ...access,
    ...dialect,
    ...transactions,
    ...engine,
    ...sockets,
    ...place,
  },
  { doc: 'The JSON API of BlueOnyx, over a cced or over the embedded engine.', fileKey: 'conf_file' },
);

export const sections = [CceConfig] as const;

/** `[cce]` as the parts of this bridge read it; spans of time are in milliseconds. */
export type CceSettings = SectionValue<typeof CceConfig>;
