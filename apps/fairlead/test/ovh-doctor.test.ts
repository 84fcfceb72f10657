import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FakeOvh } from '@fairlead/ovh/fake';
import { tempDir } from '@fairlead/testkit/temp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inProcess } from './support/output.ts';

const DAY_S = 86_400;

let folder: Awaited<ReturnType<typeof tempDir>>;
let fake: FakeOvh;
beforeAll(async () => {
  folder = await tempDir('doctor-ovh-');
  fake = await FakeOvh.start({ servers: 1, vps: 0, projects: 0, instances: 0, domains: 0, ips: 0, vracks: 0 });
});
afterAll(async () => {
  await fake[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

let made = 0;

async function examine(lines: readonly string[]) {
  made += 1;
  const own = join(folder.path, String(made));
  await mkdir(own);
  const file = join(own, 'fairlead.ini');
  const server = `[server]\nhost = 127.0.0.1\nport = 0\nstate_dir = ${own}/state\nrun_dir = ${own}/run`;
  const text = [server, '[security]\nhmac_secret = a made up secret of the tests, long enough', ...lines, ''].join('\n');
  await writeFile(file, text, { mode: 0o600 });
  const told = await inProcess(['doctor', '--config', file, '--json']);
  const lined = told.stdout.split('\n').filter((line) => line !== '');
  const findings = lined.map((line) => JSON.parse(line) as { what: string; state: string; text: string; help?: string });
  return { ...told, of: (what: string) => findings.find((one) => one.what === what), findings };
}

function account(consumerKey: string, more: readonly string[] = []): readonly string[] {
  const { applicationKey, applicationSecret } = fake.keys;
  const keys = [`application_key = ${applicationKey}`, `application_secret = ${applicationSecret}`, `consumer_key = ${consumerKey}`];
  return ['[ovh main]', `endpoint = ${fake.apiUrl}`, ...keys, ...more];
}

describe('doctor looks at accounts of OVHcloud', () => {
  test('where all is well it says so', async () => {
    const { code, of } = await examine(account(fake.keys.consumerKey));
    expect(of('ovh main')).toMatchObject({ state: 'ok', text: `${fake.url} answers` });
    expect(of('clock of ovh main')).toMatchObject({ state: 'ok' });
    expect(of('key of ovh main')).toMatchObject({ state: 'ok', text: 'validated, does not end' });
    expect(of('rules of ovh main')).toMatchObject({ state: 'ok', text: 'cover the inventory' });
    expect(code).toBe(0);
  });

  test('rules that are missing are told together, those of kinds that are not read are not', async () => {
    const rules = ['/dedicated/server', '/dedicated/server/*', '/vps', '/v2/iam/resource'].map((path) => ({ method: 'GET', path }));
    const { consumerKey } = fake.issue({ rules, validFor: 20 * DAY_S });
    const { of, code } = await examine(account(consumerKey, ['kinds = baremetal, vps']));
    expect(of('rules of ovh main')).toMatchObject({ state: 'warning', text: 'lack GET /vps/*' });
    expect(of('key of ovh main')).toMatchObject({ state: 'warning', text: 'ends in 19 days' });
    expect(code).toBe(0);
  });

  test('a key that is not validated fails with 77, an API that is away with 69, a mistake with 78', async () => {
    const { consumerKey } = fake.issue({ rules: [{ method: 'GET', path: '/*' }], status: 'pendingValidation' });
    const pending = await examine(account(consumerKey));
    expect(pending.of('key of ovh main')).toMatchObject({ state: 'failed', help: expect.stringContaining('credential request') });
    expect(pending.code).toBe(77);

    const away = await examine(['[ovh away]', 'endpoint = http://127.0.0.1:1/1.0', 'access_token = canary-token-4711']);
    expect(away.of('ovh away')).toMatchObject({ state: 'failed', text: expect.stringContaining('OVH_NETWORK') });
    expect(away.code).toBe(69);

    const wrong = await examine(['[ovh a]', 'endpoint = ovh-moon', 'access_token = canary-token-4711']);
    expect(wrong.of('ovh a')).toMatchObject({ state: 'failed', text: expect.stringContaining('ovh-moon') });
    expect(wrong.code).toBe(78);
    expect((await examine(['[ovh]'])).code).toBe(78);
    for (const { stdout, stderr } of [pending, away, wrong]) {
      expect([stdout, stderr].join('')).not.toMatch(new RegExp(`canary-token-4711|${fake.keys.applicationSecret}|${consumerKey}`));
    }
  });

  test('a file of keys that others may read is warned of', async () => {
    const file = join(folder.path, 'ovh.conf');
    await writeFile(file, `[default]\nendpoint = ${fake.apiUrl}\n[${fake.apiUrl}]\naccess_token = canary-token-4711\n`);
    await chmod(file, 0o644);
    const { findings } = await examine([`[ovh]\nconf_file = ${file}`]);
    const warned = findings.find((one) => one.what === 'ovh default' && one.state === 'warning');
    expect(warned?.text).toContain('others may read this file');
  });
});
