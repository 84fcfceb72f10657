import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FakeOvh } from '@fairlead/ovh/fake';
import { tempDir } from '@fairlead/testkit/temp';
import { until } from '@fairlead/testkit/until';
import { expect, test } from 'vitest';
import { serve } from './support/serve.ts';

const SIZES = { servers: 2, vps: 1, projects: 0, instances: 0, domains: 0, ips: 0, vracks: 0 };

test('the daemon reads accounts of an ovh.conf, anew at SIGHUP, and shows no key of it in its log', { timeout: 90_000 }, async () => {
  await using folder = await tempDir('ovh-reload-');
  await using fake = await FakeOvh.start(SIZES);
  const [file, conf, log] = ['fairlead.ini', 'ovh.conf', 'gateway.log'].map((name) => join(folder.path, name)) as [string, string, string];
  const text = [
    `[server]\nhost = 127.0.0.1\nport = 0\npublic_ip = 127.0.0.1\nstate_dir = ${folder.path}/state\nrun_dir = ${folder.path}/run`,
    '[security]\nhmac_secret = a made up secret of the tests, long enough',
    `[logging]\nlevel = debug\nfile = ${log}`,
    '[ovh]\nconf_file = ovh.conf',
  ].join('\n');
  await writeFile(file, text, { mode: 0o600 });
  const { applicationKey, applicationSecret, consumerKey } = fake.keys;
  const confText = (key: string) =>
    `[default]\nendpoint = ${fake.apiUrl}\n[${fake.apiUrl}]\napplication_key = ${applicationKey}\napplication_secret = ${applicationSecret}\nconsumer_key = ${key}\n`;
  const pending = fake.issue({ rules: [{ method: 'GET', path: '/*' }], status: 'pendingValidation' }).consumerKey;
  await writeFile(conf, confText(pending), { mode: 0o600 });
  // An answer that repeats what it was asked with.
  fake.faults.next('GET /vps', { kind: 'status', status: 400, message: `no such key: ${consumerKey}` });

  await using gateway = await serve(file, {}, { logFile: log });
  const facts = async () => {
    const { body } = await gateway.get('/readyz', join(folder.path, 'state/tls/ca.crt'));
    return (JSON.parse(body) as { parts: { ovh: { facts: Readonly<Record<string, unknown>> } } }).parts.ovh.facts;
  };
  await until(async () => String((await facts())['default failure']).startsWith('OVH_'), { timeoutMs: 20_000, what: 'the refusal' });

  await writeFile(conf, confText(consumerKey), { mode: 0o600 });
  gateway.cli.signal('SIGHUP');
  await until(async () => /: 2 baremetal/.test(String((await facts())['default inventory'])), { timeoutMs: 60_000, what: 'the inventory' });
  const written = await readFile(log, 'utf8');
  expect(written.length).toBeGreaterThan(1000);
  expect([applicationSecret, consumerKey, pending].filter((secret) => written.includes(secret))).toEqual([]);
});
