import type { InventoryRecord, OpenWork } from '@fairlead/ovh/inventory';
import type { NewFact } from '../store/items.ts';
import { cleanText, utcTime } from './text.ts';

const BLOCKED = /^(hacked|hackedBlocked)(?:\/|$)/;

/** Of a value: it is a part of the key of a row. */
const MOST = 100;

/** What is so of a record (ovh 11.1, cyberapp 5.5). Whoever asks decides what of it is worth an alert. */
export function factsOf(record: InventoryRecord): readonly NewFact[] {
  const { state, rawState, open = [], service, monitoring } = record;
  const facts: NewFact[] = [{ code: 'state', value: state, detail: { raw: cleanText(rawState) ?? '' } }];
  const [, blocked] = BLOCKED.exec(rawState) ?? [];
  if (blocked !== undefined) facts.push({ code: 'blocked', value: blocked });
  if (monitoring !== undefined) facts.push({ code: 'monitoring', value: monitoring });
  facts.push(...open.map(openFact));
  if (service === undefined) return facts;
  const expires = cleanText(service.expires, MOST);
  if (expires !== undefined) facts.push({ code: 'service_expires', value: expires });
  if (service.autoRenew !== undefined) facts.push({ code: 'service_auto_renew', value: service.autoRenew });
  const status = cleanText(service.status, MOST);
  if (status !== undefined) facts.push({ code: 'service_status', value: status });
  return facts;
}

function openFact(work: OpenWork): NewFact {
  const detail = { status: cleanText(work.status), function: cleanText(work.function), planned: utcTime(work.planned) };
  const known = Object.entries(detail).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return { code: `${work.kind}_open`, value: cleanText(work.id, MOST) ?? '', detail: Object.fromEntries(known) };
}
