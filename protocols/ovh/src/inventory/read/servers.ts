import type { Facts } from '../map/facts.ts';
import { futureIntervention, openTask, plannedIntervention, serverFacts } from '../map/server.ts';
import type { OpenWork } from '../record.ts';
import { together } from './pool.ts';
import type { Sheet } from './sheet.ts';

const SERVER = '/dedicated/server/{serviceName}';
const NICS = `${SERVER}/networkInterfaceController`;
const TASKS = `${SERVER}/task`;
const PLANNED = `${SERVER}/plannedIntervention`;
const HISTORY = `${SERVER}/intervention`;

/** The statuses of a task that is not over (10.2). */
const OPEN = ['init', 'todo', 'doing'] as const;
/** More tasks of a status are not asked for one by one. */
const MOST_TASKS = 50;
/** Of interventions: what is announced is among the newest. */
const NEWEST = 5;

/** All that is to know of one dedicated server. */
export async function readServer(sheet: Sheet, name: string, now: number): Promise<Facts> {
  const [server, serviceInfos, hardware, ips, nics, open] = await together([
    sheet.itself(SERVER),
    sheet.row(`${SERVER}/serviceInfos`),
    sheet.row(`${SERVER}/specifications/hardware`),
    sheet.list(`${SERVER}/ips`),
    networkCards(sheet),
    openWork(sheet, now),
  ]);
  return serverFacts(name, { server, serviceInfos, hardware, ips, ...nics, open });
}

/** Which of several is the public one has to be asked. */
async function networkCards(sheet: Sheet): Promise<{ readonly macs: unknown; readonly publicMacs: unknown }> {
  const macs = await sheet.ids(NICS);
  const publicMacs = macs !== undefined && macs.length > 1 ? await sheet.ids(NICS, { linkType: 'public' }) : macs;
  return { macs, publicMacs };
}

/** `undefined` when neither tasks nor interventions could be read: then nobody knows. */
async function openWork(sheet: Sheet, now: number): Promise<readonly OpenWork[] | undefined> {
  const lists = await together([...OPEN.map((status) => openTasks(sheet, status)), interventions(sheet, now)]);
  if (lists.every((list) => list === undefined)) return undefined;
  const work = new Map(lists.flatMap((list) => list ?? []).map((entry) => [`${entry.kind} ${entry.id}`, entry]));
  return [...work.values()].sort(byKindAndId);
}

/** A task without an answer of its own is open all the same. */
async function openTasks(sheet: Sheet, status: string): Promise<OpenWork[] | undefined> {
  const ids = await sheet.ids(TASKS, { status });
  if (ids === undefined) return undefined;
  const asked = ids.slice(0, MOST_TASKS);
  return together(asked.map(async (taskId) => openTask(taskId, status, await sheet.row(`${TASKS}/{taskId}`, { taskId }))));
}

/** Those to come; of endpoints that do not list them (or not now) what the history has of them. */
async function interventions(sheet: Sheet, now: number): Promise<OpenWork[] | undefined> {
  const planned = await sheet.ids(PLANNED);
  if (planned !== undefined) return eachNewest(sheet, PLANNED, planned, plannedIntervention);
  const history = await sheet.ids(HISTORY);
  return history && eachNewest(sheet, HISTORY, history, (id, row) => futureIntervention(id, row, now));
}

/** The newest of them, each with its own answer. */
async function eachNewest(
  sheet: Sheet,
  route: string,
  ids: readonly string[],
  read: (id: string, row: unknown) => OpenWork | undefined,
): Promise<OpenWork[]> {
  const found = await together(
    newest(ids).map(async (interventionId) => read(interventionId, await sheet.row(`${route}/{interventionId}`, { interventionId }))),
  );
  return found.filter((entry) => entry !== undefined);
}

function newest(ids: readonly string[]): string[] {
  return [...ids].sort((a, b) => Number(b) - Number(a)).slice(0, NEWEST);
}

function byKindAndId(a: OpenWork, b: OpenWork): number {
  if (a.kind !== b.kind) return a.kind < b.kind ? 1 : -1;
  return Number(a.id) - Number(b.id);
}
