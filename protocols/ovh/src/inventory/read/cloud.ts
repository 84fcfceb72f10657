import type { Facts } from '../map/facts.ts';
import { instanceFacts, projectBook } from '../map/instance.ts';
import { rowsIn, textOf } from '../map/values.ts';
import type { RecordError } from '../record.ts';
import { together } from './pool.ts';
import type { Sheet } from './sheet.ts';

const PROJECT = '/cloud/project/{serviceName}';
const INSTANCES = `${PROJECT}/instance`;

/** An instance and what is known of it. */
export interface FoundInstance {
  readonly id: string;
  readonly facts: Facts;
}

/** The instances of a public cloud project. */
export async function readProject(sheet: Sheet, id: string): Promise<FoundInstance[]> {
  const [project, list] = await together([sheet.itself(PROJECT), instanceList(sheet)]);
  const instances = rowsIn(list);
  if (instances.length === 0) return [];
  const [flavors, images] = await together([sheet.list(`${PROJECT}/flavor`), sheet.list(`${PROJECT}/image`)]);
  const book = projectBook({ id, project, flavors, images });
  const found = new Map<string, FoundInstance>();
  for (const row of instances) {
    const instanceId = textOf(row, 'id');
    if (instanceId !== undefined) found.set(instanceId, { id: instanceId, facts: instanceFacts(instanceId, row, book) });
  }
  return [...found.values()];
}

/** One region that does not answer fails the whole list: then each region is asked, and those that answer count (spec 12, row 25). */
async function instanceList(sheet: Sheet): Promise<readonly unknown[] | undefined> {
  const all = await sheet.list(INSTANCES);
  const failure = sheet.failureOf(INSTANCES);
  if (failure === undefined || !mayBeOneRegion(failure.status)) return all;
  const regions = await sheet.ids(`${PROJECT}/region`);
  if (regions === undefined) return undefined;
  sheet.forgive(INSTANCES);
  const lists = await together(regions.map((region) => sheet.list(INSTANCES, { region })));
  return lists.flatMap((list) => list ?? []);
}

/** Nothing answered, or the API's own side failed. */
function mayBeOneRegion(status: number): boolean {
  return status === 0 || status >= 500;
}

/** Whether an error is about which instances there are, rather than about what they are. */
export function losesInstances({ route }: RecordError): boolean {
  return route === `GET ${INSTANCES}` || route === `GET ${PROJECT}/region`;
}
