import { join } from 'node:path';
import { createQcow2 } from '@fairlead/testkit/disks';
import type { ImageTables } from '../../src/tables.ts';
import { testBridge } from './bridge.ts';
import { openTransfer } from './tickets.ts';

/** The process that `killed-agent.ts` starts and kills. */
const [folder = ''] = process.argv.slice(2);
const bridge = await testBridge({ folder });

async function open(name: string, direction: 'download' | 'upload') {
  const path = join(bridge.images, `${name}.qcow2`);
  await createQcow2(path, 8 * 1024 * 1024);
  return openTransfer(bridge, { direction, path, transferId: name });
}

const down = await open('down', 'download');
const up = await open('up', 'upload');
const lost = await open('lost', 'upload');
const orphan = await open('orphan', 'download');
const jobs = bridge.store.tables<ImageTables>();
const rows = await jobs.selectFrom('image_jobs').select(['id', 'pid']).where('kind', '=', 'export').execute();
await jobs.deleteFrom('image_jobs').where('id', 'in', ['export/orphan', 'transfer/orphan']).execute();
const pids = Object.fromEntries(rows.map(({ id, pid }) => [id.replace('export/', ''), pid]));
process.send?.({ down, up, lost, orphan, pids, ca: bridge.ca });
