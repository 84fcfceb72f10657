import type { InventoryRecord } from '../record.ts';

type Cell = string | number | boolean | undefined;

const COLUMNS: readonly (readonly [name: string, cell: (record: InventoryRecord) => Cell])[] = [
  ['kind', (record) => record.kind],
  ['name', (record) => record.name],
  ['displayName', (record) => record.displayName],
  ['state', (record) => record.state],
  ['rawState', (record) => record.rawState],
  ['account', (record) => record.account],
  ['endpoint', (record) => record.endpoint],
  ['hostname', (record) => record.hostname],
  ['model', (record) => record.model],
  ['ipv4', (record) => addresses(record, 4)],
  ['ipv6', (record) => addresses(record, 6)],
  ['routedTo', (record) => record.routedTo],
  ['macs', (record) => record.macs?.join(' ')],
  ['datacenter', (record) => record.location?.datacenter],
  ['rack', (record) => record.location?.rack],
  ['region', (record) => record.location?.region],
  ['zone', (record) => record.location?.zone],
  ['country', (record) => record.location?.country],
  ['os', (record) => record.os],
  ['cpu', (record) => record.hardware?.cpu?.name],
  ['cores', (record) => record.hardware?.cpu?.cores],
  ['memoryMiB', (record) => record.hardware?.memoryMiB],
  ['disks', disks],
  ['tags', tags],
  ['project', (record) => record.project?.name ?? record.project?.id],
  ['serviceStatus', (record) => record.service?.status],
  ['expires', (record) => record.service?.expires],
  ['autoRenew', (record) => record.service?.autoRenew],
  ['open', (record) => record.open?.map((work) => [work.kind, work.id, work.status].join(' ')).join('; ')],
  ['errors', (record) => record.errors.length],
  ['id', (record) => record.id],
  ['fetchedAt', (record) => record.fetchedAt],
];

/** Spreadsheets take these for the beginning of a formula, behind blanks, too; the wide ones where Japanese is typed. */
const FORMULA = /^(?:[\s\0]*[=+\-@＝＋－＠]|[\t\r\n])/;
const TO_QUOTE = /[",\r\n]|^\s|\s$/;

/**
 * RFC 4180, with a line of names. A cell that a spreadsheet would take for a formula begins with an apostrophe: what customers
 * write into names and tags is text.
 */
export function toCsv(records: readonly InventoryRecord[]): string {
  const head = COLUMNS.map(([name]) => name).join(',');
  const lines = records.map((record) => COLUMNS.map(([, cell]) => written(cell(record))).join(','));
  return `${[head, ...lines].join('\r\n')}\r\n`;
}

function written(cell: Cell): string {
  if (typeof cell !== 'string') return cell === undefined ? '' : String(cell);
  const text = FORMULA.test(cell) ? `'${cell}` : cell;
  return TO_QUOTE.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function addresses({ ips = [] }: InventoryRecord, version: 4 | 6): string {
  return ips
    .filter((entry) => entry.version === version)
    .map(({ address }) => address)
    .join(' ');
}

function disks({ hardware }: InventoryRecord): string {
  const groups = hardware?.disks ?? [];
  return groups.map(({ count, sizeGB, type }) => `${count} x ${sizeGB} GB${type === undefined ? '' : ` ${type}`}`).join('; ');
}

function tags({ tags: pairs = {} }: InventoryRecord): string {
  return Object.entries(pairs)
    .map(([key, value]) => `${key}=${value}`)
    .join('; ');
}
