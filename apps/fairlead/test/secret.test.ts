import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock } from '@fairlead/kernel/clock';
import { Secrets } from '@fairlead/kernel/secrets';
import { Sessions } from '@fairlead/kernel/sessions';
import { captureLog } from '@fairlead/testkit/capture';
import { tempDir } from '@fairlead/testkit/temp';
import { until } from '@fairlead/testkit/until';
import { describe, expect, test } from 'vitest';
import { loadConfiguration } from '../src/compose/configuration.ts';
import { startGateway } from '../src/compose/gateway.ts';
import { openConfiguredStore, serverSecrets } from '../src/compose/state.ts';
import { inProcess } from './support/output.ts';
import { serve } from './support/serve.ts';

const FIRST = 'the first server secret of 32 bytes or more';
const SLOW = { timeout: 60_000 };

function iniText(folder: string, secretLine = `hmac_secret = ${FIRST} ; keep it`): string {
  return [
    '# of the tests',
    `[server]\nhost = 127.0.0.1\nport = 0\npublic_ip = 127.0.0.1\nstate_dir = ${folder}/state\nrun_dir = ${folder}/run`,
    `[security]\n${secretLine}\n`,
    '[logging]\nlevel = info ; the last section',
    '',
  ].join('\n');
}

async function newFile(folder: string, secretLine?: string): Promise<string> {
  const file = join(folder, 'fairlead.ini');
  await writeFile(file, iniText(folder, secretLine), { mode: 0o640 });
  return file;
}

const load = (file: string) => loadConfiguration({ file, env: {} });
const start = (file: string) => startGateway({ config: load(file), log: captureLog().log });

/** A session of somebody who is logged in. */
async function login(file: string): Promise<string> {
  const config = load(file);
  await using store = await openConfiguredStore(config, { log: captureLog().log, clock: systemClock });
  const sessions = new Sessions({ store, secrets: serverSecrets(config), clock: systemClock });
  return (await sessions.issue({ face: 'ovirt', subject: 'ann', data: { key: 'kept' }, idleMs: 3_600_000, maxMs: 3_600_000 })).token;
}

async function sessionOf(file: string, token: string): Promise<unknown> {
  const config = load(file);
  await using store = await openConfiguredStore(config, { log: captureLog().log, clock: systemClock });
  return (await new Sessions({ store, secrets: serverSecrets(config), clock: systemClock }).verify('ovirt', token))?.data;
}

const rotate = (file: string, ...more: string[]) => inProcess(['secret', 'rotate', '--config', file, ...more]);
const status = (file: string) => inProcess(['secret', 'status', '--config', file]);

describe('secret rotate', () => {
  test('the secret is changed, a gateway seals its rows anew, sessions stay good, and status says when it is over', SLOW, async () => {
    await using folder = await tempDir('rotate-');
    const file = await newFile(folder.path);
    await (await start(file))[Symbol.asyncDispose]();
    const token = await login(file);
    expect(await status(file)).toMatchObject({ code: 0 });

    const rotated = await rotate(file);

    expect(rotated).toMatchObject({ code: 0, stderr: '' });
    const text = await readFile(file, 'utf8');
    const made = /^hmac_secret = (\S{64}) ; keep it$/m.exec(text)?.[1] ?? '';
    expect(text).toContain(`\nformer_hmac_secret = ${FIRST}\n`);
    expect(text.replace(/^(former_)?hmac_secret.*\n/gm, '')).toBe(iniText(folder.path).replace(/^hmac_secret.*\n/m, ''));
    expect((await stat(file)).mode & 0o777).toBe(0o640);
    expect(rotated.stdout).not.toContain(made);
    expect(await status(file)).toMatchObject({ code: 3, stderr: expect.stringContaining('1 sealed rows are not sealed anew yet') });
    expect(await rotate(file)).toMatchObject({ code: 3, stderr: expect.stringContaining('(CLI_SECRET_NOT_OVER)') });

    {
      await using _gateway = await start(file);
      const keyId = new Secrets(made).keyId;
      await until(async () => new RegExp(`${keyId} +current, since .* 1$`, 'm').test((await status(file)).stdout), {
        what: 'the new seal',
      });
    }
    expect(await sessionOf(file, token)).toEqual({ key: 'kept' });
    const waiting = await status(file);
    expect(waiting).toMatchObject({ code: 3, stderr: expect.stringContaining('1 sessions and tickets began before the change') });
    expect(waiting.stdout + waiting.stderr).not.toContain(made);

    const config = load(file);
    await using store = await openConfiguredStore(config, { log: captureLog().log, clock: systemClock });
    await new Sessions({ store, secrets: serverSecrets(config), clock: systemClock }).revokeSubject('ovirt', 'ann');
    expect(await status(file)).toMatchObject({ code: 0, stdout: expect.stringContaining('former_hmac_secret is needed no more') });
    expect(await rotate(file)).toMatchObject({ code: 0 });
  });

  test('a secret in a file of its own is followed by another file, with the same rights', async () => {
    await using folder = await tempDir('file-');
    const kept = join(folder.path, 'hmac_secret');
    await writeFile(kept, `${FIRST}\n`, { mode: 0o600 });
    const file = await newFile(folder.path, `hmac_secret = @${kept}`);

    expect(await rotate(file)).toMatchObject({ code: 0 });

    const made = (await readdir(folder.path)).find((name) => name.startsWith('hmac_secret.')) ?? '';
    const text = await readFile(file, 'utf8');
    expect(text).toContain(`hmac_secret = @${kept}.`);
    expect(text).toContain(`former_hmac_secret = @${kept}\n`);
    expect((await stat(join(folder.path, made))).mode & 0o777).toBe(0o600);
    expect(serverSecrets(load(file)).keyIds).toEqual([made.slice('hmac_secret.'.length), new Secrets(FIRST).keyId]);
    expect(await readFile(kept, 'utf8')).toBe(`${FIRST}\n`);
  });

  test('a secret from a variable is not in the file to be changed', async () => {
    await using folder = await tempDir('variable-');
    const file = await newFile(folder.path);
    process.env.FAIRLEAD_SECURITY_HMAC_SECRET = 'a secret from the environment of the tests';
    const told = await rotate(file).finally(() => {
      delete process.env.FAIRLEAD_SECURITY_HMAC_SECRET;
    });

    expect(told).toMatchObject({ code: 1, stderr: expect.stringContaining('it comes from FAIRLEAD_SECURITY_HMAC_SECRET') });
    expect(await readFile(file, 'utf8')).toBe(iniText(folder.path));
  });
});

