import { isUuid } from '@fairlead/kernel/ids';
import { parseCti } from './cti.ts';
import { BODY_LIMITS, type JsonLimits, type JsonProblem, readJson } from './json.ts';
import { isObject, type JsonObject } from './read.ts';

/** A callback request whose envelope is sound; the payload is not looked at yet (CyberApp 2.5). */
export interface CallbackRequest {
  readonly type: string;
  /** As sent: answers echo it letter for letter. */
  readonly requestId: string;
  /** Acronis itself sends years like 1: no sign of freshness. */
  readonly createdAt: string;
  readonly context: {
    readonly callbackId: string;
    readonly endpointId: string;
    /** In lower case. */
    readonly tenantId: string;
    /** An absolute URL, no more: `parseDatacenterUrl` says whether it is one of Acronis. */
    readonly datacenterUrl: string;
  };
  /** Undefined when it is absent or null. */
  readonly payload: JsonObject | undefined;
}

export type EnvelopeProblem = JsonProblem | 'not_an_object' | 'member';

export type EnvelopeRead =
  | { readonly ok: true; readonly value: CallbackRequest }
  | {
      readonly ok: false;
      readonly problem: EnvelopeProblem;
      /** A sentence for the administrator. */
      readonly text: string;
      /** The answer repeats it when the body gave one. */
      readonly requestId?: string;
    };

const TEXTS: Readonly<Record<Exclude<EnvelopeProblem, 'member'>, string>> = {
  not_utf8: 'The request is not UTF-8 text.',
  not_json: 'The request is not JSON.',
  too_deep: 'The request is nested too deeply.',
  too_many_members: 'An object of the request has too many members.',
  string_too_long: 'A text of the request is too long.',
  duplicate_key: 'An object of the request has a member twice.',
  forbidden_key: 'An object of the request has a member with a forbidden name.',
  not_text: 'A text of the request has characters that are none.',
  not_an_object: 'The request is not a JSON object.',
};

/** Reads the body of a callback. Members that nobody knows are passed over. */
export function readEnvelope(bytes: Uint8Array, limits: JsonLimits = BODY_LIMITS): EnvelopeRead {
  const read = readJson(bytes, limits);
  if (!read.ok) return { ok: false, problem: read.problem, text: TEXTS[read.problem] };
  const body = read.value;
  if (!isObject(body)) return { ok: false, problem: 'not_an_object', text: TEXTS.not_an_object };
  const wrong = wrongMember(body);
  const known = typeof body.request_id === 'string' && isUuid(body.request_id) ? { requestId: body.request_id } : {};
  if (wrong !== undefined) return { ok: false, problem: 'member', text: `The request has no proper member ${wrong}.`, ...known };
  return { ok: true, value: requestOf(body) };
}

type Check = (value: unknown) => boolean;

const MEMBERS: readonly (readonly [string, Check])[] = [
  ['type', isCti],
  ['request_id', isUuidText],
  ['created_at', isDateTime],
  ['context', isObject],
  ['payload', (value) => value === undefined || value === null || isObject(value)],
];
const CONTEXT_MEMBERS: readonly (readonly [string, Check])[] = [
  ['callback_id', isCti],
  ['endpoint_id', isCti],
  ['tenant_id', isUuidText],
  ['datacenter_url', isAbsoluteUrl],
];

/** The first member that is missing or of another kind; undefined when all are good. */
function wrongMember(body: JsonObject): string | undefined {
  const wrong = MEMBERS.find(([name, check]) => !check(body[name]));
  if (wrong !== undefined) return wrong[0];
  const context = body.context as JsonObject;
  const inner = CONTEXT_MEMBERS.find(([name, check]) => !check(context[name]));
  return inner === undefined ? undefined : `context.${inner[0]}`;
}

/** Only for bodies without a wrong member. */
function requestOf(body: JsonObject): CallbackRequest {
  const context = body.context as Readonly<Record<string, string>>;
  const text = (name: string): string => context[name] ?? '';
  return {
    type: String(body.type),
    requestId: String(body.request_id),
    createdAt: String(body.created_at),
    context: {
      callbackId: text('callback_id'),
      endpointId: text('endpoint_id'),
      tenantId: text('tenant_id').toLowerCase(),
      datacenterUrl: text('datacenter_url'),
    },
    payload: isObject(body.payload) ? body.payload : undefined,
  };
}

function isCti(value: unknown): boolean {
  return typeof value === 'string' && parseCti(value) !== undefined;
}

function isUuidText(value: unknown): boolean {
  return typeof value === 'string' && isUuid(value);
}

const DATE_TIME = /^\d{4}-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.\d{1,12})?(?:Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/i;

/** RFC 3339 5.6, leap seconds among them. */
function isDateTime(value: unknown): boolean {
  const parts = typeof value === 'string' ? DATE_TIME.exec(value)?.slice(1, 6).map(Number) : undefined;
  if (parts === undefined) return false;
  const [month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts;
  return month >= 1 && month <= 12 && day >= 1 && day <= 31 && hour <= 23 && minute <= 59 && second <= 60;
}

function isAbsoluteUrl(value: unknown): boolean {
  return typeof value === 'string' && value.length <= 2048 && /^[a-z][a-z0-9+.-]*:\/\//i.test(value) && URL.canParse(value);
}
