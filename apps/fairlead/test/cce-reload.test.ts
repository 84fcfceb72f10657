import { readFile, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { join } from 'node:path';
import { tempDir } from '@fairlead/testkit/temp';
import { until } from '@fairlead/testkit/until';
import { expect, test } from 'vitest';
import { serve } from './support/serve.ts';

interface Answer {
  readonly status: number;
  readonly message: string;
  readonly data?: { readonly token?: string; readonly oid?: string };
}

/** One command from an address, as the trusted proxy on this machine tells it. */
function post(
  { url, ca }: { readonly url: string; readonly ca: string },
  body: object,
  headers: Readonly<Record<string, string>>,
): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const asking = request(`${url}/v2/cce`, { method: 'POST', headers, ca, agent: false, timeout: 10_000 }, (answer) => {
    let text = '';
    answer.setEncoding('utf8').on('data', (part: string) => {
      text += part;
    });
    answer.on('end', () => resolve(JSON.parse(text) as Answer));
  });
  asking.on('error', reject).end(JSON.stringify(body));
  return promise;
}

test('cce 17.111: at SIGHUP the daemon reads cced-api.conf anew: an entry that went lets nobody in, the other tokens hold', {
  timeout: 60_000,
}, async () => {
  await using folder = await tempDir('cce-');
  const [file, older] = [join(folder.path, 'fairlead.ini'), join(folder.path, 'cced-api.conf')];
  const text = [
    `[server]\nhost = 127.0.0.1\nport = 0\npublic_ip = 127.0.0.1\nstate_dir = ${folder.path}/state\nrun_dir = ${folder.path}/run`,
    `[security]\nhmac_secret = ${'a made up secret of the tests '.repeat(2)}`,
    '[cce]\nconf_file = cced-api.conf\nbackend = embedded\nfixtures = demo\ntrusted_proxies = 127.0.0.1',
  ].join('\n');
  await writeFile(file, text, { mode: 0o600 });
  await writeFile(older, 'listen_address = 127.0.0.1:0\napi_access = 203.0.113.7/32, 203.0.113.8/32\n');
  await using gateway = await serve(file);
  const api = { url: gateway.addresses.cce ?? '', ca: await readFile(join(folder.path, 'state/tls/ca.crt'), 'utf8') };
  const access = await readFile(join(folder.path, 'state/cce/access'), 'utf8');
  const login = async (address: string) => {
    const secret = new RegExp(`^${address}:(.*)$`, 'm').exec(access)?.[1] ?? '';
    const headers = { 'x-real-ip': address, 'x-client-secret': secret };
    const { data } = await post(api, { cmd: 'LOGIN' }, headers);
    return () => post(api, { cmd: 'WHOAMI', token: data?.token }, headers);
  };
  const [stays, goes] = [await login('203.0.113.7'), await login('203.0.113.8')];
  expect([await stays(), await goes()]).toMatchObject([{ data: { oid: '60' } }, { data: { oid: '60' } }]);

  await writeFile(older, 'listen_address = 127.0.0.1:0\napi_access = 203.0.113.7/32\n');
  gateway.cli.signal('SIGHUP');
  await until(async () => (await goes()).message === 'Forbidden', { timeoutMs: 20_000, what: 'the refusal' });
  expect(await stays()).toMatchObject({ status: 201, data: { oid: '60' } });

  await writeFile(older, 'api_access = 203.0.113.7/32\ntoken_lifetime = soon\n');
  gateway.cli.signal('SIGHUP');
  await until(() => gateway.cli.stdout.includes('cannot be read anew'), { timeoutMs: 20_000, what: 'the error in the log' });
  expect(await stays()).toMatchObject({ status: 201 });
  expect(await gateway.stop()).toMatchObject({ code: 0 });
});
