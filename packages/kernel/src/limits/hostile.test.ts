import { fuzz, hostileText, mutatedText } from '@fairlead/testkit/fuzz';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { callerAddress, isNetwork, Networks, plainAddress } from '../access/index.ts';
import { isUuid, uuidFromName } from '../ids/index.ts';
import { addressKey } from './index.ts';

const samples = [
  '192.0.2.7',
  '2001:db8::1',
  '::ffff:192.0.2.7',
  'fe80::1%eth0',
  '10.0.0.0/8',
  '::/0',
  '::ffff:10.0.0.0/104',
  '[2001:db8::1]:4711',
  '192.0.2.7:80',
];
const addresses = fc.oneof(mutatedText(samples, [':', '.', '/', '%', 'ffff']), hostileText({ words: samples, maxLength: 60 }));

test('any text is no address, or one that has one form and one key', async () => {
  await fuzz(
    'kernel.addresses',
    addresses,
    (text) => {
      const plain = plainAddress(text);
      expect(addressKey(text)).toMatch(/^(unknown|[0-9a-f.:]+(\/64)?)$/);
      if (plain !== undefined) expect(plainAddress(plain)).toBe(plain);
      if (plain !== undefined) expect(new Networks([plain]).has(text)).toBe(true);
      if (isNetwork(text)) expect(() => new Networks([text])).not.toThrow();
    },
    { share: 4 },
  );
});

test('whatever a proxy tells, the caller is an address', async () => {
  const trusted = new Networks(['10.0.0.0/8', '::1']);
  const chains = fc.oneof(
    fc.array(addresses, { maxLength: 6 }).map((hops) => hops.join(', ')),
    hostileText(),
  );
  await fuzz(
    'kernel.caller',
    fc.tuple(fc.constantFrom('10.0.0.1', '::1', '192.0.2.1', 'nonsense'), chains),
    ([peer, forwarded]) => {
      expect(callerAddress({ peer, forwarded, trusted })).toMatch(/^(unknown|[0-9a-f.:]+)$/);
    },
    { share: 3 },
  );
});

test('an id made of any name is an id, and the same one again', async () => {
  const space = '6ba7b810-9dad-11d1-80b4-00c04fd430c8';
  await fuzz('kernel.ids', hostileText(), (name) => {
    expect(isUuid(uuidFromName(space, name))).toBe(true);
    expect(uuidFromName(space, name)).toBe(uuidFromName(space, name));
    if (isUuid(name)) expect(name).toMatch(/^[0-9A-Fa-f-]{36}$/);
  });
});
