import type { Scene } from './scene.ts';
import { BAD_PARAMETERS, CLASSES, data, failed, GOODBYE, ok, SNMP, SYSTEM, USER_NAMESPACES, WHOAMI_REFUSED } from './shapes.ts';

/** FIND, FINDX, GETOBJECT, GETALL, NAMES and CLASSES (cce 6.9 to 6.13). */
export const searchScenes: readonly Scene[] = [
  {
    title: 'FIND and FINDX',
    examples: [
      { clause: '6.9', request: { cmd: 'FIND Vsite name = "site1"', oid: '' }, as: 'admin', http: 200, answer: data({ oidlist: ['34'] }) },
      {
        clause: '6.9',
        request: { cmd: 'FIND', class: 'Vsite', args: { name: 'site1' } },
        as: 'admin',
        http: 200,
        answer: data({ oidlist: ['34'] }),
      },
      { clause: '6.9', request: { cmd: 'FIND', class: 'Vsite', args: { name: 'site9' } }, as: 'admin', http: 200, answer: GOODBYE },
      { clause: '6.9', request: { cmd: 'FIND Foo' }, as: 'admin', http: 401, answer: failed([301, 'UNKNOWN CLASS Foo']) },
      { clause: '6.9', request: { cmd: 'FIND' }, as: 'admin', http: 400, answer: BAD_PARAMETERS },
      {
        clause: '6.10',
        request: {
          cmd: 'FINDX',
          class: 'Vsite',
          args: { domain: 'smd.net' },
          regex_args: { fqdn: '^t1\\.smd\\.net$' },
          sorttype: 'ascii',
          sortprop: 'fullName',
        },
        as: 'admin',
        http: 200,
        answer: ok({ oidlist: ['34'] }),
      },
      {
        clause: '6.10',
        request: { cmd: 'FINDX', class: 'Vsite', regex_args: { fqdn: '^x' } },
        as: 'admin',
        http: 200,
        answer: ok({ oidlist: [] }),
      },
      { clause: '6.10', request: { cmd: 'FINDX' }, as: 'admin', http: 400, answer: BAD_PARAMETERS },
      { clause: '6.10', request: { cmd: 'FINDX', class: 'Foo' }, as: 'admin', http: 401, answer: failed([301, 'UNKNOWN CLASS Foo']) },
      { clause: '6.10', request: { cmd: 'FINDX', class: 'Vsite' }, as: 'expired', http: 401, answer: failed() },
    ],
  },
  {
    title: 'GETOBJECT and GETALL',
    examples: [
      {
        clause: '6.11',
        request: { cmd: 'GETOBJECT', class: 'System', args: {}, namespace: '' },
        as: 'admin',
        http: 200,
        answer: ok({ DATA: SYSTEM }),
      },
      {
        clause: '6.11',
        request: { cmd: 'GETOBJECT', class: 'System', args: {}, namespace: 'Snmp' },
        as: 'admin',
        http: 200,
        answer: ok({ DATA: SNMP }),
      },
      {
        clause: '6.11',
        request: { cmd: 'GETOBJECT', class: 'Vsite', args: { name: 'none' } },
        as: 'admin',
        http: 200,
        answer: { status: 404, message: 'Object not found' },
      },
      {
        clause: '6.11',
        request: { cmd: 'GETOBJECT', class: 'Foo' },
        as: 'admin',
        http: 200,
        answer: { status: 404, message: 'Object not found', data: { errors: [{ code: 301, message: 'UNKNOWN CLASS Foo' }] } },
      },
      {
        clause: '6.12',
        request: { cmd: 'GETALL', oids: ['6', '9999'], props: ['name', 'Email.vacationOn'] },
        as: 'admin',
        http: 200,
        answer: ok({ objects: { 6: { OBJECT: { name: 'admin' }, Email: { vacationOn: '0' } } } }),
      },
      {
        clause: '6.12',
        request: { cmd: 'GETALL', class: 'User', args: { site: 'none' } },
        as: 'admin',
        http: 200,
        answer: ok({ objects: {} }),
      },
      {
        clause: '6.12',
        request: { cmd: 'GETALL' },
        as: 'admin',
        http: 400,
        answer: { status: 403, message: "Missing or invalid 'oids' or 'args'" },
      },
      { clause: '6.12', request: { cmd: 'GETALL', oids: ['56', '58'] }, as: 'expired', http: 200, answer: WHOAMI_REFUSED },
    ],
  },
  {
    title: 'NAMES and CLASSES',
    examples: [
      { clause: '6.13', request: { cmd: 'NAMES 6', oid: '34' }, as: 'admin', http: 200, answer: data({ namespaces: USER_NAMESPACES }) },
      { clause: '6.13', request: { cmd: 'NAMES', oid: '6' }, as: 'admin', http: 200, answer: data({ namespaces: USER_NAMESPACES }) },
      { clause: '6.13', request: { cmd: 'NAMES', oid: 'User' }, as: 'admin', http: 200, answer: data({ namespaces: USER_NAMESPACES }) },
      { clause: '6.13', request: { cmd: 'NAMES', class: 'User' }, as: 'admin', http: 200, answer: data({ namespaces: USER_NAMESPACES }) },
      { clause: '6.13', request: { cmd: 'NAMES', oid: '35' }, as: 'admin', http: 200, answer: GOODBYE },
      { clause: '6.13', request: { cmd: 'NAMES', oid: '9999' }, as: 'admin', http: 401, answer: failed([300, 'UNKNOWN OBJECT 9999']) },
      { clause: '6.13', request: { cmd: 'NAMES', oid: 'Foo' }, as: 'admin', http: 401, answer: failed([301, 'UNKNOWN CLASS Foo']) },
      { clause: '6.13', request: { cmd: 'CLASSES' }, as: 'admin', http: 200, answer: data({ classes: CLASSES }) },
    ],
  },
];
