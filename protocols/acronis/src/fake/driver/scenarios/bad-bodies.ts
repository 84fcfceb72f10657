import { isUuid, newUuid } from '@fairlead/kernel/ids';
import { isObject } from '../../../codec/read.ts';
import type { CallOverrides, DriverAnswer } from '../driver-options.ts';
import { linkedTenant, type Scene } from './scene.ts';

type Bodies = readonly (readonly [check: string, body: string | Buffer])[];
type Overrides = readonly (readonly [check: string, over: CallOverrides])[];

/** What is no callback request at all. `good` is one, as text. */
function shapes(good: string): Bodies {
  const deep = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;
  const members = Array.from({ length: 257 }, (_, index) => `"m${index}":1`).join(',');
  const payload = (text: string) => good.replace(/}$/, `,"payload":${text}}`);
  return [
    ...['', '{', '[]', 'null', '"x"', '1'].map((body) => [`the body ${body || '(none)'} is refused`, body] as const),
    ['bytes that are no text are refused', Buffer.concat([Buffer.from(good.slice(0, -1)), Buffer.from([0x2c, 0x22, 0xff, 0x22])])],
    ['a member that comes twice is refused', good.replace(/}$/, ',"context":{}}')],
    ['the member __proto__ is refused', payload('{"__proto__":{"x":1}}')],
    ['a body of depth 17 is refused', payload(`{"x":${deep(15)}}`)],
    ['an object of 257 members is refused', payload(`{${members}}`)],
  ];
}

/** Members that are missing or of another kind. */
const MEMBERS: Overrides = [
  ['a context that is missing', { members: { context: undefined } }],
  ['a context that is a list', { members: { context: [] } }],
  ['a callback id that is missing', { context: { callback_id: undefined } }],
  ['a callback id that is a number', { context: { callback_id: 5 } }],
  ['a callback id that is an object', { context: { callback_id: {} } }],
  ['a request id that is missing', { members: { request_id: undefined } }],
  ['a request id that is no UUID', { members: { request_id: 'x' } }],
  ['a request id that is an object', { members: { request_id: {} } }],
  ['a date that is missing', { members: { created_at: undefined } }],
  ['a date that is none', { members: { created_at: 'yesterday' } }],
  ['a tenant that is no UUID', { context: { tenant_id: 'x' } }],
  ['a data center that is missing', { context: { datacenter_url: undefined } }],
  ['a data center that is a number', { context: { datacenter_url: 5 } }],
  ['a data center without host', { context: { datacenter_url: '/eu8' } }],
  ['a payload that is a list', { members: { payload: [] } }],
  ['a payload that is a text', { members: { payload: 'x' } }],
  ['the type of another callback', { members: { type: 'cti.a.p.acgw.request.v1.0~a.p.enablement.write.v1.0' } }],
  ['another major version', { context: { callback_id: 'cti.a.p.acgw.callback.v1.0~a.p.enablement.read.v2.0' } }],
  ['a callback that nobody knows', { context: { callback_id: 'cti.a.p.acgw.callback.v1.0~a.p.unheard.v1.0' } }],
  ['no media type', { headers: { 'content-type': undefined } }],
  ['another media type', { headers: { 'content-type': 'text/plain' } }],
  ['a media type that only begins alike', { headers: { 'content-type': 'application/json-patch+json' } }],
  ['another charset', { headers: { 'content-type': 'application/json; charset=latin1' } }],
];

/** What Acronis may well send. */
const GOOD: Overrides = [
  ['members that nobody knows are passed over', { members: { more: { x: 1 } }, context: { more: true } }],
  ['the year 1 is a date', { members: { created_at: '0001-01-01T00:00:00Z' } }],
  ['a newer minor version is taken', { context: { callback_id: 'cti.a.p.acgw.callback.v1.0~a.p.enablement.read.v1.1' } }],
  ['an empty payload is none', { members: { payload: {} } }],
  ['a payload of null is none', { members: { payload: null } }],
  ['the media type may say its charset', { headers: { 'content-type': 'APPLICATION/JSON; charset=utf-8' } }],
];

/** The corpus of the envelope: refused with 400, in JSON, without effect; and what only looks odd is taken. */
export async function badBodies(scene: Scene): Promise<void> {
  const { checks, p1 } = scene;
  const { body } = p1.request('enablement.read', undefined);
  const good = String(body);
  for (const [check, bytes] of shapes(good)) malformed(scene, check, await p1.raw({ body: bytes }));
  for (const [what, over] of MEMBERS) malformed(scene, `${what} is refused`, await p1.enablementRead(over));
  for (const [check, over] of GOOD) checks.accepted(check, await p1.enablementRead(over));
  const marked = await p1.raw({ body: `\ufeff${p1.request('enablement.read', undefined).body}` });
  checks.that('a byte order mark before the body is passed over', marked.status === 200, String(marked.status));
  checks.accepted('an id in upper case is echoed as it was sent', await p1.enablementRead({ requestId: newUuid().toUpperCase() }));
  await credentials(scene);
  checks.same('nothing of it had an effect', await linkedTenant(p1), undefined);
}

async function credentials({ checks, stage, p1 }: Scene): Promise<void> {
  const [{ identity }] = stage.partner.accounts;
  const auth = Buffer.from(`${identity}:{"password":"guessed"}`).toString('base64');
  const headers = { 'x-cyberapp-auth': [auth, auth] };
  checks.refused('credentials that come twice are refused', await p1.enablementRead({ headers }), 400);
  const unknown = { context: { callback_id: 'cti.a.p.acgw.callback.v1.0~a.p.unheard.v1.0' }, headers: { 'x-cyberapp-auth': auth } };
  checks.refused('who cannot log in does not learn which callbacks there are', await p1.enablementRead(unknown), 401);
  const extra = await p1.enablementRead({ headers: { 'x-cyberapp-extra': 'WzFd' } });
  checks.refused('connection settings that are no object are refused', extra, 400);
}

function malformed({ checks }: Scene, check: string, { status, body, failure }: DriverAnswer): void {
  const hasId = isObject(body) && typeof body.response_id === 'string' && isUuid(body.response_id);
  checks.that(check, status === 400 && hasId, failure ?? `${status}${hasId ? '' : ' without response_id'}`);
}
