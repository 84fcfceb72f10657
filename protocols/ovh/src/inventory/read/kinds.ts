import type { Facts } from '../map/facts.ts';
import type { InventoryRecord, RecordKind } from '../record.ts';
import { losesInstances, readProject } from './cloud.ts';
import { readDomain, readIp } from './names.ts';
import { eachOf } from './pool.ts';
import type { Run } from './run.ts';
import { readServer } from './servers.ts';
import type { Sheet } from './sheet.ts';
import { readVps } from './vps.ts';

/** A kind with a list of names and routes below each. */
interface Reader {
  readonly list: string;
  /** Of the routes below the list. */
  readonly variable: string;
  readonly read: (sheet: Sheet, name: string, now: number) => Promise<Facts>;
}

type NamedKind = Exclude<RecordKind, 'cloud-instance'>;

const READERS: Readonly<Record<NamedKind, Reader>> = {
  baremetal: { list: '/dedicated/server', variable: 'serviceName', read: readServer },
  vps: { list: '/vps', variable: 'serviceName', read: readVps },
  domain: { list: '/domain', variable: 'serviceName', read: readDomain },
  ip: { list: '/ip', variable: 'ip', read: readIp },
};
const PROJECTS = '/cloud/project';

/** The records of one kind. */
export function readKind(run: Run, kind: RecordKind): Promise<InventoryRecord[]> {
  return kind === 'cloud-instance' ? readInstances(run) : readNamed(run, kind);
}

async function readNamed(run: Run, kind: NamedKind): Promise<InventoryRecord[]> {
  const { list, variable, read } = READERS[kind];
  const names = await run.names(list, kind);
  const records: InventoryRecord[] = [];
  await eachOf(names, run.concurrency, async (name) => {
    const subject = { kind, name, variables: { [variable]: name } };
    const { value: facts, errors, readAt } = await run.read(subject, (sheet) => read(sheet, name, run.now));
    records.push(run.record({ kind, name, facts, errors, readAt }));
    run.progress(kind, records.length, names.length);
  });
  return records;
}

/** Those of each project; `onProgress` counts projects. */
async function readInstances(run: Run): Promise<InventoryRecord[]> {
  const projects = await run.names(PROJECTS, 'cloud-project');
  const records: InventoryRecord[] = [];
  let done = 0;
  await eachOf(projects, run.concurrency, async (name) => {
    const subject = { kind: 'cloud-project' as const, name, variables: { serviceName: name } };
    const { value: instances, errors, readAt } = await run.read(subject, (sheet) => readProject(sheet, name));
    const own = errors.filter((error) => instances.length > 0 && !losesInstances(error));
    run.errors.push(...errors.filter((error) => !own.includes(error)));
    for (const { id, facts } of instances) records.push(run.record({ kind: 'cloud-instance', name: id, facts, errors: own, readAt }));
    done += 1;
    run.progress('cloud-instance', done, projects.length);
  });
  return records;
}

/** Names alone, where the list of IAM is not to be had. */
export async function listKind(run: Run, kind: RecordKind): Promise<InventoryRecord[]> {
  if (kind === 'cloud-instance') return [];
  const names = await run.names(READERS[kind].list, kind);
  return names.map((name) => nameOnly(run, kind, name));
}

/** Nothing but the name, and what IAM says. */
export function nameOnly(run: Run, kind: NamedKind, name: string): InventoryRecord {
  const facts: Facts = { displayName: name, state: 'unknown', rawState: '' };
  return run.record({ kind, name, facts, errors: [], readAt: run.now });
}
