import { describe, expect, test } from 'vitest';
import { readResource, writeCollection, writeFault, writeResource } from '../src/codec/index.ts';
import { fetchCa, OvirtClient } from '../src/index.ts';
import { type Reply, type Seen, TOKEN_PATH, testEngine } from './support/engine.ts';

const PASSWORD = 'p&ss=word+';

interface Scene extends AsyncDisposable {
  readonly client: OvirtClient;
  readonly to: (path: string) => Seen[];
  readonly url: string;
  readonly ca: string;
}

/** A client and an engine that answers by method and path; what is not named is 404. */
async function scene(
  routes: Readonly<Record<string, Reply | ((request: Seen) => Reply | undefined)>>,
  more: { maxAnswerBytes?: number } = {},
): Promise<Scene> {
  const engine = await testEngine((request) => {
    const route = routes[`${request.method} ${request.url}`];
    return typeof route === 'function' ? route(request) : route;
  });
  const client = new OvirtClient({ url: `${engine.url}/api/`, username: 'admin@internal', password: PASSWORD, ca: engine.ca, ...more });
  return {
    client,
    to: engine.to,
    url: engine.url,
    ca: engine.ca,
    [Symbol.asyncDispose]: async () => {
      client.close();
      await engine[Symbol.asyncDispose]();
    },
  };
}

const xml = (body: string, status = 200): Reply => ({ status, body });

describe('login', () => {
  test('one token serves all calls, also those at the same time', async () => {
    await using s = await scene({
      'GET /api': xml('<api><product_info><name>oVirt Engine</name></product_info></api>'),
      'GET /api/vms': xml('<vms/>'),
    });

    const [api, vms] = await Promise.all([s.client.api(), s.client.listVms(), s.client.api()]);

    expect(api.product_info?.name).toBe('oVirt Engine');
    expect(vms).toEqual([]);
    expect(s.to(TOKEN_PATH)).toHaveLength(1);
    expect(Object.fromEntries(new URLSearchParams(s.to(TOKEN_PATH)[0]?.body))).toEqual({
      grant_type: 'password',
      username: 'admin@internal',
      password: PASSWORD,
      scope: 'ovirt-app-api',
    });
    expect(s.to('/api')[0]?.headers).toMatchObject({ authorization: 'Bearer t1', accept: 'application/xml', version: '4' });
  });

  test('a token that has run out is renewed once, for all who hold it', async () => {
    const needsSecond = (request: Seen): Reply => (request.headers.authorization === 'Bearer t2' ? xml('<vms/>') : xml('<fault/>', 401));
    await using s = await scene({ 'GET /api/vms': needsSecond });

    await Promise.all([s.client.listVms(), s.client.listVms(), s.client.listVms()]);
    await s.client.listVms();

    expect(s.to(TOKEN_PATH)).toHaveLength(2);
  });

  test('a second refusal is an error', async () => {
    await using s = await scene({ 'GET /api/vms': xml(writeFault({ reason: 'no', detail: 'not you' }, 'xml'), 401) });

    await expect(s.client.listVms()).rejects.toMatchObject({
      code: 'OVIRT_WIRE_LOGIN_REFUSED',
      detail: { status: 401, detail: 'not you' },
    });
    expect(s.to('/api/vms')).toHaveLength(2);
  });

  test('a login that is not possible now is no refusal of the credentials', async () => {
    const body = '{"error_code":"server_error","error":"CloudStack cannot be reached"}';
    await using s = await scene({ [`POST ${TOKEN_PATH}`]: { status: 503, body } });

    await expect(s.client.api()).rejects.toMatchObject({
      code: 'OVIRT_WIRE_FAULT',
      detail: { status: 503, detail: 'CloudStack cannot be reached' },
    });
  });

  test.each([
    ['{"error_code":"access_denied","error":"Cannot authenticate user"}', 400, 'Cannot authenticate user'],
    ['{"error":"access_denied","error_description":"wrong password"}', 401, 'wrong password'],
    ['[{"error":"access_denied"}]', 200, 'access_denied'],
    ['{"detail":"bad login"}', 401, 'bad login'],
  ])('the refusal %s is told, without the password', async (body, status, text) => {
    await using s = await scene({ [`POST ${TOKEN_PATH}`]: { status, body } });

    const error = await s.client.api().catch((caught: unknown) => caught as Error);

    expect(error).toMatchObject({ code: 'OVIRT_WIRE_LOGIN_REFUSED', publicText: `The oVirt API refused the login: ${text}` });
    expect(JSON.stringify({ ...(error as Error), message: (error as Error).message })).not.toContain(PASSWORD);
  });

  test.each(['<html>login</html>', '{}', '{"access_token":5}', ''])('the token answer %j is no oVirt', async (body) => {
    await using s = await scene({ [`POST ${TOKEN_PATH}`]: { body } });

    await expect(s.client.api()).rejects.toMatchObject({ code: 'OVIRT_WIRE_BAD_ANSWER' });
  });

  test('after a failed login the next call tries again', async () => {
    let refusals = 1;
    await using s = await scene({
      [`POST ${TOKEN_PATH}`]: () => (refusals-- > 0 ? { status: 503, body: '' } : undefined),
      'GET /api': xml('<api/>'),
    });

    await expect(s.client.api()).rejects.toMatchObject({ code: 'OVIRT_WIRE_BAD_ANSWER' });
    await expect(s.client.api()).resolves.toEqual({});
  });

  test('logout gives the token back once', async () => {
    await using s = await scene({ 'GET /api': xml('<api/>'), 'POST /services/sso-logout': { body: '{}' } });

    await s.client.logout();
    await s.client.api();
    await s.client.logout();
    await s.client.logout();

    expect(s.to('/services/sso-logout').map((request) => new URLSearchParams(request.body).get('token'))).toEqual(['t1']);
  });
});

