import { escapeValue } from '@fairlead/cscp/codec';
import { hostileText } from '@fairlead/testkit/fuzz';
import fc from 'fast-check';

/** Whose credentials go with a request. */
export type Caller = 'admin' | 'site admin' | 'nobody' | 'stranger';

export interface AnyRequest {
  readonly caller: Caller;
  readonly body: Readonly<Record<string, unknown>>;
}

const oid = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom('1', '6', '34', '56', '58', '60', '61', '62', '63', '64') },
  { weight: 2, arbitrary: fc.constantFrom('9999', '0', 'abc', '', '007', '4294967297', 34, '$0.oid', '56 "', null) },
);
const className = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom('User', 'mx2', 'Route', 'Vsite', 'System', 'EmailAlias', 'Workgroup') },
  { weight: 1, arbitrary: fc.constantFrom('Nothing', 'user', '', 'User name', 'Capabilities') },
);
const namespace = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom('', 'Disk', 'Email', 'Shell') },
  { weight: 1, arbitrary: fc.constantFrom('Snmp', 'flux', 'Disk ', null) },
);
const key = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.constantFrom('name', 'description', 'fullName', 'enabled', 'site', 'mapto', 'domain', 'target', 'netmask', 'quota'),
  },
  { weight: 3, arbitrary: fc.constantFrom('aliases', 'fqdn', 'webAliases', 'sortName', 'maxusers', 'capLevels', 'OID', 'CLASS', 'foo') },
  { weight: 2, arbitrary: fc.constantFrom('Disk.quota', 'Email.aliases', 'Disk.foo', 'flux.a', 'a b', '') },
);
const plain = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('0', '1', '5', '', 'site1', 'user1', 'a.test', 't1.smd.net', '10.0.0.1', '255.0.0.0', '&a&b&') },
  {
    weight: 3,
    arbitrary: hostileText({ maxLength: 20, words: ['"', '\\', '\n201 OK\n', '&', '%41', '$0.oid', '$$', 'é', '😀'] }).map((text) =>
      text.slice(0, 2000),
    ),
  },
);
const value = fc.oneof(
  { weight: 8, arbitrary: plain },
  { weight: 1, arbitrary: fc.constantFrom(0, 7, 1.5, true, false, null, {}) },
  { weight: 1, arbitrary: fc.array(plain, { maxLength: 3 }) },
);
const values = fc.array(fc.tuple(key, value), { maxLength: 3 }).map((pairs) => Object.fromEntries(pairs));
const regex = fc.constantFrom('^t1\\.smd\\.net$', '^[a-c]', '(', '', '[[:alpha:]]+1', 'a{1,2}', '(a+)+$', '.');
const some = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 3 });
const flags = {
  arrays: some(fc.boolean()),
  typed: some(fc.boolean()),
  messages: some(fc.boolean()),
};
const search = {
  class: className,
  args: some(values),
  vars: some(values),
  regex_args: some(fc.array(fc.tuple(key, regex), { maxLength: 2 }).map((pairs) => Object.fromEntries(pairs))),
  sorttype: some(fc.constantFrom('ascii', 'old_numeric', 'ip', 'hostname', 'locale(en_US)', 'desc', 'none')),
  sortprop: some(key),
  sortorder: some(fc.constantFrom('asc', 'desc')),
  limit: some(fc.constantFrom(0, 1, 3, '2', -1)),
  offset: some(fc.constantFrom(0, 1, 100)),
  count: some(fc.boolean()),
  props: some(fc.array(key, { maxLength: 2 })),
  ...flags,
};

const structured = fc.oneof(
  fc.record({ cmd: fc.constantFrom('GET', 'get'), oid, namespace, ...flags }),
  fc.record({ cmd: fc.constant('GET'), oids: fc.array(oid, { maxLength: 3 }), namespace }),
  fc.record({ cmd: fc.constant('SET'), oid, namespace, data: values, args: some(values), expect: some(values), ...flags }),
  fc.record({ cmd: fc.constant('CREATE'), class: className, data: values, ...flags }),
  fc.record({
    cmd: fc.constant('CREATE'),
    class: fc.constant('mx2'),
    data: fc.record({ domain: fc.constant('a.test'), mapto: fc.constantFrom('b.test', 'c.test') }),
  }),
  fc.record({
    cmd: fc.constant('CREATE'),
    class: fc.constant('User'),
    data: fc.record({ name: fc.constantFrom('u1', 'u2', 'root'), fullName: plain, site: fc.constantFrom('site1', '') }),
  }),
  fc.record({
    cmd: fc.constant('DESTROY'),
    oid: fc.oneof({ weight: 6, arbitrary: fc.constantFrom('61', '62', '63', '64', '65') }, oid),
    ...flags,
  }),
  fc.record({ cmd: fc.constantFrom('FIND', 'FINDX', 'GETOBJECT', 'GETALL'), ...search }),
  fc.record({ cmd: fc.constantFrom('FINDX', 'GETALL'), ...search }),
  fc.record({ cmd: fc.constant('NAMES'), oid: fc.oneof(oid, className) }),
  fc.record({ cmd: fc.constant('GETALL'), oids: fc.array(oid, { maxLength: 4 }) }),
  fc.record({ cmd: fc.constantFrom('WHOAMI', 'CLASSES', 'PING', 'HELP', 'SUSPENDED', 'NONSENSE', 'ERRORS', 'RESUME', 'WATCH', 'INFO x') }),
  fc.record({ cmd: fc.constantFrom('BEGIN', 'COMMIT', 'COMMIT'), refs: some(fc.boolean()), atomic: some(fc.boolean()) }),
);

/** A command line, its values quoted as clients do it, sometimes broken at any place. */
const raw = fc
  .tuple(
    fc.constantFrom('GET', 'SET', 'CREATE', 'FIND', 'FINDX', 'DESTROY', 'NAMES', 'GETALL'),
    oid,
    className,
    namespace,
    fc.array(fc.tuple(key, plain), { maxLength: 3 }),
    fc.nat(400),
  )
  .map(([verb, number, name, space, pairs, cut]) => {
    const target = ['CREATE', 'FIND', 'FINDX', 'GETALL'].includes(verb) ? name : String(number);
    const inside = space ? ` . ${space}` : '';
    const text = `${verb} ${target}${verb === 'GET' || verb === 'SET' ? inside : ''} ${pairs.map(([k, v]) => `${k} = "${escapeValue(v.toWellFormed())}"`).join(' ')}`;
    return { cmd: cut < 60 ? text.slice(0, cut) : text };
  });

const caller = fc.oneof(
  { weight: 10, arbitrary: fc.constant<Caller>('admin') },
  { weight: 3, arbitrary: fc.constant<Caller>('site admin') },
  { weight: 1, arbitrary: fc.constantFrom<Caller>('nobody', 'stranger') },
);

/** Any request that a client might send, good and bad, of all commands. */
export const anyRequest: fc.Arbitrary<AnyRequest> = fc.record({
  caller,
  body: fc.oneof({ weight: 3, arbitrary: structured }, { weight: 1, arbitrary: raw }) as fc.Arbitrary<Record<string, unknown>>,
});
