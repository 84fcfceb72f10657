import { fuzz } from '@fairlead/testkit/fuzz';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { callerAddress, isNetwork, Networks, plainAddress, plainNetwork } from './index.ts';

const ipv4 = fc.ipV4();
const ipv6 = fc.ipV6();

describe('networks', () => {
  const operators = new Networks(['127.0.0.0/8', '::1/128', '192.0.2.7', '2001:db8::/32', '::ffff:198.51.100.0/120']);

  test.each([
    ['127.0.0.1', true],
    ['::ffff:127.0.0.1', true],
    ['::ffff:7f00:1', true],
    ['::1', true],
    ['::1%lo', true],
    ['192.0.2.7', true],
    ['192.0.2.8', false],
    ['2001:db8:ffff::1', true],
    ['2001:db9::1', false],
    ['198.51.100.200', true],
    ['198.51.101.1', false],
    ['localhost', false],
    ['127.1', false],
    ['0177.0.0.1', false],
    ['', false],
  ])('%s is inside: %s', (address, expected) => {
    expect(operators.has(address)).toBe(expected);
  });

  test.each(['10.0.0.0/33', '::/129', '10.0.0.0/-1', '10/8', 'example.net', '10.0.0.1/8/8', 'fe80::1%eth0', ''])(
    '%j is no network',
    (text) => {
      expect(isNetwork(text)).toBe(false);
      expect(() => new Networks([text])).toThrow(RangeError);
    },
  );

  test('IPv4 is in the same networks when it is mapped into IPv6, and an IPv6 network of everything holds no IPv4', async () => {
    await fuzz('kernel.mapped-networks', fc.tuple(ipv4, ipv4, fc.integer({ min: 0, max: 32 })), ([address, base, bits]) => {
      const plain = new Networks([`${base}/${bits}`]);
      const mapped = new Networks([`::ffff:${base}/${bits + 96}`]);
      const answers = [plain.has(address), plain.has(`::ffff:${address}`), mapped.has(address), mapped.has(`::ffff:${address}`)];
      expect(new Set(answers).size).toBe(1);
      expect(new Networks(['::/0']).has(address)).toBe(false);
    });
  });

  test('a network holds exactly the addresses that share its first bits', async () => {
    const number = (text: string) => text.split('.').reduce((all, part) => all * 256n + BigInt(part), 0n);
    await fuzz('kernel.network-bits', fc.tuple(ipv4, ipv4, fc.integer({ min: 0, max: 32 })), ([address, base, bits]) => {
      const shift = BigInt(32 - bits);
      expect(new Networks([`${base}/${bits}`]).has(address)).toBe(number(address) >> shift === number(base) >> shift);
    });
  });

  test('no text makes it throw, and an address in its one form stays itself', async () => {
    const list = new Networks(['0.0.0.0/0', '::/0']);
    await fuzz('kernel.networks', fc.oneof(fc.string(), ipv4, ipv6), (text) => {
      const plain = plainAddress(text);
      expect(list.has(text)).toBe(plain !== undefined);
      if (plain !== undefined) expect(plainAddress(plain)).toBe(plain);
    });
  });
});

