import type { Scene } from './scene.ts';
import { searchScenes } from './searches.ts';
import { ADMIN, BAD_COMMAND, BAD_PARAMETERS, data, EMAIL, failed, GOODBYE, ok, SNMP, WHOAMI_REFUSED } from './shapes.ts';
import { transactionScenes } from './transactions.ts';

const ADMIN_IN = { user: 'admin', password: 'blueonyx' } as const;
const SITE_VALUES = {
  hostname: 'www',
  domain: 'seed.test',
  fqdn: 'www.seed.test',
  ipaddr: '208.77.151.218',
  maxusers: '5',
  prefix: 'sd',
} as const;

/** Every example of the documentation of the API (cce 6 to 8), in its order. */
export const scenes: readonly Scene[] = [
  {
    title: 'PING',
    examples: [{ clause: '6.1', request: { cmd: 'PING' }, http: 202, answer: { message: 'PONG', status: 202 } }],
  },
  {
    title: 'AUTH and AUTHKEY',
    examples: [
      { clause: '6.2', request: { cmd: 'AUTH', ...ADMIN_IN }, http: 200, answer: data({ sessionid: '/^[A-Za-z0-9]{63}$/' }) },
      { clause: '6.2', request: { cmd: 'AUTH', user: 'admin', password: 'wrong' }, http: 401, answer: failed() },
      { clause: '6.2', request: { cmd: 'AUTH', user: '', password: '' }, http: 401, answer: failed() },
      { clause: '6.2', request: { cmd: 'AUTH' }, http: 401, answer: failed() },
      { clause: '6.2', request: { cmd: 'AUTH "admin" "blueonyx"' }, http: 200, answer: data({ sessionid: '/^[A-Za-z0-9]{63}$/' }) },
      { clause: '6.3', request: { cmd: 'AUTHKEY' }, as: 'admin', http: 200, answer: GOODBYE },
      { clause: '6.3', request: { cmd: 'AUTHKEY' }, as: 'expired', http: 401, answer: failed() },
    ],
  },
  {
    title: 'WHOAMI',
    examples: [
      { clause: '6.4', request: { cmd: 'WHOAMI' }, as: 'admin', http: 200, answer: data({ oid: '6' }) },
      { clause: '6.4', request: { cmd: 'WHOAMI', ...ADMIN_IN }, http: 200, answer: data({ oid: '6' }) },
      { clause: '6.4', request: { cmd: 'WHOAMI' }, http: 200, answer: data({ oid: '-1' }) },
      { clause: '6.4', request: { cmd: 'WHOAMI' }, as: 'expired', http: 200, answer: WHOAMI_REFUSED },
      { clause: '6.4', request: { cmd: 'WHOAMI', user: 'admin', password: 'wrong' }, http: 200, answer: WHOAMI_REFUSED },
    ],
  },
  {
    title: 'GET',
    examples: [
      { clause: '6.5', request: { cmd: 'GET 6' }, as: 'admin', http: 200, answer: data({ DATA: ADMIN }) },
      { clause: '6.5', request: { cmd: 'GET', oid: '6', namespace: '' }, as: 'admin', http: 200, answer: data({ DATA: ADMIN }) },
      { clause: '6.5', request: { cmd: 'GET 6 . Email' }, as: 'admin', http: 200, answer: data({ DATA: EMAIL }) },
      { clause: '6.5', request: { cmd: 'GET', oid: '6', namespace: 'Email' }, as: 'admin', http: 200, answer: data({ DATA: EMAIL }) },
      { clause: '6.5', request: { cmd: 'GET 9999' }, as: 'admin', http: 401, answer: failed([300, 'UNKNOWN OBJECT 9999']) },
      { clause: '6.5', request: { cmd: 'GET', oid: '9999' }, as: 'admin', http: 401, answer: failed([300, 'UNKNOWN OBJECT 9999']) },
      {
        clause: '6.5',
        request: { cmd: 'GET 6 . fluxcompensator' },
        as: 'admin',
        http: 401,
        answer: failed([303, 'UNKNOWN NAMESPACE fluxcompensator']),
      },
      { clause: '6.5', request: { cmd: 'GET' }, as: 'admin', http: 400, answer: BAD_PARAMETERS },
      { clause: '6.5', request: { cmd: 'GET', oid: 'abc' }, as: 'admin', http: 400, answer: BAD_PARAMETERS },
      {
        clause: '6.5',
        request: { cmd: 'GET', oids: ['6', '999'], namespace: 'Email' },
        as: 'admin',
        http: 200,
        answer: ok({
          results: [
            { OID: '6', ...EMAIL },
            { OID: '999', errors: failed([300, 'UNKNOWN OBJECT 999']).data.errors },
          ],
        }),
      },
    ],
  },
  {
    title: 'SET',
    examples: [
      {
        clause: '6.6',
        request: { cmd: 'SET 1 . Snmp readCommunity="public" readWriteCommunity="private" enabled="0"' },
        as: 'admin',
        http: 200,
        answer: GOODBYE,
      },
      {
        clause: '6.6',
        request: { cmd: 'SET', oid: '1', namespace: 'Snmp', args: { enabled: '1' } },
        as: 'admin',
        http: 200,
        answer: GOODBYE,
      },
      { clause: '6.6', request: { cmd: 'GET 1.Snmp' }, as: 'admin', http: 200, answer: data({ DATA: { ...SNMP, enabled: '1' } }) },
      {
        clause: '6.6',
        request: { cmd: 'SET 1 . Snmp enabled="5"' },
        as: 'admin',
        http: 401,
        answer: failed([302, 'BAD DATA 1 enabled "[[base-cce.invalidData]]"']),
      },
      {
        clause: '6.6',
        request: { cmd: 'SET', oid: 1, namespace: 'Snmp', data: { foo: 'x', enabled: 5 } },
        as: 'admin',
        http: 401,
        answer: failed([302, 'BAD DATA 1 foo "[[base-cce.unknownAttr]]"'], [302, 'BAD DATA 1 enabled "[[base-cce.invalidData]]"']),
      },
      { clause: '6.6', request: { cmd: 'SET 6 enabled="0"' }, as: 'user1', http: 401, answer: failed([304, 'PERMISSION DENIED enabled']) },
    ],
  },
  {
    title: 'CREATE and DESTROY',
    examples: [
      {
        clause: '6.7',
        request: { cmd: 'CREATE', class: 'Vsite', data: SITE_VALUES },
        as: 'admin',
        http: 200,
        answer: data({ oid: '37', oidlist: ['37'] }),
      },
      {
        clause: '6.7',
        request: { cmd: 'CREATE', class: 'mx2', data: { nosuch: 'x' } },
        as: 'admin',
        http: 401,
        answer: failed([302, 'BAD DATA 0 nosuch "[[base-cce.unknownAttr]]"']),
      },
      { clause: '6.7', request: { cmd: 'CREATE', class: 'X' }, as: 'admin', http: 401, answer: failed([301, 'UNKNOWN CLASS X']) },
      {
        clause: '6.7',
        request: { cmd: 'CREATE mx2 domain="a.test" mapto="b.test"' },
        as: 'user1',
        http: 401,
        answer: failed([304, 'PERMISSION DENIED CREATE']),
      },
      { clause: '6.8', request: { cmd: 'DESTROY', oid: '9999' }, as: 'admin', http: 401, answer: failed([300, 'UNKNOWN OBJECT 9999']) },
      { clause: '6.8', request: { cmd: 'DESTROY', oid: '34' }, as: 'user1', http: 401, answer: failed([304, 'PERMISSION DENIED DESTROY']) },
      { clause: '6.8', request: { cmd: 'DESTROY', oid: '0' }, as: 'admin', http: 400, answer: BAD_PARAMETERS },
      { clause: '6.8', request: { cmd: 'DESTROY', oid: '37' }, as: 'admin', http: 200, answer: GOODBYE },
    ],
  },
  ...searchScenes,
  {
    title: 'BYE and ENDKEY',
    examples: [
      { clause: '6.14', request: { cmd: 'BYE' }, as: 'admin', http: 200, answer: GOODBYE },
      { clause: '6.14', request: { cmd: 'BYE', args: { flag: 'FAIL' } }, as: 'admin', http: 200, answer: GOODBYE },
      { clause: '6.14', request: { cmd: 'BYE' }, http: 200, answer: GOODBYE },
      { clause: '6.14', request: { cmd: 'ENDKEY' }, as: 'admin', http: 200, answer: GOODBYE },
      { clause: '6.14', request: { cmd: 'ENDKEY' }, as: 'admin', http: 200, answer: GOODBYE },
      { clause: '6.20', request: { cmd: 'GET 6' }, as: 'admin', http: 401, answer: failed() },
    ],
  },
  {
    title: 'SUSPEND and RESUME',
    examples: [
      { clause: '6.15', request: { cmd: 'SUSPENDED' }, as: 'admin', http: 200, answer: GOODBYE },
      { clause: '6.15', request: { cmd: 'ADMIN SUSPEND', reason: 'upgrade' }, as: 'user1', http: 401, answer: failed() },
      { clause: '6.15', request: { cmd: 'ADMIN SUSPEND', reason: 'upgrade' }, as: 'admin', http: 200, answer: GOODBYE },
      { clause: '6.15', request: { cmd: 'SUSPEND', args: { reason: 'again' } }, as: 'admin', http: 401, answer: failed() },
      { clause: '6.15', request: { cmd: 'SUSPENDED' }, as: 'admin', http: 200, answer: data({ suspended: true, reason: 'upgrade' }) },
      { clause: '6.15', request: { cmd: 'SET 56 description="x"' }, as: 'admin', http: 401, answer: failed([309, 'SUSPENDED "upgrade"']) },
      { clause: '6.15', request: { cmd: 'FIND Vsite' }, as: 'admin', http: 200, answer: data({ oidlist: ['34'] }) },
      { clause: '6.15', request: { cmd: 'ADMIN RESUME' }, as: 'admin', http: 200, answer: GOODBYE },
      { clause: '6.15', request: { cmd: 'RESUME' }, as: 'admin', http: 401, answer: failed() },
    ],
  },
  {
    title: 'LOGIN and what a token does',
    examples: [
      {
        clause: '7.3',
        request: { cmd: 'LOGIN' },
        as: 'token',
        http: 200,
        answer: {
          status: 201,
          message: 'TOKEN ISSUED',
          data: { expires: '/^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d[+-]\\d\\d:\\d\\d$/', token: '/^\\w{64}$/' },
        },
      },
      { clause: '7.3', request: { cmd: 'WHOAMI' }, as: 'token', http: 200, answer: data({ oid: '60' }) },
      { clause: '7.3', request: { cmd: 'BYE' }, as: 'token', http: 200, answer: GOODBYE },
      { clause: '7.3', request: { cmd: 'WHOAMI' }, as: 'token', http: 401, answer: { status: 401, message: 'Invalid or expired token' } },
    ],
  },
  {
    title: 'what is no command, and what nobody may',
    examples: [
      { clause: '6.19', request: { cmd: 'FLY' }, as: 'admin', http: 400, answer: BAD_COMMAND },
      {
        clause: '5.6',
        request: { cmd: 'ERRORS' },
        http: 400,
        answer: { status: 400, message: 'Invalid command: ERRORS is not supported' },
      },
      { clause: '5.6', request: { user: 'admin' }, http: 400, answer: { status: 400, message: 'Missing command' } },
      { clause: '6.20', request: { cmd: 'SET 56 description="x"' }, as: 'expired', http: 401, answer: failed() },
      { clause: '6.20', request: { cmd: 'GET 6', sessionid: 'SESSION' }, http: 401, answer: failed() },
    ],
  },
  ...transactionScenes,
];