describe('two gateways on one store', () => {
  /** Two configurations with one database, as two machines have it. */
  async function twoFiles(folder: string): Promise<[string, string]> {
    const text = (name: string) =>
      iniText(folder)
        .replace(`state_dir = ${folder}/state`, `state_dir = ${folder}/${name}`)
        .replace('[logging]', `[store]\nurl = sqlite:${folder}/shared.db\n[logging]`);
    const files = [join(folder, 'one.ini'), join(folder, 'other.ini')] as [string, string];
    await writeFile(files[0], text('one'));
    await writeFile(files[1], text('other'));
    return files;
  }

  test('the one that has a new secret first is refused, and told what to do', SLOW, async () => {
    await using folder = await tempDir('refused-');
    const [one, other] = await twoFiles(folder.path);
    await using _one = await start(one);
    await (await start(other))[Symbol.asyncDispose]();
    const token = await login(one);
    expect(await rotate(other)).toMatchObject({ code: 0 });

    await expect(start(other)).rejects.toMatchObject({
      code: 'FAIRLEAD_SECRET_DIFFERS',
      help: expect.stringContaining('former_hmac_secret'),
    });
    const asProgram = await serve(other).catch((error: Error) => error.message);

    expect(asProgram).toContain('(FAIRLEAD_SECRET_DIFFERS)');
    expect(await sessionOf(one, token)).toEqual({ key: 'kept' });
  });

  test('prepared at both and then swapped at each, no gateway is without an answer for a session of the other', SLOW, async () => {
    await using folder = await tempDir('rolling-');
    const [one, other] = await twoFiles(folder.path);
    let [here, there] = [await start(one), await start(other)];
    const tokens = [await login(one)];
    const everyTokenAtBoth = async () => {
      for (const token of tokens) for (const file of [one, other]) expect(await sessionOf(file, token)).toEqual({ key: 'kept' });
    };
    expect(await rotate(one)).toMatchObject({ code: 1, stderr: expect.stringContaining('(CLI_SECRET_SHARED)') });
    expect(await rotate(one, '--prepare')).toMatchObject({ code: 0 });
    const prepared = /^former_hmac_secret = (\S+)$/m.exec(await readFile(one, 'utf8'))?.[1] ?? '';
    await writeFile(other, (await readFile(other, 'utf8')).replace('[security]\n', `[security]\nformer_hmac_secret = ${prepared}\n`));
    for (const [file, swap] of [
      [one, false],
      [other, false],
      [one, true],
      [other, true],
    ] as const) {
      if (swap) expect(await rotate(file, '--swap')).toMatchObject({ code: 0 });
      if (file === one) {
        await here[Symbol.asyncDispose]();
        here = await start(one);
      } else {
        await there[Symbol.asyncDispose]();
        there = await start(other);
      }
      tokens.push(await login(file));
      await everyTokenAtBoth();
    }

    expect(serverSecrets(load(one)).keyIds).toEqual([new Secrets(prepared).keyId, new Secrets(FIRST).keyId]);
    await here[Symbol.asyncDispose]();
    await there[Symbol.asyncDispose]();
  });
});
