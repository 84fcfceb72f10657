import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { captureLog } from '@fairlead/testkit/capture';
import { tempDir } from '@fairlead/testkit/temp';
import { describe, expect, test } from 'vitest';
import { connectorDatacenters } from '../src/connector-config.ts';
import { settingsOf } from './support/connector-rig.ts';

const SAMPLE = { client_id: '6f0c2a53-9d5b-4f43-8f7e-0d9b0a3f1c77', client_secret: 'hush-hush', dc_url: 'https://eu8-cloud.acronis.com/' };
const EU8 = {
  id: 'eu8',
  url: 'https://eu8-cloud.acronis.com',
  credentials: { clientId: SAMPLE.client_id, clientSecret: SAMPLE.client_secret },
};

async function fromFile(content: unknown, { mode = 0o600, keys = '' }: { readonly mode?: number; readonly keys?: string } = {}) {
  await using folder = await tempDir('connector-');
  const file = join(folder.path, 'connector.json');
  await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content));
  await chmod(file, mode);
  const captured = captureLog();
  const added: string[] = [];
  const scrubber = { add: (secret: string) => void added.push(secret) };
  const found = await connectorDatacenters(settingsOf(`file = ${file}\n${keys}`), { log: captured.log, scrubber });
  return { found, lines: captured.lines().filter(({ level }) => Number(level) >= 40 || level === 'warn'), added, text: captured.text() };
}

const ini = (text: string) => connectorDatacenters(settingsOf(text), { log: captureLog().log });
const lines = (values: object) =>
  Object.entries(values)
    .map(([key, value]) => `${key} = ${value}`)
    .join('\n');

describe('the data centers of a connector', () => {
  test('a connector.json of the sample works as it is', async () => {
    const { found, added, lines: warned } = await fromFile(SAMPLE);
    expect(found).toEqual([EU8]);
    expect(added).toEqual(['hush-hush']);
    expect(warned).toEqual([]);
  });

  test('a file may list data centers, and what it knows more is a warning that quotes no value', async () => {
    const more = { dc_url: 'https://us5.acronis.cloud', client_id: 'c2', client_secret: 's2', proxy: 'hush-proxy' };
    const { found, text } = await fromFile({ ...SAMPLE, log_level: 'hush-level', datacenters: [more] });
    expect(found.map(({ id, url }) => [id, url])).toEqual([
      ['eu8', 'https://eu8-cloud.acronis.com'],
      ['us5', 'https://us5.acronis.cloud'],
    ]);
    expect(text).toContain('log_level');
    expect(text).toContain('proxy');
    expect(text).not.toContain('hush');
    expect((await fromFile({ datacenters: [more] })).found.map(({ id }) => id)).toEqual(['us5']);
  });

  test('sections of data centers have the id of their name, the plain one that of its host', async () => {
    const found = await ini(`${lines(SAMPLE)}\n[connector west]\n${lines({ ...SAMPLE, dc_url: 'https://us5.acronis.cloud//' })}`);
    expect(found.map(({ id, url }) => [id, url])).toEqual([
      ['west', 'https://us5.acronis.cloud'],
      ['eu8', 'https://eu8-cloud.acronis.com'],
    ]);
    expect(await ini('')).toEqual([]);
  });

  test.each<[string, string]>([
    ['https://eu8.acronis.cloud/api', 'a path'],
    ['https://eu8.acronis.cloud?x=1', 'a query'],
    ['https://eu8.acronis.cloud/#x', 'a fragment'],
  ])('cyberapp 9.133: %s is refused for %s', async (url) => {
    await expect(ini(lines({ ...SAMPLE, dc_url: url }))).rejects.toMatchObject({ code: 'FAIRLEAD_CONFIG' });
    await expect(fromFile({ ...SAMPLE, dc_url: url })).rejects.toThrow(/dc_url/);
  });

  test('cyberapp 9.133: slashes at the end are no path', async () => {
    expect(await ini(lines({ ...SAMPLE, dc_url: 'https://EU8-cloud.acronis.com///' }))).toEqual([EU8]);
  });

  test.each<[string, unknown, RegExp]>([
    ['no secret', { ...SAMPLE, client_secret: '' }, /needs client_secret/],
    ['a secret that is no text', { ...SAMPLE, client_secret: 5 }, /needs client_secret/],
    ['nothing', {}, /needs dc_url/],
    ['a list', [SAMPLE], /not a JSON object/],
    ['half of a file', '{"client_secret": "hush-hu', /not JSON/],
    ['a data center that is none', { datacenters: ['eu8'] }, /list of at most 100 objects/],
    ['one data center twice', { ...SAMPLE, datacenters: [{ ...SAMPLE, dc_url: 'https://eu8.acronis.cloud' }] }, /eu8 a second time/],
    ['a file of a megabyte', ' '.repeat(1_048_577), /longer than/],
  ])('%s is a mistake that quotes no secret', async (_name, content, says) => {
    const refused = fromFile(content);
    await expect(refused).rejects.toMatchObject({ code: 'FAIRLEAD_CONFIG' });
    await expect(refused).rejects.toThrow(says);
    await expect(refused).rejects.not.toThrow(/hush/);
  });

  test('a file that is not there is a mistake that says so', async () => {
    await expect(ini('file = /nonexistent/connector.json')).rejects.toThrow(/cannot be read \(ENOENT\)/);
  });

  test('a file that others may read is a warning, or refused', async () => {
    expect((await fromFile(SAMPLE, { mode: 0o644 })).text).toContain('can be read by others');
    await expect(fromFile(SAMPLE, { mode: 0o604, keys: 'strict_permissions = true' })).rejects.toThrow(/others may read/);
    expect((await fromFile(SAMPLE, { mode: 0o640, keys: 'strict_permissions = true' })).found).toEqual([EU8]);
  });
});
