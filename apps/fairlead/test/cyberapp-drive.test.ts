import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { CallbackDriver } from '@fairlead/acronis/fake';
import { newUuid } from '@fairlead/kernel/ids';
import { describe, expect, test } from 'vitest';
import { RunningCli } from './support/cli.ts';
import { APP, cyberappGateway } from './support/cyberapp.ts';
import { inProcess } from './support/output.ts';

/** The lines `name  value` of a fake that runs. */
async function linesOf(fake: RunningCli): Promise<ReadonlyMap<string, string>> {
  await fake.says(/^control /m);
  return new Map([...fake.stdout.matchAll(/^(\S+(?: \S+)*) {2,}(\S+)$/gm)].map(([, name = '', value = '']) => [name, value]));
}

describe('fake acronis', () => {
  test('tells what its clients need, lets its API client in, and signs', async () => {
    await using fake = new RunningCli(['fake', 'acronis', '--customers', '1', '--tls', '--app', 'vendor.app']);
    const lines = await linesOf(fake);
    const url = lines.get('url') ?? '';
    expect(url).toMatch(/^https:/);
    expect(lines.get('jwt issuers')).toBe(`${lines.get('issuer')}=${lines.get('keys url')}`);
    expect(lines.get('app code')).toBe('vendor.app');
    for (const name of ['partner', 'customer', 'client id', 'client secret']) expect(lines.get(name)).toMatch(/^[0-9a-f-]{36}$/);
    expect(lines.get('ca file')).toMatch(/ca\.crt$/);
    fake.signal('SIGTERM');
    expect(await fake.ended).toMatchObject({ code: 0, stderr: '' });
  });

  test('the same seed gives the same ids', async () => {
    await using one = new RunningCli(['fake', 'acronis', '--seed', '7']);
    await using other = new RunningCli(['fake', 'acronis', '--seed', '7']);
    const [first, second] = [await linesOf(one), await linesOf(other)];
    for (const name of ['client id', 'client secret', 'partner']) expect(first.get(name)).toBe(second.get(name));
    const handlers = await cyberappGateway({ issuers: first.get('jwt issuers') ?? '' });
    await using gateway = handlers;
    // In another process than the handler and the driver, as a person runs it.
    expect(await gateway.drive('enable', '--fake', first.get('url') ?? '')).toMatchObject({ code: 0 });
  });

  test.each([[['--app', 'nothing']], [['--customers', '-1']], [['--port', 'x']]])('%j is a mistake in the command line', async (words) => {
    expect(await inProcess(['fake', 'acronis', ...words])).toMatchObject({ code: 64, stdout: '' });
  });
});

