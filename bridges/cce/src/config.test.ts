import { loadConfig, parseListenAddress } from '@fairlead/kernel/config';
import { expect, test } from 'vitest';
import { sections } from './config.ts';

function load(keys: string, env: Record<string, string> = {}) {
  return loadConfig({ file: '/etc/fairlead/fairlead.ini', text: `[cce]\n${keys}`, env, sections });
}

const read = (keys: string, env: Record<string, string> = {}) => load(keys, env).value(sections[0]);

test('cce 9: without keys the defaults of the document count', () => {
  expect(read('')).toMatchObject({
    enabled: true,
    backend: 'socket',
    unix_socket_path: '/usr/sausalito/cced.socket',
    socket_read_timeout: 30_000,
    listen_address: ['127.0.0.1:9092'],
    enable_http: false,
    logging: true,
    debuglog: false,
    api_access: [],
    token_lifetime: 300_000,
    api_auth_fails: 5,
    api_ban_time: 60_000,
    host_id: 'main',
    disk_units: { used: 1_048_576, quota: 1_048_576 },
    session_timeout: 3_600_000,
    max_body: 1_048_576,
    error_format: 'json',
    message_style: 'seed',
    data_style: 'seed',
    strict_http: false,
    dts_mode: 'atomic',
    ping_public: false,
    remote_require_secret: true,
    allow_apiadmin_auth: false,
  });
});

test('every key that the older program knows is read as it stands in its file', () => {
  const values = read(
    [
      'unix_socket_path = /usr/sausalito/cced.socket',
      'socket_read_timeout = 300',
      'listen_address = 127.0.0.1:9092, [::1]:9092',
      'cert_file = /etc/cced-api/certs/certificate',
      'key_file = /etc/cced-api/certs/key',
      'ca_cert_file = /etc/cced-api/certs/ca-certs',
      'enable_http = false',
      'logging = true',
      'debuglog = false',
      'api_access = 191.89.131.84/32 , 10.0.0.5,not-an-address, 2001:db8::/32',
      'token_lifetime = 300',
      'api_auth_fails = 5',
      'api_ban_time = 60',
    ].join('\n'),
  );

  expect(values.listen_address).toEqual(['127.0.0.1:9092', '[::1]:9092']);
  expect(values.api_access).toEqual(['191.89.131.84/32', '10.0.0.5', 'not-an-address', '2001:db8::/32']);
  expect(values.socket_read_timeout).toBe(300_000);
});

test.each([
  ['token_lifetime = soon', '[cce] token_lifetime'],
  ['api_auth_fails = 0', '[cce] api_auth_fails'],
  ['listen_address = 127.0.0.1', '[cce] listen_address'],
  ['listen_address = 127.0.0.1:70000', '[cce] listen_address'],
  ['http_listen_address = 192.0.2.1:9080', '[cce] http_listen_address'],
  ['http_listen_address = localhost:9080', '[cce] http_listen_address'],
  ['http_listen_address = 0.0.0.0:9080', '[cce] http_listen_address'],
  ['disk_units = used=MB', '[cce] disk_units'],
  ['trusted_proxies = gateway', '[cce] trusted_proxies'],
  ['backend = both', '[cce] backend'],
])('%s is a mistake of line 2', (key, where) => {
  expect(() => load(`${key}\n`)).toThrow(`fairlead.ini:2: ${where}: found `);
});

test('units of disks and variables of the environment', () => {
  expect(read('disk_units = used=KiB').disk_units).toEqual({ used: 1024, quota: 1_048_576 });
  expect(read('api_ban_time = 90', { FAIRLEAD_CCE_API_BAN_TIME: '2m' }).api_ban_time).toBe(120_000);
  expect(read('http_listen_address = [::1]:9080').http_listen_address).toBe('[::1]:9080');
});

test.each([
  ['127.0.0.1:9092', { host: '127.0.0.1', port: 9092 }],
  ['[::]:0', { host: '::', port: 0 }],
  ['api.example.net:443', { host: 'api.example.net', port: 443 }],
  ['::1:9092', undefined],
  [':9092', undefined],
  ['127.0.0.1:', undefined],
  ['[]:1', undefined],
])('%s is listened on as %o', (text, expected) => {
  expect(parseListenAddress(text)).toEqual(expected);
});
