import { chown, mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { tempDir } from '@fairlead/testkit/temp';
import { expect, test } from 'vitest';
import { createWholeFile, writeWholeFile } from '../src/service/security/whole-file.ts';

/** Only root can give files away; for anybody else they are his own before and after. */
const [user = 0, group = 0] = [process.geteuid?.(), process.getegid?.()];
const service = user === 0 ? { uid: 12_345, gid: 12_345 } : { uid: user, gid: group };

test('a file that root writes anew still belongs to the user of the gateway, and a new one to the owner of its folder', async () => {
  await using folder = await tempDir('cce-');
  const state = join(folder.path, 'cce');
  await mkdir(state, { mode: 0o700 });
  await chown(state, service.uid, service.gid);
  await createWholeFile(join(state, 'master.key'), 'key');
  await writeWholeFile(join(state, 'access'), 'one');
  await writeWholeFile(join(state, 'access'), 'two');
  for (const name of ['master.key', 'access']) {
    const { uid, mode } = await stat(join(state, name));
    expect([uid, mode & 0o777], name).toEqual([service.uid, 0o600]);
  }
});
