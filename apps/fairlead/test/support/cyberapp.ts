import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FakeAcronis } from '@fairlead/acronis/fake';
import { AsyncScope } from '@fairlead/kernel/lifecycle';
import { captureLog } from '@fairlead/testkit/capture';
import { tempDir } from '@fairlead/testkit/temp';
import { loadConfiguration } from '../../src/compose/configuration.ts';
import { startGateway } from '../../src/compose/gateway.ts';
import type { Ended } from './cli.ts';
import { inProcess } from './output.ts';

export const APP = 'acme.fairlead';

export interface CyberappOptions {
  /** Lines of `[cyberapp]` beside those that every test wants. */
  readonly keys?: string;
  /** Who signs, in place of the fake. */
  readonly issuers?: string;
  /** Of the API client, when it is not that of the fake. */
  readonly clientSecret?: string;
}

/** A gateway in this process that serves the CyberApp, a fake Acronis that signs, and the organizations of a play. */
export interface CyberappGateway extends AsyncDisposable {
  readonly fake: FakeAcronis;
  readonly folder: string;
  /** Of the callback handler. */
  readonly url: string;
  readonly caFile: string;
  readonly passwordFile: string;
  /** A command below `fairlead cyberapp` with this configuration. */
  care(...words: string[]): Promise<Ended>;
  /** `fairlead cyberapp drive` as the first partner, with the keys of the fake. */
  drive(scenario: string, ...words: string[]): Promise<Ended>;
}

const CLIENT = { clientId: 'client-of-the-tests', clientSecret: 'secret-of-the-tests' };

/** P1 with three customers, S below it with one, and P2 with one: each has an account of its name, P1 has p1b as well. */
export async function cyberappGateway({
  keys = '',
  issuers,
  clientSecret = CLIENT.clientSecret,
}: CyberappOptions = {}): Promise<CyberappGateway> {
  await using scope = new AsyncScope();
  const folder = scope.use(await tempDir('cyberapp-cli-')).path;
  const fake = scope.use(await FakeAcronis.start({ apps: [{ code: APP, ...CLIENT }], tenants: [{ name: 'Hosting' }], tls: 'own' }));
  const lines = [
    `[server]\nhost = 127.0.0.1\nport = 0\npublic_ip = 127.0.0.1\nstate_dir = ${folder}/state\nrun_dir = ${folder}/run`,
    `[security]\nhmac_secret = ${'a made up secret of the tests '.repeat(2)}`,
    `[cyberapp]\napp_code = ${APP}\nlisten_address = 127.0.0.1:0\njwt_issuers = ${issuers ?? `${fake.issuer}=${fake.keysUrl}`}`,
    `argon2_memory_kib = 8192\nargon2_time = 1\nargon2_parallelism = 1\n${keys}`,
    `[connector]\nallow_private = true\nca = ${folder}/acronis.crt\n[connector eu8]\ndc_url = ${fake.url()}\nclient_id = ${CLIENT.clientId}\nclient_secret = ${clientSecret}`,
  ];
  const [config, passwordFile, caFile] = [join(folder, 'fairlead.ini'), join(folder, 'password'), join(folder, 'ca.crt')];
  await writeFile(config, lines.join('\n'), { mode: 0o600 });
  await writeFile(join(folder, 'acronis.crt'), fake.ca);
  await writeFile(passwordFile, 'correct horse\n', { mode: 0o600 });
  const care = (...words: string[]) => inProcess(['cyberapp', ...words, '--config', config]);
  await plant(care, passwordFile);
  const gateway = scope.use(await startGateway({ config: loadConfiguration({ file: config, env: {} }), log: captureLog().log }));
  await writeFile(caFile, `${gateway.caPem}${fake.ca}`);
  const url = `${gateway.addresses.cyberapp}/callback`;
  const held = scope.move();
  const drive = (scenario: string, ...words: string[]) => {
    const account = ['--login', 'p1', '--password-file', passwordFile];
    return inProcess([
      'cyberapp',
      'drive',
      scenario,
      '--url',
      url,
      '--ca',
      caFile,
      ...account,
      ...(issuers === undefined ? ['--fake', fake.url()] : []),
      ...words,
    ]);
  };
  return { fake, folder, url, caFile, passwordFile, care, drive, [Symbol.asyncDispose]: () => held[Symbol.asyncDispose]() };
}

async function plant(care: CyberappGateway['care'], passwordFile: string): Promise<void> {
  const org = async (name: string, kind: string, parent?: string) => {
    const made = await care('org', 'add', '--name', name, '--kind', kind, ...(parent === undefined ? [] : ['--parent', parent]));
    if (made.code !== 0) throw new Error(made.stderr);
    return made.stdout.trim();
  };
  const user = (login: string, of: string) =>
    care('user', 'add', '--org', of, '--login', login, '--name', login, '--email', `${login}@example.com`, '--password-file', passwordFile);
  const p1 = await org('P1', 'partner');
  const [p2, s] = [await org('P2', 'partner'), await org('S', 'partner', p1)];
  for (const [name, parent] of [
    ['C1', p1],
    ['C2', p1],
    ['C3', p1],
    ['C9', s],
    ['D1', p2],
  ] as const)
    await org(name, 'customer', parent);
  for (const [login, of] of [
    ['p1', p1],
    ['p1b', p1],
    ['p2', p2],
    ['s', s],
  ] as const)
    await user(login, of);
}
