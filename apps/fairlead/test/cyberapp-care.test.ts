import { writeFile } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { hashPassword } from '@fairlead/kernel/secrets';
import { tempDir } from '@fairlead/testkit/temp';
import { expect, test } from 'vitest';
import { inProcess } from './support/output.ts';

const ROOT = 'b9c1a52c-280e-45cd-be77-ba927fc42950';
const CONFIG = `[security]\nhmac_secret = of-the-tests-and-long-enough-for-it\n[cyberapp]\napp_code = vendor.app\nargon2_memory_kib = 8192\nargon2_time = 1\nargon2_parallelism = 1\n`;

async function desk() {
  const folder = await tempDir('fairlead-cyberapp-');
  const file = `${folder.path}/fairlead.ini`;
  await writeFile(file, `[server]\nstate_dir = ${folder.path}\n${CONFIG}`);
  await writeFile(`${folder.path}/password`, 'correct horse\n');
  const run = (...words: string[]) => inProcess(['cyberapp', ...words, '--config', file]);
  const json = async (...words: string[]): Promise<unknown> => JSON.parse((await run(...words, '--json')).stdout);
  return { folder: folder.path, run, json, [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() };
}

test('cyberapp 9.177: the first user is made once, and never without a password', async () => {
  await using d = await desk();
  const nowhere = await d.run('init');
  expect(nowhere).toMatchObject({ code: 64 });
  expect(nowhere.stderr).toContain('--password-file');
  const first = await d.run('init', '--demo', '--id', ROOT, '--org', 'John Doe Inc.', '--password-file', `${d.folder}/password`);
  expect(first).toMatchObject({ code: 0 });
  expect(first.stdout).toContain(ROOT);
  const again = await d.run('init', '--password-file', `${d.folder}/password`);
  expect(again).toMatchObject({ code: 1 });
  expect(again.stderr).toContain('CLI_CYBERAPP_INIT');
  expect(await d.json('org', 'list')).toHaveLength(6);
  expect(await d.json('user', 'list')).toHaveLength(11);
  expect([nowhere, first, again].every((one) => !`${one.stdout}${one.stderr}`.includes('correct horse'))).toBe(true);
});

test('organizations are added, moved, set, suspended and removed, and refusals say why', async () => {
  await using d = await desk();
  const add = async (...words: string[]) => (await d.run('org', 'add', ...words)).stdout.trim();
  const p1 = await add('--name', 'P1', '--kind', 'partner');
  const p2 = await add('--name', 'P2', '--kind', 'partner');
  const c1 = await add('--name', 'C1', '--kind', 'customer', '--parent', p1);
  expect(await d.run('org', 'add', '--name', 'x', '--kind', 'customer', '--parent', c1)).toMatchObject({ code: 1 });
  expect(await d.run('org', 'add', '--name', 'x', '--kind', 'other')).toMatchObject({ code: 64 });
  expect(await d.run('org', 'move', c1, p2)).toMatchObject({ code: 0 });
  expect((await d.run('org', 'list', '--tree')).stdout).toMatch(/^P1 .*\nP2 .*\n {2}C1 /);
  await d.run('org', 'set', c1, 'push=alerts', 'sees_infrastructure=true');
  expect(await d.run('org', 'set', c1, 'push=some')).toMatchObject({ code: 64 });
  await d.run('org', 'suspend', c1);
  expect(await d.json('org', 'list')).toContainEqual(
    expect.objectContaining({ id: c1, parent: p2, push: 'alerts', sees_infrastructure: true, state: 'suspended' }),
  );
  const refused = await d.run('org', 'remove', p2);
  expect(refused).toMatchObject({ code: 1 });
  expect(refused.stderr).toContain('below it');
  expect(await d.run('org', 'remove', c1)).toMatchObject({ code: 0 });
});

test('users get passwords from a file, made up, or by a token, and a login is unique', async () => {
  await using d = await desk();
  const org = (await d.run('org', 'add', '--name', 'P1', '--kind', 'partner')).stdout.trim();
  const add = (login: string) => d.run('user', 'add', '--org', org, '--login', login, '--name', 'N', '--email', 'n@example.com');
  expect(await add('ada')).toMatchObject({ code: 0 });
  expect(await add('ADA')).toMatchObject({ code: 1 });
  expect(await add('a:b')).toMatchObject({ code: 1 });
  expect(await d.run('user', 'password', 'ada', '--password-file', `${d.folder}/password`)).toMatchObject({ code: 0, stdout: '' });
  const made = (await d.run('user', 'password', 'ada', '--generate')).stdout.trim();
  const token = (await d.run('user', 'password', 'ada', '--token')).stdout.trim();
  expect(made).toMatch(/^[\w-]{24}$/);
  expect(token).toMatch(/^[\w-]{43}$/);
  expect(await d.run('user', 'password', 'ada', '--token', '--generate')).toMatchObject({ code: 64 });
  expect(await d.run('user', 'password', 'nobody', '--generate')).toMatchObject({ code: 66 });
  expect((await d.run('user', 'unlock', 'ada')).stdout).toContain('was not locked');
  await d.run('user', 'suspend', 'ada');
  expect(await d.json('user', 'list', '--org', org)).toEqual([
    expect.objectContaining({ login: 'ada', state: 'suspended', password: 'set' }),
  ]);
  expect(await d.run('user', 'remove', 'ada')).toMatchObject({ code: 0 });
  expect(await d.json('user', 'list')).toEqual([]);
});

interface Sample {
  readonly organizations: readonly (readonly [string, string | null, string, number])[];
  readonly users: readonly (readonly [string, string | null, string, string | null, string])[];
  readonly mappings: readonly (readonly [string, string, string | null])[];
}

/** A `vendor.db` as the sample makes it (tables of cyberapp 3.1). */
function writeVendorFile(path: string, { organizations, users, mappings }: Sample): void {
  const db = new DatabaseSync(path);
  db.exec(`create table organizations (id varchar(36) primary key, parent_id varchar(36) references organizations(id) on delete cascade, name varchar(255), kind tinyint) without rowid;
create table users (id varchar(36) primary key, login nvarchar(255) unique, name nvarchar(255), email varchar(255), password varchar(255), organization_id varchar(36) references organizations(id) on delete cascade) without rowid;
create table organizations_mapping (organization_id varchar(36) primary key references organizations(id) on delete cascade, acronis_tenant_id varchar(36) unique, acronis_dc_url varchar(64)) without rowid;
pragma foreign_keys = off;`);
  for (const row of organizations) db.prepare('insert into organizations values (?, ?, ?, ?)').run(...row);
  for (const [id, login, name, password, organization] of users)
    db.prepare('insert into users values (?, ?, ?, ?, ?, ?)').run(id, login, name, `${name}@john-doe.xyz`, password, organization);
  for (const row of mappings) db.prepare('insert into organizations_mapping values (?, ?, ?)').run(...row);
  db.close();
}

const C1 = '11111111-1111-4111-8111-111111111111';
const C2 = '22222222-2222-4222-8222-222222222222';
const [T1, T2] = ['AAAAAAAA-1111-4111-8111-111111111111', 'bbbbbbbb-1111-4111-8111-111111111111'];

test('cyberapp 9.175: the sample’s database is taken over once, links with their owner', async () => {
  await using d = await desk();
  const hash = await hashPassword('root password', { memory: 8192, passes: 1, parallelism: 1 });
  const file = `${d.folder}/vendor.db`;
  writeVendorFile(file, {
    organizations: [
      [ROOT, null, 'John Doe Inc.', 0],
      [C1, ROOT, 'Ann Inc.', 1],
      [C2, ROOT, 'Bob Inc.', 1],
    ],
    users: [
      ['dea06122-1851-48f2-8867-fc62048e5cdd', 'Root', 'John', hash, ROOT],
      ['33333333-1111-4111-8111-111111111111', 'ann.b', 'Ann', null, C1],
      [
        '44444444-1111-4111-8111-111111111111',
        'odd',
        'Odd',
        '$argon2id$v=19$m=9999999,t=99,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc',
        C1,
      ],
    ],
    mappings: [
      [ROOT, T1, 'https://eu8-cloud.acronis.com'],
      [C1, T2, 'https://eu8.acronis.cloud'],
    ],
  });
  expect(await d.json('import', file)).toMatchObject({ organizations: 3, users: 3, mappings: 2, notes: [expect.stringContaining('odd')] });
  expect(await d.json('import', file)).toMatchObject({ organizations: 0, users: 0, mappings: 0 });
  expect(await d.json('mapping', 'list')).toEqual([
    expect.objectContaining({ id: C1, tenant: T2, datacenter: 'eu8', state: 'active', owner: ROOT }),
    expect.objectContaining({ id: ROOT, tenant: T1.toLowerCase(), state: 'partner', owner: ROOT }),
  ]);
  expect(await d.json('user', 'list')).toContainEqual(expect.objectContaining({ login: 'odd', password: 'none' }));
  expect(await d.run('mapping', 'remove', C1)).toMatchObject({ code: 0, stderr: expect.stringContaining('Acronis keeps its own copy') });
  expect(await d.run('mapping', 'remove', C1)).toMatchObject({ code: 66 });
});

test('cyberapp 9.175: everything that is wrong with a database is told at once, and nothing is taken over', async () => {
  await using d = await desk();
  const file = `${d.folder}/vendor.db`;
  writeVendorFile(file, {
    organizations: [
      [ROOT, null, 'Root', 0],
      [C1, ROOT, 'Ann Inc.', 1],
      [C2, C1, 'Below', 1],
      ['55555555-1111-4111-8111-111111111111', '66666666-1111-4111-8111-111111111111', 'One', 0],
      ['66666666-1111-4111-8111-111111111111', '55555555-1111-4111-8111-111111111111', 'Two', 0],
    ],
    users: [
      ['33333333-1111-4111-8111-111111111111', 'ann', 'Ann', null, C1],
      ['44444444-1111-4111-8111-111111111111', 'ANN', 'Other', null, C1],
    ],
    mappings: [
      [C1, T1, null],
      [C2, T2, 'https://evil.example'],
    ],
  });
  const refused = await d.run('import', file);
  expect(refused).toMatchObject({ code: 1 });
  for (const part of [
    'Below: it is below a customer',
    'One: it is below itself',
    'ann and ANN',
    'names no data center',
    'evil.example is no data center',
  ])
    expect(refused.stderr).toContain(part);
  expect(await d.json('org', 'list')).toEqual([]);
  await writeFile(file, 'no database at all');
  expect(await d.run('import', file)).toMatchObject({ code: 1, stderr: expect.stringContaining('CYBERAPP_IMPORT') });
});
