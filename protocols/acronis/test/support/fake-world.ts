import { alertCategoryCti, alertTypeCti, workloadTypeCti } from '../../src/codec/index.ts';
import { FakeAcronis, type FakeAcronisOptions } from '../../src/fake/index.ts';

export const APP = 'acme.fairlead';
export const CLIENT_ID = '6f0c2a53-9d5b-4f43-8f7e-0d9b0a3f1c77';
export const SECRET = 'hush:hush"s3cret';
export const PARTNER = '7b1f0c52-1f0d-4a57-9f6b-2d9f1f6f9b10';
export const CUSTOMER = 'f2b0a1d7-53f5-4a1d-8f0c-7d3f4e7b9a66';
export const OTHER = '0a8c8f0e-90a1-4cf8-9f6b-6a3a1f1a5d55';

export const VM = workloadTypeCti(APP, 'virtual_machine');
export const BACKUP_FAILED = alertTypeCti(APP, 'backup_failed');
export const BACKUP = alertCategoryCti(APP, 'backup');

/** One app, one partner with two customers; more of it by options. */
export function startFake(more: Partial<FakeAcronisOptions> = {}): Promise<FakeAcronis> {
  return FakeAcronis.start({
    apps: [
      {
        code: APP,
        clientId: CLIENT_ID,
        clientSecret: SECRET,
        alertTypes: [
          { code: 'backup_failed', severity: 'error' },
          { code: 'host_down', severity: 'critical' },
        ],
        categories: ['backup'],
        workloadTypes: [
          {
            code: 'virtual_machine',
            schema: {
              $schema: 'http://json-schema.org/draft-04/schema',
              type: 'object',
              properties: {
                fairlead_key: { type: 'string' },
                status: { type: 'string', enum: ['ONLINE', 'OFFLINE'] },
                cpu_count: { type: 'integer' },
              },
              required: ['fairlead_key', 'status'],
              additionalProperties: false,
            },
          },
        ],
        actions: ['open_console'],
      },
    ],
    tenants: [
      { id: PARTNER, name: 'Nordhost' },
      { id: CUSTOMER, name: 'Bakery Lind', parentId: PARTNER },
      { id: OTHER, name: 'Harbour Law LLP', parentId: PARTNER },
    ],
    ...more,
  });
}

export interface Got {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Undefined for what is no JSON. */
  readonly json: unknown;
}

export async function ask(url: string, init: RequestInit = {}): Promise<Got> {
  const response = await fetch(url, init);
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: jsonOf(text) };
}

export function tokenRequest(more: { readonly secret?: string; readonly body?: string } = {}): RequestInit {
  const code = Buffer.from(`${CLIENT_ID}:${more.secret ?? SECRET}`).toString('base64');
  return {
    method: 'POST',
    headers: { authorization: `Basic ${code}`, 'content-type': 'application/x-www-form-urlencoded' },
    body: more.body ?? 'grant_type=client_credentials',
  };
}

/** A client that knows nothing of ours: bare requests with a token. */
export class BareClient {
  readonly #base: string;
  token: string;

  private constructor(base: string, token: string) {
    this.#base = base;
    this.token = token;
  }

  static async of(fake: FakeAcronis, datacenter?: string): Promise<BareClient> {
    const got = await ask(`${fake.url(datacenter)}/bc/idp/token`, tokenRequest());
    return new BareClient(fake.url(datacenter), (got.json as { access_token: string }).access_token);
  }

  send(method: string, path: string, body?: unknown): Promise<Got> {
    const headers = { authorization: `Bearer ${this.token}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) };
    return ask(`${this.#base}${path}`, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  }

  alerts(method: string, path = '', body?: unknown): Promise<Got> {
    return this.send(method, `/api/alert_manager/v1/alerts${path}`, body);
  }

  workloads(method: string, path = '', body?: unknown): Promise<Got> {
    return this.send(method, `/api/workload_management/v5/workloads${path}`, body);
  }

  async create(...names: readonly string[]): Promise<Got> {
    return await this.workloads('POST', '', { items: names.map((name) => workload(name)) });
  }
}

export function workload(name: string, more: object = {}) {
  const attributes = { fairlead_key: `key:${name}`, status: 'ONLINE' };
  return { type: VM, name, attributes, client_id: CLIENT_ID, tenant_id: CUSTOMER, allowed_actions: [], enabled: true, ...more };
}

export function alert(more: object = {}) {
  return {
    type: BACKUP_FAILED,
    category: BACKUP,
    tenantID: CUSTOMER,
    createdAt: '2026-03-02T03:12:40Z',
    _source: 'fairlead:9c1e',
    _sourceTimeStamp: 184467,
    details: { title: 'Backup of shop-db-1 failed', category: 'Backup', description: 'It failed.', fields: { Machine: 'shop-db-1' } },
    ...more,
  };
}

export function itemsOf(got: Got): readonly Record<string, unknown>[] {
  return (got.json as { items: Record<string, unknown>[] }).items;
}

export function cursorOf(got: Got): string | undefined {
  return (got.json as { paging: { cursors: { after?: string } } }).paging.cursors.after;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
