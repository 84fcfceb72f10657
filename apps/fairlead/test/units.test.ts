import { readdir, readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';

const folder = new URL('../../../deploy/systemd/', import.meta.url);

async function readUnits() {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.service'));
  return Promise.all(names.map(async (name) => settingsOf(await readFile(new URL(name, folder), 'utf8'))));
}

function settingsOf(text: string): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries([...text.matchAll(/^(\w+)=(.*)$/gm)].map(([, key, value]) => [key, value]));
}

test('the units come back by themselves, and share their folders without taking them from each other', async () => {
  const units = await readUnits();
  expect(units).toHaveLength(2);
  for (const unit of units) {
    expect(unit).toMatchObject({ Restart: 'always', RestartSec: '3' });
    expect(unit).toMatchObject({ RuntimeDirectory: 'fairlead', RuntimeDirectoryMode: '0755', RuntimeDirectoryPreserve: 'yes' });
    expect(unit).toMatchObject({ StateDirectory: 'fairlead', StateDirectoryMode: '0750' });
    expect(unit.ExecStartPre).toContain('config check');
  }
});
