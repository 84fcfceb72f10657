import { writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fuzz, mutatedText } from '@fairlead/testkit/fuzz';
import { tempDir } from '@fairlead/testkit/temp';
import { expect, test } from 'vitest';
import { CHECKSUM_ALGORITHM } from '../src/backup/checksum.ts';
import { readManifest } from '../src/backup/manifest.ts';

const DISK = { id: 'd', name: 'root', file: 'd.qcow2', size: 4096, bootable: true, interface: 'virtio' };
const MANIFEST = JSON.stringify({
  format: 1,
  createdAt: '2026-01-02T03:04:05.678Z',
  vm: { id: 'v', name: 'web', clusterId: 'c', ovf: '<ovf/>', nics: [{ name: 'nic1', vnicProfileId: 'p', mac: '02:00:4c:9d:00:01' }] },
  storageDomainId: 's',
  disks: [{ ...DISK, checksum: { algorithm: CHECKSUM_ALGORITHM, digest: 'ab'.repeat(64) } }],
});

test('any manifest is refused, or names images inside of its folder', { timeout: 60_000 }, async () => {
  await using folder = await tempDir();
  const words = ['"file":"../x.qcow2"', '"size":', '-1', '1e400', '"disks":[]', '..', '/', '.qcow2', 'null', '"format":2'];
  await fuzz(
    'fairlead.manifest',
    mutatedText([MANIFEST], words),
    async (text) => {
      await writeFile(join(folder.path, 'manifest.json'), text);
      try {
        const { disks } = await readManifest(folder.path);
        for (const { file, size } of disks) {
          expect(basename(file)).toBe(file);
          expect(file).toMatch(/\.qcow2$/);
          expect(Number.isSafeInteger(size) && size >= 0).toBe(true);
        }
        return true;
      } catch (error) {
        expect(error).toMatchObject({ code: 'BACKUP_NOT_A_BACKUP' });
        return false;
      }
    },
    { someAccepted: true },
  );
});
