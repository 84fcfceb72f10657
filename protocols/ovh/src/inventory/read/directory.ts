import { type Iam, iamOf } from '../map/iam.ts';
import { textOf } from '../map/values.ts';
import type { RecordError, RecordKind } from '../record.ts';
import type { Asker } from './asker.ts';
import { failureOf, isNoRoute } from './failure.ts';

const ROUTE = '/v2/iam/resource';

export type DirectoryKind = Exclude<RecordKind, 'cloud-instance'> | 'cloud-project';

/** What IAM calls them. Instances are no resources of their own there. */
const TYPES: ReadonlyMap<string, DirectoryKind> = new Map<string, DirectoryKind>([
  ['dedicatedServer', 'baremetal'],
  ['vps', 'vps'],
  ['publicCloudProject', 'cloud-project'],
  ['domain', 'domain'],
  ['ip', 'ip'],
]);

/** All resources of an account by the one list of IAM (spec 10.1): names, URNs and tags. */
export class Directory {
  /** Whether the list was read to its end. */
  complete = false;
  error: RecordError | undefined;
  owner: string | undefined;
  readonly #entries = new Map<DirectoryKind, Map<string, Iam>>();

  names(kind: DirectoryKind): string[] {
    return [...(this.#entries.get(kind)?.keys() ?? [])];
  }

  find(kind: DirectoryKind, name: string): Iam | undefined {
    return this.#entries.get(kind)?.get(name);
  }

  /** Takes an entry of the list over; what has no name or is of another kind is nothing to us. */
  add(entry: unknown): void {
    const kind = TYPES.get(textOf(entry, 'type') ?? '');
    const name = textOf(entry, 'name');
    this.owner ??= textOf(entry, 'owner');
    if (kind === undefined || name === undefined) return;
    const entries = this.#entries.get(kind) ?? new Map<string, Iam>();
    this.#entries.set(kind, entries.set(name, iamOf(entry)));
  }
}

/** Never fails but for the signal: what was read until an error counts. An endpoint without v2 has an empty directory. */
export async function readDirectory(asker: Asker, kinds: readonly DirectoryKind[], v2: boolean): Promise<Directory> {
  const directory = new Directory();
  if (!v2 || kinds.length === 0) return directory;
  const resourceType = [...TYPES].filter(([, kind]) => kinds.includes(kind)).map(([type]) => type);
  try {
    for await (const page of asker.pages(ROUTE, { resourceType })) for (const entry of page) directory.add(entry);
    directory.complete = true;
  } catch (error) {
    asker.signal.throwIfAborted();
    if (!isNoRoute(error)) directory.error = failureOf(ROUTE, error);
  }
  return directory;
}
