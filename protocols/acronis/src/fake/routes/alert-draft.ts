import { isUuid } from '@fairlead/kernel/ids';
import { isObject, type JsonObject } from '../../codec/read.ts';
import { exactMember } from '../http/exact-json.ts';
import { badMember } from '../http/refusal.ts';
import { SEVERITIES, type Severity } from '../options.ts';
import type { AlertRow } from '../world/alerts.ts';
import { timeOf } from './filters.ts';
import type { Visit } from './route.ts';

const KNOWN = [
  'type',
  'details',
  'category',
  'tenantID',
  'severity',
  'createdAt',
  'id',
  '_source',
  '_sourceTimeStamp',
  'affinity',
  'context',
  'ResourceID',
  'ResourceName',
];
const TEXTS = ['type', 'category', 'tenantID', 'severity', 'createdAt', 'id', '_source', 'affinity', 'ResourceID', 'ResourceName'];

type Draft = Omit<AlertRow, 'id' | 'seq' | 'datacenter' | 'tenantId' | 'receivedAt' | 'updatedAt' | 'visibleAt'>;

/** What the body of `POST /alerts` says. @throws Refusal 400 naming the member (CyberApp 4.4, 6.2) */
export function alertDraft({ call, app, world }: Visit): Draft {
  const body = call.value;
  if (!isObject(body)) throw badMember('body', 'has to be an object');
  for (const name of TEXTS) if (body[name] !== undefined && typeof body[name] !== 'string') throw badMember(name, 'has to be a string');
  const severity = app.alertTypes.get(String(body.type));
  if (severity === undefined) throw badMember('type', 'is not registered');
  if (body.category !== undefined && !app.categories.has(String(body.category))) throw badMember('category', 'is not registered');
  const details = detailsOf(body);
  if (world.unsettled.strict === 'reject-unknown') refuseUnknown(body, details, world.unsettled.resourceMembers);
  return {
    app: app.code,
    type: String(body.type),
    category: text(body.category),
    severity: severityOf(body) ?? severity,
    details,
    source: text(body._source),
    sourceTimeStamp: stampOf(body, call.text),
    affinity: text(body.affinity),
    resourceId: text(body.ResourceID) ?? text(details.ResourceID),
    resourceName: text(body.ResourceName) ?? text(details.ResourceName),
    createdAt: createdOf(body) ?? world.clock.now(),
    deletedAt: undefined,
    falsePositive: undefined,
  };
}

function detailsOf({ details }: JsonObject): JsonObject {
  if (!isObject(details)) throw badMember('details', 'has to be an object');
  for (const name of ['title', 'category', 'description']) {
    if (details[name] !== undefined && typeof details[name] !== 'string') throw badMember(`details.${name}`, 'has to be a string');
  }
  const { fields } = details;
  if (fields === undefined) return details;
  if (!isObject(fields) || Object.values(fields).some((value) => typeof value !== 'string')) {
    throw badMember('details.fields', 'has to be an object of strings');
  }
  return details;
}

function severityOf({ severity }: JsonObject): Severity | undefined {
  if (severity === undefined) return undefined;
  const found = SEVERITIES.find((one) => one === severity);
  if (found === undefined) throw badMember('severity', 'is not one of them');
  return found;
}

function stampOf({ _sourceTimeStamp: stamp }: JsonObject, json: string): bigint | undefined {
  if (stamp === undefined) return undefined;
  const exact = typeof stamp === 'number' ? exactMember(json, '_sourceTimeStamp') : undefined;
  if (exact === undefined) throw badMember('_sourceTimeStamp', 'has to be an integer');
  return exact;
}

function createdOf({ createdAt, id, context }: JsonObject): number | undefined {
  if (typeof id === 'string' && !isUuid(id)) throw badMember('id', 'has to be a UUID');
  if (context !== undefined && (!isObject(context) || Object.values(context).some((value) => typeof value !== 'string'))) {
    throw badMember('context', 'has to be an object of strings');
  }
  if (createdAt === undefined) return undefined;
  const ms = timeOf(String(createdAt));
  if (ms === undefined) throw badMember('createdAt', 'has to be RFC 3339');
  return ms;
}

function refuseUnknown(body: JsonObject, details: JsonObject, where: 'top' | 'details' | 'nowhere'): void {
  const known = where === 'top' ? KNOWN : KNOWN.filter((name) => !name.startsWith('Resource'));
  for (const name of Object.keys(body)) if (!known.includes(name)) throw badMember(name, 'is not known');
  const inDetails = ['title', 'category', 'description', 'fields', ...(where === 'details' ? ['ResourceID', 'ResourceName'] : [])];
  for (const name of Object.keys(details)) if (!inDetails.includes(name)) throw badMember(`details.${name}`, 'is not known');
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
