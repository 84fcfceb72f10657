import { describe, expect, test } from 'vitest';
import { type AlertDraft, acronisClass, type Workload, type WorkloadDraft } from '../src/index.ts';
import { CLIENT_ID, scene } from './support/upstream.ts';

const TENANT = 'f2b0a1d7-53f5-4a1d-8f0c-7d3f4e7b9a66';
const A = '2c1f4b8e-6b0d-4d4a-9d7b-5a6f0e1c2d3e';
const B = '0b9a6f2e-7a7c-4d6e-9a52-1f0f6f0f2b31';
const WORKLOADS = '/api/workload_management/v5/workloads';
const ALERTS = '/api/alert_manager/v1/alerts';
const TYPE = 'cti.a.p.wm.workload.v1.0~a.p.wm.aspect.v1.0~acme.fairlead.vps.v1.0';

const all = async <T>(list: AsyncIterable<T>): Promise<T[]> => Array.fromAsync(list);
const failing = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );
const id = (index: number): string => `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;

describe('workloads', () => {
  const draft: WorkloadDraft = {
    type: TYPE,
    name: 'shop',
    attributes: { status: 'ONLINE' },
    tenantId: TENANT.toUpperCase(),
    enabled: true,
    externalId: 'cs:1',
  };
  const sent = (body: string | undefined): { items: Record<string, unknown>[] } => JSON.parse(body ?? '');

  test('are created with our client id, in one request', async () => {
    await using s = await scene({ [`POST ${WORKLOADS}`]: { status: 204 } });
    const { externalId: _left, ...without } = draft;
    await s.client.workloads.create([draft, { ...without, allowedActions: ['cti.x'] }]);
    expect(s.seen(`POST ${WORKLOADS}`)).toHaveLength(1);
    const plain = { type: TYPE, name: 'shop', attributes: { status: 'ONLINE' }, client_id: CLIENT_ID, tenant_id: TENANT, enabled: true };
    expect(sent(s.seen(`POST ${WORKLOADS}`)[0]?.body).items).toEqual([
      { ...plain, allowed_actions: [], external_id: 'cs:1' },
      { ...plain, allowed_actions: ['cti.x'] },
    ]);
    expect(s.seen(`POST ${WORKLOADS}`)[0]?.headers['content-type']).toBe('application/json');
  });

  describe('cyberapp 9.145: external_id', () => {
    const refusing = ({ body }: { body: string }) =>
      body.includes('external_id') ? { status: 400, body: { reason: 'unknown member external_id' } } : { status: 204 };

    test('that is refused is left out from then on', async () => {
      await using s = await scene({ [`POST ${WORKLOADS}`]: refusing });
      await s.client.workloads.create([draft, draft]);
      expect(s.client.workloads.sendsExternalId).toBe(false);
      await s.client.workloads.create([draft]);
      expect(s.seen(`POST ${WORKLOADS}`).map(({ body }) => body.includes('external_id'))).toEqual([true, false, false]);
    });

    test('a refusal that has another reason stays one, and costs one more request for a single item only', async () => {
      await using s = await scene({
        [`POST ${WORKLOADS}`]: ({ body }) => ({ status: 400, body: { reason: `bad ${sent(body).items.length}` } }),
      });
      expect(await failing(s.client.workloads.create([draft, draft]))).toMatchObject({ code: 'ACRONIS_REFUSED' });
      expect(s.seen(`POST ${WORKLOADS}`)).toHaveLength(1);
      expect(await failing(s.client.workloads.create([draft]))).toMatchObject({ code: 'ACRONIS_REFUSED' });
      expect(s.seen(`POST ${WORKLOADS}`)).toHaveLength(3);
      expect(s.client.workloads.sendsExternalId).toBe(true);
    });

    test('is sent always or never where that was said', async () => {
      await using never = await scene({ [`POST ${WORKLOADS}`]: { status: 204 } }, { sendExternalId: 'no' });
      await never.client.workloads.create([draft]);
      expect(never.seen(`POST ${WORKLOADS}`)[0]?.body).not.toContain('external_id');
      await using always = await scene({ [`POST ${WORKLOADS}`]: refusing }, { sendExternalId: 'yes' });
      expect(acronisClass(await failing(always.client.workloads.create([draft])))).toBe('refused');
      expect(always.seen(`POST ${WORKLOADS}`)).toHaveLength(1);
    });

    test('a second request that may have been carried out is not taken for the refused one', async () => {
      await using s = await scene({ [`POST ${WORKLOADS}`]: (_seen, count) => (count === 1 ? { status: 400 } : { fault: 'reset' }) });
      expect(acronisClass(await failing(s.client.workloads.create([draft])))).toBe('ambiguous');
      expect(s.seen(`POST ${WORKLOADS}`)).toHaveLength(2);
    });
  });

  const item = (index: number, more: object = {}) => ({
    id: id(index),
    type: TYPE,
    name: `w${index}`,
    attributes: {},
    tenant_id: '281',
    ...more,
  });

  test('cyberapp 9.147: a list is whole though pages overlap and the place of the next is lost', async () => {
    const rows = Array.from({ length: 250 }, (_, index) => index);
    await using s = await scene({
      [`GET ${WORKLOADS}`]: ({ url }, count) => {
        const from = Number(new URL(url, 'http://x').searchParams.get('after') ?? 0);
        if (count === 3) return { status: 400, body: { reason: 'no such cursor' } };
        const next = from + 90 < 250 ? { after: String(from + 90) } : {};
        return { body: { items: rows.slice(from, from + 100).map((index) => item(index)), paging: { cursors: next } } };
      },
    });
    const found = await all<Workload>(s.client.workloads.list({ tenantId: TENANT, types: [TYPE] }));
    expect(found.map((one) => one.id)).toEqual(rows.map(id));
    expect(s.seen(`GET ${WORKLOADS}`)).toHaveLength(6);
  });

  test('cyberapp 9.146: an item is read whatever its tenant looks like', async () => {
    const whole = {
      client_id: CLIENT_ID,
      external_id: 'cs:1',
      created_at: '2026-03-02T08:00:00Z',
      enabled: false,
      id: A.toUpperCase(),
      tenant_id: 281,
    };
    await using s = await scene({ [`GET ${WORKLOADS}`]: { body: { items: [item(1, whole)], paging: {} } } });
    expect(await all(s.client.workloads.list({ tenantId: TENANT }))).toEqual([
      {
        id: A,
        type: TYPE,
        name: 'w1',
        attributes: {},
        clientId: CLIENT_ID,
        tenantId: '281',
        externalId: 'cs:1',
        createdAt: '2026-03-02T08:00:00Z',
        updatedAt: undefined,
        enabled: false,
      },
    ]);
  });

  test('what is asked for is in the query', async () => {
    await using s = await scene({ [`GET ${WORKLOADS}`]: { body: { items: [] } } });
    await all(
      s.client.workloads.list({ tenantId: TENANT, ids: [A, B], types: ['t1', 't2'], updatedSince: '2026-03-02T08:00:00Z', limit: 50 }),
    );
    expect(Object.fromEntries(new URL(s.seen(`GET ${WORKLOADS}`)[0]?.url ?? '', 'http://x').searchParams)).toEqual({
      tenant_id: TENANT,
      workload_id: `or(${A},${B})`,
      type: 'or(t1,t2)',
      updated_at: 'ge(2026-03-02T08:00:00Z)',
      include_all_attributes: 'true',
      limit: '50',
    });
    expect(() => s.client.workloads.list({ types: Array(11).fill('t') })).toThrow(RangeError);
  });

  const unusable: readonly (readonly [object, string])[] = [
    [{ items: {} }, 'no list'],
    [{ items: [5] }, 'a number for an item'],
    [{ items: [{ id: 'x', type: 't' }] }, 'an id that is none'],
    [{ items: [], paging: { cursors: { after: 'same' } } }, 'a list that leads to itself'],
  ];

  test.each(unusable)('%j is no list: %s', async (body, _why) => {
    await using s = await scene({ [`GET ${WORKLOADS}`]: { body } });
    expect(acronisClass(await failing(all(s.client.workloads.list({}))))).toBe('protocol');
  });

  test('cyberapp 9.136: only what changed is sent', async () => {
    await using s = await scene({ [`PATCH ${WORKLOADS}/${A}`]: { status: 204 } });
    await s.client.workloads.update(A, { name: 'new' });
    expect(s.seen(`PATCH ${WORKLOADS}/${A}`)[0]?.body).toBe('{"name":"new"}');
    expect(acronisClass(await failing(s.client.workloads.update(B, { name: 'new' })))).toBe('gone');
  });

  test('cyberapp 9.140: workloads are removed by name, 1 to 100 at once', async () => {
    await using s = await scene({ [`DELETE ${WORKLOADS}`]: { status: 204 } });
    await s.client.workloads.remove([A]);
    await s.client.workloads.remove([A, B]);
    expect(s.seen(`DELETE ${WORKLOADS}`).map(({ url }) => new URL(url, 'http://x').searchParams.get('workload_id'))).toEqual([
      A,
      `or(${A},${B})`,
    ]);
    const wrong = [[], Array(101).fill(A), ['x'], ['or(a)'], [`${A},${B}`]] as const;
    for (const ids of wrong) await expect(s.client.workloads.remove(ids as never)).rejects.toThrow(RangeError);
    expect(s.seen(`DELETE ${WORKLOADS}`)).toHaveLength(2);
  });

  test('cyberapp 9.137: those that are gone are told apart from a refusal', async () => {
    await using s = await scene({});
    expect(acronisClass(await failing(s.client.workloads.remove([A])))).toBe('gone');
  });
});

describe('alerts', () => {
  const draft: AlertDraft = {
    type: 'cti.a.p.am.alert.v1.0~a.p.basic.v1.0~acme.fairlead.backup_failed.v1.0',
    category: 'cti.a.p.am.category.v1.0~acme.fairlead.backup.v1.0',
    tenantId: TENANT,
    createdAt: '2026-03-02T03:12:40Z',
    source: 'fairlead:9c1e',
    sourceTimeStamp: 1_740_000_000_123_456_789n,
    resource: { id: A, name: 'shop' },
    details: { title: 'Backup failed', category: 'Backup', description: 'It did.', fields: { Machine: 'shop' } },
  };
  const POST = `POST ${ALERTS}`;
  const created = { body: { id: B.toUpperCase() } };

  test('cyberapp 9.158: an alert is sent with its tenant, category and workload, and no severity', async () => {
    await using s = await scene({ [POST]: created });
    expect(await s.client.alerts.create(draft)).toBe(B);
    const body = s.seen(POST)[0]?.body ?? '';
    expect(body).toContain('"_sourceTimeStamp":1740000000123456789');
    expect(JSON.parse(body)).toEqual({
      type: draft.type,
      category: draft.category,
      tenantID: TENANT,
      createdAt: draft.createdAt,
      _source: 'fairlead:9c1e',
      _sourceTimeStamp: expect.any(Number),
      ResourceID: A,
      ResourceName: 'shop',
      details: draft.details,
    });
  });

  test('cyberapp 9.162: without a workload it names none', async () => {
    await using s = await scene({ [POST]: created });
    const { resource: _left, ...without } = draft;
    await s.client.alerts.create(without);
    expect(s.seen(POST)[0]?.body).not.toContain('Resource');
  });

  test('where the workload may be named is found out once', async () => {
    const places = (body: string): string => {
      const { ResourceID: top, details } = JSON.parse(body);
      return `${top ? 'top' : ''}${details.ResourceID ? 'details' : ''}` || 'off';
    };
    await using s = await scene({ [POST]: ({ body }) => (places(body) === 'details' ? created : { status: 400, body: { reason: 'no' } }) });
    await s.client.alerts.create(draft);
    await s.client.alerts.create(draft);
    expect(s.seen(POST).map(({ body }) => places(body))).toEqual(['top', 'details', 'details']);
    expect(s.client.alerts.resourcePlace).toBe('details');
    await using both = await scene({ [POST]: created }, { alertResource: 'both' });
    await both.client.alerts.create(draft);
    expect(places(both.seen(POST)[0]?.body ?? '')).toBe('topdetails');
  });

  test('cyberapp 9.168: a refusal that lasts is the first one, and changes nothing', async () => {
    await using s = await scene({ [POST]: (_seen, count) => ({ status: 400, body: { reason: `no ${count}` } }) });
    expect(await failing(s.client.alerts.create(draft))).toMatchObject({
      code: 'ACRONIS_REFUSED',
      detail: { reason: '{"reason":"no 1"}' },
    });
    expect(s.client.alerts.resourcePlace).toBe('top');
    expect(s.seen(POST)).toHaveLength(3);
  });

  test('one that is too large is shortened once', async () => {
    const fields = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`f${index}`, 'x'.repeat(1000)]));
    const long = { ...draft, details: { ...draft.details, description: `${'y'.repeat(199)}😀`, fields } };
    await using s = await scene({ [POST]: (_seen, count) => (count === 1 ? { status: 413 } : created) });
    await s.client.alerts.create(long);
    const { details } = JSON.parse(s.seen(POST)[1]?.body ?? '');
    expect(Object.keys(details.fields)).toHaveLength(10);
    expect(details.fields.f0).toBe(`${'x'.repeat(200)}…`);
    expect(details.description.isWellFormed()).toBe(true);
    await using never = await scene({ [POST]: { status: 413 } });
    expect(acronisClass(await failing(never.client.alerts.create(long)))).toBe('too_large');
    expect(never.seen(POST)).toHaveLength(2);
  });

  test('cyberapp 9.128: one that may have been raised is found by its source', async () => {
    const row = {
      id: B.toUpperCase(),
      type: draft.type,
      _source: draft.source,
      deletedAt: '2026-03-02T04:00:00Z',
      tenant: { id: '281', uuid: TENANT.toUpperCase() },
    };
    const page = `{"items":[{"id":"${A}","type":"t","_source":"other"},${JSON.stringify(row).slice(0, -1)},"_sourceTimeStamp":1740000000123456789}]}`;
    await using s = await scene({ [`GET ${ALERTS}`]: { body: page } });
    const found = await s.client.alerts.findBySource('fairlead:9c1e', 1_740_000_000_123_456_789n);
    expect(found).toMatchObject({ id: B, deletedAt: '2026-03-02T04:00:00Z', tenantUuid: TENANT, sourceTimeStamp: '1740000000123456789' });
    expect(s.seen(`GET ${ALERTS}`)[0]?.url).toBe(
      `${ALERTS}?source=fairlead%3A9c1e&source_time_stamp=1740000000123456789&show_deleted=true`,
    );
    expect(await s.client.alerts.findBySource('fairlead:9c1e', 1n)).toBeUndefined();
  });

  test('cyberapp 9.171: bounds of time keep their 19 digits', async () => {
    await using s = await scene({ [`GET ${ALERTS}`]: { body: { items: [] } } });
    await all(s.client.alerts.list({ ids: [A, B], tenantIds: [TENANT], createdAt: { is: 'ge', at: 1_740_000_000_123_456_789n } }));
    expect(s.seen(`GET ${ALERTS}`)[0]?.url).toBe(`${ALERTS}?id=${A}&id=${B}&tenant=${TENANT}&created_at=ge(1740000000123456789)`);
  });

  test('cyberapp 9.160: one is dismissed by its id; that it was gone already is no failure', async () => {
    await using s = await scene({ [`DELETE ${ALERTS}/${A}`]: { status: 204 } });
    expect(await s.client.alerts.dismiss(A.toUpperCase())).toBe('dismissed');
    expect(await s.client.alerts.dismiss(B)).toBe('gone');
    expect(await s.client.alerts.get(B)).toBeUndefined();
  });

  test('cyberapp 9.170: nothing is deleted that is not named', async () => {
    await using s = await scene({});
    for (const wrong of ['', '?', `${A}?x=1`, `../alerts`, undefined as never])
      await expect(s.client.alerts.dismiss(wrong)).rejects.toThrow(RangeError);
    expect(s.seen()).toEqual([]);
  });

  test('registered types and categories are listed', async () => {
    await using s = await scene({
      'GET /api/alert_manager/v1/types': { body: { items: [{ id: 'cti.t1' }, { id: 'cti.t2' }] } },
      'GET /api/alert_manager/v1/categories': { body: { items: [{ id: 'cti.c1' }] } },
    });
    expect(await s.client.alerts.types()).toEqual(['cti.t1', 'cti.t2']);
    expect(await s.client.alerts.categories()).toEqual(['cti.c1']);
  });
});

describe('accounts', () => {
  const row = { id: TENANT, name: 'Bakery', kind: 'customer', enabled: true, parent_id: A, version: 3 };
  const tenant = { id: TENANT, name: 'Bakery', kind: 'customer', enabled: true, parentId: A, deleted: false };

  test('our own tenant is that of the client', async () => {
    await using s = await scene({ [`GET /api/2/clients/${CLIENT_ID}`]: { body: { client_id: CLIENT_ID, tenant_id: TENANT } } });
    expect(await s.client.accounts.ownTenantId()).toBe(TENANT);
  });

  test('tenants are asked for by their ids, and the next page by its cursor alone', async () => {
    await using s = await scene({
      'GET /api/2/tenants': (_seen, count) =>
        count === 1
          ? { body: { items: [row], paging: { cursors: { after: 'c 1' } } } }
          : { body: { items: [{ ...row, id: A, enabled: false, deleted_at: '2026-03-02' }] } },
    });
    expect(await s.client.accounts.tenants([TENANT, A])).toEqual([tenant, { ...tenant, id: A, enabled: false, deleted: true }]);
    expect(s.seen('GET /api/2/tenants').map(({ url }) => url)).toEqual([
      `/api/2/tenants?uuids=${TENANT}%2C${A}&lod=basic`,
      '/api/2/tenants?after=c%201',
    ]);
  });

  test('one that is not there is nothing, a missing scope is an error of its own', async () => {
    await using s = await scene({
      [`GET /api/2/tenants/${TENANT}`]: { body: row },
      [`GET /api/2/tenants/${B}`]: { status: 403, body: { error: { code: 1002 } } },
    });
    expect(await s.client.accounts.tenant(TENANT)).toEqual(tenant);
    expect(await s.client.accounts.tenant(A)).toBeUndefined();
    expect(acronisClass(await failing(s.client.accounts.tenant(B)))).toBe('forbidden');
  });
});