describe('the one form of a network', () => {
  test.each([
    ['10.1.2.3/8', '10.0.0.0/8', 8],
    ['192.0.2.7', '192.0.2.7', 32],
    ['192.0.2.7/32', '192.0.2.7', 32],
    ['192.0.2.255/31', '192.0.2.254/31', 31],
    ['0.0.0.0/0', '0.0.0.0/0', 0],
    ['2001:DB8:0:0:0:0:0:7/32', '2001:db8::/32', 32],
    ['2001:db8::7/128', '2001:db8::7', 128],
    ['::ffff:10.1.2.3/104', '10.0.0.0/8', 8],
    ['::ffff:10.1.2.3', '10.1.2.3', 32],
  ])('%s is %s', (text, expected, bits) => {
    expect(plainNetwork(text)).toEqual({ text: expected, bits });
  });

  test.each(['', 'localhost', '10.0.0.0/33', '10.0.0.0/', '1.2.3', 'fe80::1%eth0'])('%j is no network', (text) => {
    expect(plainNetwork(text)).toBeUndefined();
  });

  test('it holds the same addresses, and stays itself', async () => {
    await fuzz(
      'kernel.plain-network',
      fc.tuple(fc.oneof(ipv4, ipv6), fc.integer({ min: 0, max: 32 }), fc.oneof(ipv4, ipv6)),
      ([base, bits, address]) => {
        const text = `${base}/${bits}`;
        const plain = plainNetwork(text)?.text ?? '';
        expect(new Networks([plain]).has(address)).toBe(new Networks([text]).has(address));
        expect(plainNetwork(plain)?.text).toBe(plain);
      },
    );
  });
});

describe('the address of a caller', () => {
  const trusted = new Networks(['10.0.0.0/8', 'fd00::/8']);
  const caller = (peer: string, forwarded?: string | string[]) => callerAddress({ peer, forwarded, trusted });

  test.each([
    ['nobody is believed without being trusted', '203.0.113.5', '192.0.2.1', '203.0.113.5'],
    ['a trusted proxy tells the caller', '10.0.0.1', '192.0.2.1', '192.0.2.1'],
    ['a mapped proxy is the same proxy', '::ffff:10.0.0.1', '192.0.2.1', '192.0.2.1'],
    ['of a chain, the last that is no proxy', '10.0.0.1', '6.6.6.6, 192.0.2.1, 10.9.9.9', '192.0.2.1'],
    ['ports are taken off', '10.0.0.1', '192.0.2.1:4711', '192.0.2.1'],
    ['brackets too', 'fd00::1', '[2001:db8::7]:4711', '2001:db8::7'],
    ['a mapped caller is told plainly', '10.0.0.1', '::ffff:192.0.2.1', '192.0.2.1'],
    ['a bad entry ends the chain at the proxy that told it', '10.0.0.1', '192.0.2.1, <script>, 10.9.9.9', '10.9.9.9'],
    ['an empty entry too', '10.0.0.1', '192.0.2.1,,', '10.0.0.1'],
    ['an empty header tells nothing', '10.0.0.1', '', '10.0.0.1'],
    ['an address with two zones is none', '10.0.0.1', 'fe80::1%eth0%zz', '10.0.0.1'],
    ['names are no addresses', '10.0.0.1', 'unknown', '10.0.0.1'],
    ['proxies alone: the first of them', '10.0.0.1', '10.0.0.3, 10.0.0.2', '10.0.0.3'],
  ])('%s', (_what, peer, forwarded, expected) => {
    expect(caller(peer, forwarded)).toBe(expected);
  });

  test('several headers are one chain; no header is the peer', () => {
    expect(caller('10.0.0.1', ['6.6.6.6', '192.0.2.1, 10.0.0.2'])).toBe('192.0.2.1');
    expect(caller('10.0.0.1')).toBe('10.0.0.1');
  });

  test('whatever is sent, the caller is an address that a trusted hop told, or the peer', async () => {
    const hop = fc.oneof(ipv4, ipv6, fc.string(), fc.constant('10.1.1.1'));
    await fuzz(
      'kernel.caller-chain',
      fc.tuple(fc.array(hop, { maxLength: 40 }), fc.constantFrom('10.0.0.1', '203.0.113.5')),
      ([hops, peer]) => {
        const found = caller(peer, hops.join(','));
        expect(plainAddress(found)).toBe(found);
        if (peer === '203.0.113.5') expect(found).toBe(peer);
      },
    );
  });

  test('what stands before the first untrusted hop changes nothing', async () => {
    await fuzz('kernel.caller-forged', fc.string(), (forged) => {
      expect(caller('10.0.0.1', `${forged}, 192.0.2.1, 10.0.0.2`)).toBe('192.0.2.1');
    });
  });
});
