import { fuzz, hostileText } from '@fairlead/testkit/fuzz';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addressAllowed, isBlock } from './access/addresses.ts';
import { Quota } from './access/quota.ts';
import { parseRules } from './access/rules.ts';
import { faultOf } from './door/fault-of.ts';
import { changeSettings } from './door/settings.ts';
import { FakeClock } from './fake-clock.ts';
import { fits } from './glob.ts';
import { callOf } from './http/call.ts';
import { faultAnswer } from './http/send.ts';
import type { Json, Row } from './json.ts';
import { Random } from './random.ts';
import { Refusal } from './refusal.ts';
import { ALL_ROUTES } from './routes/all.ts';
import { like, objectPage } from './routes/paging-v1.ts';
import { cursorPage } from './routes/paging-v2.ts';
import { Router } from './routes/router.ts';
import { withTags } from './routes/tags.ts';
import { dressed } from './world/fixtures.ts';
import { Maker } from './world/maker.ts';
import { makeServer } from './world/servers.ts';

/** What is given, or undefined for a refusal; nothing else may be thrown. */
function refused<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}

/** What is made, or undefined when a member has another form. */
function shaped<T>(make: () => T): T | undefined {
  try {
    return make();
  } catch (error) {
    if (error instanceof TypeError && error.message.startsWith('The member ')) return undefined;
    throw error;
  }
}

function messageOf(url: string, headers: Record<string, string> = {}) {
  return { url, method: 'GET', headers, socket: { remoteAddress: '127.0.0.1' } } as unknown as Parameters<typeof callOf>[0];
}

test('a pattern fits what the same regular expression fits', async () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', '/', '*', '.'), maxLength: 8 });
  await fuzz(
    'ovh.fake-glob',
    fc.tuple(letters, letters),
    ([pattern, text]) => {
      const expression = new RegExp(`^${pattern.replace(/\*+/g, '*').replaceAll('.', '\\.').replaceAll('*', '[^]*')}$`);
      expect(fits(pattern, text)).toBe(expression.test(text));
      return fits(pattern, text);
    },
    { share: 3, someAccepted: true },
  );
});

test('a long pattern of stars ends at once', () => {
  expect(fits(`${'*a'.repeat(200)}b`, 'a'.repeat(5000))).toBe(false);
});

test('LIKE fits what the same regular expression fits', async () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'B', '%', 'b'), maxLength: 7 });
  await fuzz(
    'ovh.fake-like',
    fc.tuple(letters, letters),
    ([pattern, text]) => {
      const expression = new RegExp(`^${pattern.replace(/%+/g, '%').replaceAll('%', '[^]*')}$`, 'i');
      expect(like(pattern, text)).toBe(expression.test(text));
    },
    { share: 3 },
  );
});

test('whatever the target, it is a call, and a route or none', async () => {
  const router = new Router(ALL_ROUTES);
  await fuzz('ovh.fake-target', hostileText({ maxLength: 60 }), (text) => {
    const call = callOf(messageOf(`/1.0/${text}`));
    expect(call.target).toBe(`/1.0/${text}`);
    const match = router.find('GET', call.path);
    for (const value of Object.values(match?.params ?? {})) expect(value).not.toBe('');
  });
});

test('whatever stands in the headers of pages, a page or a refusal', async () => {
  const rows = Array.from({ length: 30 }, (_, id) => ({ id, name: `n${id % 7}` }));
  const text = fc.oneof(hostileText({ maxLength: 20 }), fc.constantFrom('5', '1', 'name:eq=n1', 'bzo1', 'id'));
  await fuzz(
    'ovh.fake-pages',
    fc.record({ size: text, cursor: text, sort: text, filter: text }),
    ({ size, cursor, sort, filter }) => {
      const headers = {
        'x-pagination-mode': 'CachedObjectList-Cursor',
        'x-pagination-size': size,
        'x-pagination-cursor': cursor,
        'x-pagination-sort': sort,
        'x-pagination-filter': filter,
      };
      const call = callOf(messageOf('/v2/iam/resource', headers));
      const pages = [refused(() => objectPage(call, rows)), refused(() => cursorPage(call, rows))];
      for (const page of pages) if (page !== undefined) expect((page.body as Json[]).length).toBeLessThanOrEqual(rows.length);
      return pages.some((page) => page !== undefined);
    },
    { share: 2, someAccepted: true },
  );
});