describe('calls', () => {
  test('a backup from start to end', async () => {
    const transfer = {
      id: 'tr',
      phase: 'transferring',
      transfer_url: 'https://host:54322/images/x',
      disk: { id: 'd1' },
      host: { id: 'h' },
    } as const;
    const done = xml('<action><status>complete</status></action>');
    await using s = await scene({
      'GET /api/vms?search=name%3Dweb&max=2': xml(writeCollection('vm', [{ id: 'v1', name: 'web' }], 'xml')),
      'GET /api/vms/v1?follow=nics&all_content=true': xml(
        writeResource('vm', { id: 'v1', initialization: { configuration: { type: 'ovf', data: '<x/>' } }, nics: [{ id: 'n' }] }, 'xml'),
      ),
      'GET /api/vms/v1/diskattachments?follow=disk': xml(writeCollection('disk_attachment', [{ id: 'd1', disk: { id: 'd1' } }], 'xml')),
      'POST /api/vms/v1/backups': (request) =>
        xml(writeResource('backup', { ...readResource('backup', request.body), id: 'b1', phase: 'starting' }, 'xml'), 201),
      'GET /api/vms/v1/backups/b1': xml(writeResource('backup', { id: 'b1', phase: 'ready' }, 'xml')),
      'GET /api/vms/v1/backups/b1/disks': xml(writeCollection('disk', [{ id: 'd1', provisioned_size: 5, backup_mode: 'full' }], 'xml')),
      'POST /api/imagetransfers': xml(writeResource('image_transfer', transfer, 'xml'), 201),
      'GET /api/imagetransfers/tr': xml(writeResource('image_transfer', transfer, 'xml')),
      'POST /api/imagetransfers/tr/extend': done,
      'POST /api/imagetransfers/tr/finalize': done,
      'POST /api/vms/v1/backups/b1/finalize': done,
    });
    const { client } = s;

    expect(await client.listVms({ search: 'name=web', max: 2 })).toEqual([{ id: 'v1', name: 'web' }]);
    expect((await client.getVm('v1', { allContent: true, follow: 'nics' })).initialization?.configuration?.data).toBe('<x/>');
    expect((await client.listDiskAttachments('v1', { follow: 'disk' }))[0]?.disk?.id).toBe('d1');
    expect(await client.startBackup('v1', { disks: [{ id: 'd1' }] }, { correlationId: 'run-7' })).toEqual({
      id: 'b1',
      phase: 'starting',
      disks: [{ id: 'd1' }],
    });
    expect((await client.getBackup('v1', 'b1')).phase).toBe('ready');
    expect(await client.listBackupDisks('v1', 'b1')).toEqual([{ id: 'd1', provisioned_size: 5, backup_mode: 'full' }]);
    expect(await client.createImageTransfer({ disk: { id: 'd1' }, backup: { id: 'b1' }, direction: 'download', format: 'raw' })).toEqual(
      transfer,
    );
    expect(await client.getImageTransfer('tr')).toEqual(transfer);
    expect(await client.extendImageTransfer('tr')).toEqual({ status: 'complete' });
    expect(await client.finalizeImageTransfer('tr')).toEqual({ status: 'complete' });
    expect(await client.finalizeBackup('v1', 'b1')).toEqual({ status: 'complete' });

    expect(s.to('/api/vms/v1/backups')[0]?.headers).toMatchObject({ 'correlation-id': 'run-7', 'content-type': 'application/xml' });
    expect(s.to('/api/imagetransfers')[0]?.body).toContain(
      '<image_transfer><direction>download</direction><format>raw</format><backup id="b1"/><disk id="d1"/>',
    );
  });

  test('a restore from start to end', async () => {
    const echo =
      (type: 'vm' | 'disk' | 'disk_attachment' | 'nic', status: number) =>
      (request: Seen): Reply =>
        xml(writeResource(type, { ...readResource(type, request.body), id: type }, 'xml'), status);
    const done = xml('<action><status>complete</status><job id="j1"/></action>');
    await using s = await scene({
      'POST /api/vms': echo('vm', 201),
      'POST /api/disks': echo('disk', 202),
      'GET /api/disks/disk': xml('<disk id="disk"><status>ok</status></disk>'),
      'POST /api/vms/vm/diskattachments': echo('disk_attachment', 201),
      'POST /api/vms/vm/nics': echo('nic', 201),
      'GET /api/vms/vm/nics': xml('<nics><nic id="nic"/></nics>'),
      'POST /api/vms/vm/start': done,
      'GET /api/jobs/j1': xml('<job id="j1"><status>finished</status></job>'),
      'POST /api/imagetransfers/tr/cancel': { body: '{"status":"complete"}', headers: { 'Content-Type': 'application/json' } },
      'DELETE /api/vms/vm?detach_only=true': done,
      'DELETE /api/disks/disk': { body: '' },
      'GET /api/storagedomains': xml('<storage_domains><storage_domain id="s"/></storage_domains>'),
      'GET /api/clusters': xml('<clusters><cluster id="c"/></clusters>'),
      'GET /api/vnicprofiles': xml('<vnic_profiles><vnic_profile id="p"/></vnic_profiles>'),
      'GET /api/events?search=b1': xml(
        '<events><event id="1"><severity>error</severity><time>2026-01-01T00:00:00Z</time></event></events>',
      ),
    });
    const { client } = s;

    expect(await client.createVm({ name: 'web', cluster: { id: 'c' } })).toEqual({ id: 'vm', name: 'web', cluster: { id: 'c' } });
    expect(await client.createDisk({ name: 'd', provisioned_size: 7, storage_domains: [{ id: 's' }] })).toMatchObject({
      id: 'disk',
      provisioned_size: 7,
    });
    expect((await client.getDisk('disk')).status).toBe('ok');
    expect(await client.attachDisk('vm', { disk: { id: 'disk' }, bootable: true })).toMatchObject({ bootable: true });
    expect(await client.addNic('vm', { name: 'nic1', vnic_profile: { id: 'p' } })).toMatchObject({ name: 'nic1' });
    expect(await client.listNics('vm')).toEqual([{ id: 'nic' }]);
    expect((await client.actOnVm('vm', 'start')).job?.id).toBe('j1');
    expect((await client.getJob('j1')).status).toBe('finished');
    expect(await client.cancelImageTransfer('tr')).toEqual({ status: 'complete' });
    await client.deleteVm('vm', { detachOnly: true });
    await client.deleteDisk('disk');
    expect(await client.listStorageDomains()).toEqual([{ id: 's' }]);
    expect(await client.listClusters()).toEqual([{ id: 'c' }]);
    expect(await client.listVnicProfiles()).toEqual([{ id: 'p' }]);
    expect(await client.listEvents({ search: 'b1' })).toEqual([{ id: '1', severity: 'error', time: 1_767_225_600_000 }]);
  });

  test('values of newer engines pass', async () => {
    await using s = await scene({ 'GET /api/vms/v': xml('<vm id="v"><status>teleporting</status><new_thing>1</new_thing></vm>') });

    expect(await s.client.getVm('v')).toEqual({ id: 'v', status: 'teleporting' });
  });

  test('ids lead nowhere else', async () => {
    await using s = await scene({ 'GET /api/vms/a%2F..%2Fb%3Fc': xml('<vm id="x"/>') });

    expect(await s.client.getVm('a/../b?c')).toEqual({ id: 'x' });
    expect(() => s.client.getVm('..')).toThrow(expect.objectContaining({ code: 'OVIRT_WIRE_BAD_VALUE' }));
    expect(() => s.client.getVm('')).toThrow(expect.objectContaining({ code: 'OVIRT_WIRE_BAD_VALUE' }));
  });
});