describe('drive', () => {
  test('cyberapp 9.173: acceptance prints the checks of Acronis, all of them good, and what came is found in the audit', async () => {
    await using gateway = await cyberappGateway();
    const played = await gateway.drive('acceptance');
    expect(played).toMatchObject({ code: 0, stderr: '' });
    expect(played.stdout).toMatch(/^acceptance: good \(\d{2} good, 0 failed, 0 skipped\)$/m);
    for (const check of [
      'X-CyberApp-Extra is parsed',
      'a token of another app is refused',
      'a wrong password is refused at enablement',
      'another tenant is refused',
    ])
      expect(played.stdout).toMatch(new RegExp(`^ {2}ok +${check}`, 'm'));
    expect(played.stdout).not.toContain('correct horse');
    const asJson = JSON.parse((await gateway.drive('acceptance', '--json')).stdout) as { ok: boolean; checks: unknown[] };
    expect(asJson.ok).toBe(true);
  });

  test('a scenario with several accounts takes each of them from a file', async () => {
    await using gateway = await cyberappGateway();
    const of = (login: string) => `${login}:${gateway.passwordFile}`;
    for (const [scenario, ...words] of [
      ['change-credentials', '--second', of('p1b'), '--stranger', of('p2')],
      ['two-partners', '--stranger', of('p2')],
      ['sub-partner', '--sub', of('s')],
    ] as const)
      expect(await gateway.drive(scenario, ...words)).toMatchObject({ code: 0 });
    expect(await gateway.drive('two-partners')).toMatchObject({ code: 64, stderr: expect.stringContaining('--stranger') });
  });

  test('cyberapp 9.173: of a handler that ignores request tokens exactly those checks are told', async () => {
    await using gateway = await cyberappGateway({ keys: 'request_token = off' });
    const played = await gateway.drive('acceptance');
    expect(played.code).toBe(1);
    const failed = [...played.stdout.matchAll(/^ {2}FAILED +(.+?) {2,}/gm)].map(([, check]) => check);
    expect(failed).toEqual(['a request without token is refused', 'a corrupted token is refused', 'a token of another app is refused']);
  });

  test('keys can be made for one play', async () => {
    const port = await freePort();
    await using gateway = await cyberappGateway({ issuers: `https://acronis.cloud=http://127.0.0.1:${port}/api/idp/v1/keys` });
    const played = await gateway.drive('map', '--keys-port', String(port));
    expect(played).toMatchObject({
      code: 0,
      stderr: expect.stringContaining(`jwt_issuers = https://acronis.cloud=http://127.0.0.1:${port}/`),
    });
  });

  test('a partner who is enabled is not touched unless that is meant', async () => {
    await using gateway = await cyberappGateway();
    const tenantId = newUuid();
    const { signer } = gateway.fake;
    const driver = new CallbackDriver({
      ...{ url: gateway.url, appCode: APP, tenantId, signer, identity: 'p1', password: 'correct horse' },
      ca: await readFile(gateway.caFile, 'utf8'),
      datacenterUrl: 'https://eu8.acronis.cloud',
    });
    const { payload } = await driver.enablementRead();
    await driver.enablementWrite((payload as { vendor_tenant_id: string }).vendor_tenant_id, tenantId);
    expect(await gateway.drive('enable')).toMatchObject({ code: 64, stderr: expect.stringContaining('--reset') });
    expect((await driver.enablementRead()).payload).toMatchObject({ acronis_tenant_id: tenantId });
    expect(await gateway.drive('enable', '--reset')).toMatchObject({ code: 0 });
  });

  test('words that do not fit, and accounts that are not let in', async () => {
    await using gateway = await cyberappGateway();
    expect(await gateway.drive('nothing')).toMatchObject({ code: 64, stderr: expect.stringContaining('acceptance') });
    expect(await gateway.drive('full-story')).toMatchObject({ code: 64 });
    expect(await gateway.drive('enable', '--login', 'nobody')).toMatchObject({ code: 69, stderr: expect.stringContaining('status 401') });
    expect(await gateway.drive('enable', '--app', 'other.app')).toMatchObject({ code: 69 });
    expect(await inProcess(['cyberapp', 'drive', 'enable', '--url', gateway.url])).toMatchObject({ code: 64 });
  });
});

describe('request show', () => {
  test('prints what became of a callback, each time that it came', async () => {
    await using gateway = await cyberappGateway();
    const requestId = newUuid();
    const { signer } = gateway.fake;
    const driver = new CallbackDriver({
      ...{ url: gateway.url, appCode: APP, tenantId: newUuid(), signer, identity: 'p1', password: 'correct horse' },
      ca: await readFile(gateway.caFile, 'utf8'),
      datacenterUrl: 'https://eu8.acronis.cloud',
    });
    await driver.enablementReset({ requestId });
    await driver.retry();
    const shown = await gateway.care('request', 'show', requestId.toUpperCase());
    expect(shown.code).toBe(0);
    expect(shown.stdout.match(/enablement\.reset: ok/g)).toHaveLength(2);
    expect(shown.stdout).toMatch(/^ {2}replayed +true$/m);
    expect(shown.stdout).toMatch(/^ {2}login +p1$/m);
    expect(JSON.parse((await gateway.care('request', 'show', requestId, '--json')).stdout)).toHaveLength(2);
    expect(await gateway.care('request', 'show', newUuid())).toMatchObject({ code: 66 });
    expect(await gateway.care('request', 'show', 'x')).toMatchObject({ code: 64 });
  });
});

async function freePort(): Promise<number> {
  const server = createServer();
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', resolve);
  await promise;
  const { port } = server.address() as { port: number };
  const { promise: closed, resolve: isClosed } = Promise.withResolvers<void>();
  server.close(() => isClosed());
  await closed;
  return port;
}
