import { instant } from '../fake-clock.ts';
import type { Json, Row } from '../json.ts';
import { refuse } from '../refusal.ts';
import { newTask } from '../world/servers.ts';
import type { Server } from '../world/state.ts';
import { listing, reading, rowsBelow, SERVICE_INFOS_BODY, taggedIds, writing } from './lists.ts';
import { type Asked, param, type Route, rowOf } from './route.ts';

const SERVER = '/dedicated/server/{serviceName}';

const WRITABLE = {
  bootId: 'long?',
  bootScript: 'string?',
  efiBootloaderPath: 'string?',
  monitoring: 'boolean?',
  noIntervention: 'boolean?',
  rescueMail: 'string?',
  rescueSshKey: 'text?',
  rootDevice: 'string?',
  state: 'string?',
};

/** Dedicated servers (10.1). */
export const serverRoutes: readonly Route[] = [
  ...listing({
    path: '/dedicated/server',
    variable: 'serviceName',
    model: 'dedicated.server.DedicatedWithIAM',
    query: { iamTags: 'map?' },
    all: (asked) => taggedIds(asked, asked.world.state.servers, (entry) => entry.server),
    one: (id, asked) => rowOf(asked.world.state.servers, id, 'serviceName').server,
  }),
  writing(SERVER, WRITABLE, (asked) => serverOf(asked).server),
  reading(`${SERVER}/serviceInfos`, 'services.Service', (asked) => serverOf(asked).serviceInfos),
  writing(`${SERVER}/serviceInfos`, SERVICE_INFOS_BODY, (asked) => serverOf(asked).serviceInfos),
  reading(`${SERVER}/specifications/hardware`, 'dedicated.server.HardwareSpecifications', (asked) => serverOf(asked).hardware),
  reading(`${SERVER}/specifications/network`, 'dedicated.server.NetworkSpecifications', (asked) => serverOf(asked).network),
  { ...reading(`${SERVER}/ips`, 'ipBlock[]', (asked) => serverOf(asked).ips), summary: 'List all IP linked to this server' },
  ...listing({
    path: `${SERVER}/networkInterfaceController`,
    variable: 'mac',
    model: 'dedicated.server.networkInterfaceController',
    query: { linkType: 'string?' },
    all: macsOf,
    one: (id, asked) => rowOf(serverOf(asked).nics, id, 'mac'),
  }),
  ...rowsBelow(
    { path: `${SERVER}/virtualNetworkInterface`, variable: 'uuid', model: 'dedicated.server.virtualNetworkInterface' },
    (asked) => serverOf(asked).interfaces,
  ),
  ...listing({
    path: `${SERVER}/task`,
    variable: 'taskId',
    model: 'dedicated.server.Task',
    ids: 'long',
    query: { function: 'string?', status: 'string?' },
    all: taskIds,
    one: (id, asked) => rowOf(tasks(asked), Number(id), 'taskId'),
  }),
  ...rowsBelow({ path: `${SERVER}/option`, variable: 'option', model: 'dedicated.server.Option' }, (asked) => serverOf(asked).options),
  ...rowsBelow(
    { path: `${SERVER}/intervention`, variable: 'interventionId', model: 'dedicated.server.Intervention', ids: 'long' },
    (asked) => serverOf(asked).interventions,
  ),
  ...rowsBelow(
    { path: `${SERVER}/plannedIntervention`, variable: 'interventionId', model: 'dedicated.server.PlannedIntervention', ids: 'long' },
    plannedOf,
  ),
  ...listing({
    path: `${SERVER}/vrack`,
    variable: 'vrack',
    model: 'vrack.vrack',
    all: (asked) => serverOf(asked).vracks,
    one: (id, asked) => rowOf(vracksOf(asked), id, 'vrack'),
  }),
  { method: 'POST', path: `${SERVER}/reboot`, summary: 'Hard reboot this server', answer: 'dedicated.server.Task', run: reboot },
];

function serverOf(asked: Asked): Server {
  return rowOf(asked.world.state.servers, param(asked, 'serviceName'), 'serviceName');
}

function macsOf(asked: Asked): string[] {
  const wanted = asked.call.query.get('linkType');
  const rows = [...serverOf(asked).nics].filter(([, row]) => wanted === null || row.linkType === wanted);
  return rows.map(([mac]) => mac);
}

/** The interventions to come, as the API tells of them before they are history. */
function plannedOf(asked: Asked): ReadonlyMap<number, Row> {
  const now = asked.world.clock.now();
  const rows = [...serverOf(asked).interventions].filter(([, row]) => Date.parse(String(row.date)) > now);
  return new Map(
    rows.map(([id, { type = '', date = '' }]): [number, Row] => [
      id,
      { id, type, status: 'planned', wantedStartDate: date, expectedEndDate: null },
    ]),
  );
}

function vracksOf(asked: Asked): ReadonlyMap<string, Row> {
  const { vracks } = asked.world.state;
  return new Map(serverOf(asked).vracks.map((name) => [name, vracks.get(name)?.vrack ?? { name }]));
}

function taskIds(asked: Asked): number[] {
  const { query } = asked.call;
  const [wanted, status] = [query.get('function'), query.get('status')];
  const rows = [...tasks(asked)].filter(
    ([, row]) => (wanted === null || row.function === wanted) && (status === null || row.status === status),
  );
  return rows.map(([id]) => id);
}

/** The tasks as far as they are by now: a reboot takes a minute. */
function tasks(asked: Asked): Map<number, Row> {
  const { tasks: rows } = serverOf(asked);
  for (const row of rows.values()) if (row.function === 'hardReboot' && row.status !== 'done') progress(row, asked.world.clock.now());
  return rows;
}

const DOING_AFTER_MS = 10_000;
const DONE_AFTER_MS = 60_000;

function progress(row: Row, now: number): void {
  const started = Date.parse(String(row.startDate));
  const age = now - started;
  if (age >= DOING_AFTER_MS) Object.assign(row, { status: 'doing', lastUpdate: instant(started + DOING_AFTER_MS) });
  if (age < DONE_AFTER_MS) return;
  const done = instant(started + DONE_AFTER_MS);
  Object.assign(row, { status: 'done', lastUpdate: done, doneDate: done });
}

function reboot(asked: Asked): Json {
  const rows = tasks(asked);
  const busy = [...rows.values()].some((row) => row.function === 'hardReboot' && row.status !== 'done');
  if (busy) throw refuse.conflict('Action already asked');
  const taskId = Math.max(0, ...rows.keys()) + 1;
  const task = newTask(taskId, 'hardReboot', asked.world.clock.now());
  rows.set(taskId, task);
  return { ...task };
}