describe('refusals', () => {
  const fault = writeFault({ reason: 'Operation Failed', detail: '[locked]' }, 'xml');

  test.each([
    [404, 'OVIRT_WIRE_NOT_FOUND'],
    [409, 'OVIRT_WIRE_CONFLICT'],
    [400, 'OVIRT_WIRE_FAULT'],
    [500, 'OVIRT_WIRE_FAULT'],
  ])('%d is %s', async (status, code) => {
    await using s = await scene({ 'GET /api/vms/v': xml(fault, status) });

    await expect(s.client.getVm('v')).rejects.toMatchObject({
      code,
      publicText: 'Operation Failed: [locked]',
      detail: { status, reason: 'Operation Failed', detail: '[locked]' },
    });
  });

  test('a failed action is an error, with status 200 too', async () => {
    await using s = await scene({
      'POST /api/vms/v/stop': xml(
        '<action><fault><reason>Operation Failed</reason><detail>[busy]</detail></fault><status>failed</status></action>',
      ),
      'DELETE /api/vms/v': xml('<action><status>failed</status></action>', 200),
    });

    await expect(s.client.actOnVm('v', 'stop', { force: true })).rejects.toMatchObject({
      code: 'OVIRT_WIRE_FAULT',
      detail: { detail: '[busy]' },
    });
    await expect(s.client.deleteVm('v')).rejects.toMatchObject({ code: 'OVIRT_WIRE_FAULT' });
    expect(s.to('/api/vms/v/stop')[0]?.body).toContain('<action><force>true</force></action>');
  });

  test('an error without a fault keeps its status and when to come again', async () => {
    await using s = await scene({
      'GET /api': { status: 503, body: '<html>down</html>', headers: { 'Retry-After': '7', 'Content-Type': 'text/html' } },
    });

    await expect(s.client.api()).rejects.toMatchObject({
      code: 'OVIRT_WIRE_FAULT',
      retryAfterS: 7,
      detail: { status: 503, reason: 'HTTP 503' },
    });
  });

  test.each(['<html><title>Login</title></html>', '', 'ok', '<vms/>', '<!DOCTYPE vm><vm/>', '<vm><memory>much</memory></vm>'])(
    'the answer %j is no machine',
    async (body) => {
      await using s = await scene({ 'GET /api/vms/v': xml(body) });

      await expect(s.client.getVm('v')).rejects.toMatchObject({ code: 'OVIRT_WIRE_BAD_ANSWER' });
    },
  );
});

