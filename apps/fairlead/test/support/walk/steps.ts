/** Variable that names the folder in which the stepper finds its order and leaves the names of the steps. */
export const STEPS_FOLDER = 'STEPS_FOLDER';

/** What a process is told: to note its steps, and to die at one of them. */
export interface Order {
  /** Another id begins the counting anew. */
  readonly id: string;
  /** `before …` or `after …`; without it steps are only noted. */
  readonly at?: string;
  /** At which time that it happens. */
  readonly count?: number;
}

/** `write ovirt_backups phase=ready`; undefined for what only reads. */
export function stepOfStatement(sql: string, values: readonly unknown[]): string | undefined {
  const found = /^\s*(insert into|update|delete from) "(\w+)"(?: set ((?:"\w+" = \?,? ?)+))?/.exec(sql);
  // What the background reads anew again and again, whoever asks for what.
  if (found === null || found[2]?.startsWith('ovirt_inventory') === true) return undefined;
  const [, verb = '', table = '', columns = ''] = found;
  const names = [...columns.matchAll(/"(\w+)"/g)].map((match) => match[1]);
  const words = ['phase', 'state', 'status'].flatMap((name) => {
    const at = names.indexOf(name);
    const value = String(values[at]);
    return at < 0 || !/^[a-z_]+$/.test(value) ? [] : [`${name}=${value}`];
  });
  const what = words.length > 0 ? words.join(' ') : names.slice(0, 2).join(',');
  return [verb.split(' ')[0], table, kindOf(table, values), what].filter((word) => word !== '').join(' ');
}

/** Rows of one table that are of several kinds say so in their id. */
const KINDS: Readonly<Record<string, RegExp>> = { image_jobs: /^(export|transfer|backup)\//, ovirt_locks: /^(vm|disk|work|name):/ };

function kindOf(table: string, values: readonly unknown[]): string {
  const form = KINDS[table];
  const kinds = form === undefined ? [] : values.map((value) => form.exec(String(value))?.[1]);
  return kinds.find((kind) => kind !== undefined) ?? '';
}

/** `call CloudStack createVolume`, `call POST /internal/transfer`. */
export function stepOfRequest(method: string, path: string, body: unknown): string {
  const command = /(?:^|&)command=(\w+)/.exec(typeof body === 'string' ? body : '')?.[1];
  return command === undefined ? `call ${method} ${plain(path)}` : `call CloudStack ${command}`;
}

export function stepOfAnswer(method: string | undefined, url: string | undefined, status: number): string {
  return `answer ${method ?? ''} ${plain(url ?? '')} ${status}`;
}

/** A path without what differs from run to run. */
function plain(path: string): string {
  return path
    .replace(/\?.*$/, '')
    .replace(/\/[A-Za-z0-9_-]{43}(?=\/|$)/g, '/*')
    .replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, '*');
}