test('whatever is sent as tags or rules, an answer or a refusal', async () => {
  await fuzz('ovh.fake-filters', fc.oneof(hostileText({ maxLength: 30 }), fc.json({ maxDepth: 3 })), (text) => {
    refused(() => withTags([{ env: 'prod' }], text, (row) => row));
    const value = refused(() => JSON.stringify(text)) as Json;
    refused(() => parseRules(value));
  });
});

test('what is a block can be compared with an address', async () => {
  const text = fc.oneof(
    hostileText({ maxLength: 20 }),
    fc.ipV4(),
    fc.ipV6(),
    fc.tuple(fc.ipV4(), fc.integer({ min: 0, max: 33 })).map((both) => both.join('/')),
  );
  await fuzz(
    'ovh.fake-blocks',
    text,
    (entry) => {
      if (!isBlock(entry)) return false;
      expect(typeof addressAllowed([entry], '127.0.0.1')).toBe('boolean');
      return true;
    },
    { share: 2, someAccepted: true },
  );
});

test('whatever another program asks for, it is a fault that can be answered, or none', async () => {
  const members = {
    status: fc.jsonValue(),
    ms: fc.jsonValue(),
    body: fc.jsonValue(),
    location: fc.jsonValue(),
    retryAfter: fc.jsonValue(),
  };
  const kind = fc.constantFrom('status', 'body', 'redirect', 'html', 'delay', 'cut', 'fire', '__proto__');
  const row = fc.record({ kind, ...members, class: fc.jsonValue() }, { requiredKeys: ['kind'] });
  await fuzz(
    'ovh.fake-fault',
    fc.oneof(row, fc.jsonValue()),
    (value) => {
      const fault = faultOf(value as Json);
      const answer = faultAnswer(fault);
      if (answer !== undefined) expect(answer.status).toBeGreaterThanOrEqual(200);
      if (answer instanceof Refusal) JSON.stringify(answer.body('both'));
      return fault !== undefined;
    },
    { share: 3, someAccepted: true },
  );
});

test('whatever settings are asked for, they are taken over or refused', async () => {
  const names = fc.constantFrom('errorStyle', 'quota', 'autoValidateMs', 'keysValidFor', 'tokenLifetime', '__proto__', 'toString');
  const values = fc.oneof(fc.constantFrom('legacy', null, 5, 0), fc.jsonValue());
  await fuzz(
    'ovh.fake-settings',
    fc.tuple(names, values),
    ([name, value]) => {
      const settings = { errorStyle: 'current', autoValidateMs: undefined, keysValidFor: undefined, tokenLifetime: undefined } as const;
      const quota = new Quota(new FakeClock(0), undefined);
      const good = refused(() => changeSettings({ settings: { ...settings }, quota }, { [name]: value as Json }) ?? true);
      return good === true;
    },
    { share: 3, someAccepted: true },
  );
});

test('whatever a fixture says, its server is one that can be listed', async () => {
  const names = fc.constantFrom('name', 'ip', 'ips', 'nics', 'tasks', 'serviceInfos', 'hardware', 'server', 'iam', '__proto__', 'os');
  await fuzz(
    'ovh.fake-fixture',
    fc.dictionary(names, fc.jsonValue(), { maxKeys: 4 }),
    (fixture) => {
      const maker = new Maker(new Random(1), 0);
      const { services } = maker;
      const made = shaped(() => dressed(makeServer(maker, 0), fixture as Row, { main: 'server', id: 'name', services }));
      if (made === undefined) return false;
      expect(made.ips.every((ip) => typeof ip === 'string')).toBe(true);
      expect(made.nics instanceof Map && made.tasks instanceof Map).toBe(true);
      expect(services.size).toBe(1);
      return true;
    },
    { share: 8, someAccepted: true },
  );
});