describe('limits', () => {
  test('an answer beyond its limit is refused', async () => {
    await using s = await scene({ 'GET /api/vms': xml(`<vms>${' '.repeat(100_000)}</vms>`) }, { maxAnswerBytes: 50_000 });

    await expect(s.client.listVms()).rejects.toMatchObject({
      code: 'OVIRT_WIRE_BAD_ANSWER',
      publicText: expect.stringContaining('larger than 50000'),
    });
  });

  test('a deadline ends a call that is not answered, its login too', async () => {
    await using s = await scene({ 'GET /api': { silent: true } });
    await using mute = await scene({ [`POST ${TOKEN_PATH}`]: { silent: true } });

    await expect(s.client.api({ deadlineMs: 300 })).rejects.toMatchObject({ code: 'OVIRT_WIRE_TIMEOUT', detail: { seconds: 0.3 } });
    await expect(mute.client.api({ deadlineMs: 300 })).rejects.toMatchObject({ code: 'OVIRT_WIRE_TIMEOUT' });
  });

  test('a signal ends a call, and a login that others wait for goes on', async () => {
    const controller = new AbortController();
    await using s = await scene({ 'GET /api': xml('<api/>'), 'GET /api/vms': xml('<vms/>') });

    const given = s.client.api({ signal: controller.signal });
    const other = s.client.listVms();
    controller.abort();

    await expect(given).rejects.toMatchObject({ code: 'OVIRT_WIRE_ABORTED' });
    await expect(other).resolves.toEqual([]);
    await expect(s.client.api({ signal: controller.signal })).rejects.toMatchObject({ code: 'OVIRT_WIRE_ABORTED' });
  });

  test('a connection that breaks is no answer', async () => {
    await using s = await scene({ 'GET /api': { body: '<api>', cut: true } });

    await expect(s.client.api()).rejects.toMatchObject({ code: 'OVIRT_WIRE_UNREACHABLE', status: 503 });
  });

  test('ovirt 12.3: an engine of another authority is not talked to', async () => {
    await using s = await scene({ 'GET /api': xml('<api/>') });
    using client = new OvirtClient({ url: s.url, username: 'a@b', password: PASSWORD });

    await expect(client.api()).rejects.toMatchObject({ code: 'OVIRT_WIRE_UNREACHABLE' });
    expect(s.to(TOKEN_PATH)).toEqual([]);
  });

  test('nobody there', async () => {
    using client = new OvirtClient({ url: 'https://127.0.0.1:1/ovirt-engine', username: 'a@b', password: PASSWORD });

    await expect(client.api()).rejects.toMatchObject({
      code: 'OVIRT_WIRE_UNREACHABLE',
      publicText: expect.stringContaining('ECONNREFUSED'),
    });
  });

  test.each(['http://engine/ovirt-engine', 'engine', 'https://u:p@engine/', 'https://engine/?x=1'])('%s is no address', (url) => {
    expect(() => new OvirtClient({ url, username: 'a@b', password: PASSWORD })).toThrow(
      expect.objectContaining({ code: 'OVIRT_WIRE_BAD_VALUE' }),
    );
  });
});

describe('fetching the authority', () => {
  const route = 'GET /services/pki-resource?resource=ca-certificate&format=X509-PEM-CA';

  test('from an engine that cannot be verified yet only when asked for', async () => {
    let ca = '';
    await using s = await scene({ [route]: () => ({ body: ca }) });
    ca = s.ca;

    await expect(fetchCa(s.url)).rejects.toMatchObject({ code: 'OVIRT_WIRE_UNREACHABLE' });
    const fetched = await fetchCa(`${s.url}/api`, { trustFirstContact: true });

    expect(fetched.pem).toBe(s.ca);
    expect(fetched.fingerprint).toMatch(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
    expect((await fetchCa(s.url, { ca: fetched.pem })).fingerprint).toBe(fetched.fingerprint);
  });

  test.each([{ body: '<html/>' }, { status: 404 }])('%j is no certificate', async (reply) => {
    await using s = await scene({ [route]: reply });

    await expect(fetchCa(s.url, { ca: s.ca })).rejects.toMatchObject({ code: 'OVIRT_WIRE_BAD_ANSWER' });
  });
});
