import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { systemClock } from '../src/clock/index.ts';
import { silentLog } from '../src/log/index.ts';
import { countSealed, kernelSealed, resealRows, Secrets } from '../src/secrets/index.ts';
import { Sessions } from '../src/sessions/index.ts';
import { kernelMigrations, migrate, openStore } from '../src/store/index.ts';
import { newFolder } from './folder.ts';

const doors = new URL('../src', import.meta.url).href;
const [FIRST, SECOND] = ['the first server secret of 32 bytes or more', 'the second server secret of 32 bytes or more'];
const ROWS = 400;

/** Seals anew, and says so at the third row. */
function script(stateDir: string): string {
  return `
    import { systemClock } from '${doors}/clock/index.ts';
    import { silentLog } from '${doors}/log/index.ts';
    import { kernelSealed, resealRows, Secrets } from '${doors}/secrets/index.ts';
    import { openStore } from '${doors}/store/index.ts';
    const store = await openStore({ log: silentLog(), clock: systemClock, stateDir: ${JSON.stringify(stateDir)} });
    const secrets = new Secrets('${SECOND}', ['${FIRST}']);
    const { seal } = secrets;
    let rows = 0;
    secrets.seal = (...args) => { if (++rows === 3) process.stdout.write('begun'); return seal.apply(secrets, args); };
    await resealRows(kernelSealed, { store, secrets, signal: new AbortController().signal });
  `;
}

test('a process that is killed while it seals rows anew loses none of them', { timeout: 60_000 }, async () => {
  await using folder = await newFolder();
  const after = new Secrets(SECOND, [FIRST]);
  const tokens: string[] = [];
  {
    await using store = await openStore({ log: silentLog(), clock: systemClock, stateDir: folder.path });
    await migrate(store, kernelMigrations);
    const sessions = new Sessions({ store, secrets: new Secrets(FIRST), clock: systemClock });
    for (let n = 0; n < ROWS; n++) {
      tokens.push((await sessions.issue({ face: 'ovirt', subject: 'ann', data: { n }, idleMs: 3_600_000, maxMs: 3_600_000 })).token);
    }
  }
  const worker = spawn(process.execPath, ['--input-type=module', '-e', script(folder.path)], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(worker.stdout, 'data');
  worker.kill('SIGKILL');
  await once(worker, 'close');

  await using store = await openStore({ log: silentLog(), clock: systemClock, stateDir: folder.path });
  const sessions = new Sessions({ store, secrets: after, clock: systemClock });
  const done = (await countSealed(store, kernelSealed)).get(after.keyId) ?? 0;
  expect(done).toBeGreaterThan(0);
  for (const [n, token] of tokens.entries()) expect((await sessions.verify('ovirt', token))?.data).toEqual({ n });

  const rest = await resealRows(kernelSealed, { store, secrets: after, signal: new AbortController().signal });
  expect(rest).toEqual({ resealed: ROWS - done, unreadable: 0 });
});
