import { expect, test } from 'vitest';
import { CallerFinder } from './caller.ts';

const finder = new CallerFinder(['10.0.0.0/8', 'fd00::1']);

function callerOf(peer: string, { realIp, forwarded }: { realIp?: string | string[]; forwarded?: string | string[] } = {}) {
  return finder.callerOf({ peer, realIp, forwarded, clientSecret: undefined });
}

test.each([
  ['127.0.0.1', '127.0.0.1', true],
  ['127.9.8.7', '127.9.8.7', true],
  ['::ffff:127.0.0.1', '127.0.0.1', true],
  ['::1', '::1', true],
  ['::ffff:203.0.113.7', '203.0.113.7', false],
  ['fe80::1%eth0', 'fe80::1', false],
  ['128.0.0.1', '128.0.0.1', false],
])('%s is %s, on this machine: %s', (peer, address, local) => {
  expect(callerOf(peer)).toMatchObject({ address, local });
});

test.each([
  ['nobody is believed without being trusted', '203.0.113.7', { realIp: '127.0.0.1', forwarded: '127.0.0.1' }, '203.0.113.7'],
  ['X-Real-IP of a trusted proxy counts', '10.0.0.1', { realIp: '203.0.113.7' }, '203.0.113.7'],
  ['so does X-Forwarded-For', '10.0.0.1', { forwarded: '203.0.113.7' }, '203.0.113.7'],
  ['of a chain what stands before the proxies', '10.0.0.1', { forwarded: '127.0.0.1, 203.0.113.7, 10.0.0.2' }, '203.0.113.7'],
  ['proxies alone: the first of them', '10.0.0.1', { forwarded: '10.0.0.3, 10.0.0.2' }, '10.0.0.3'],
  ['both that agree', '10.0.0.1', { realIp: '203.0.113.7', forwarded: '6.6.6.6, 203.0.113.7' }, '203.0.113.7'],
  ['a proxy behind a proxy', '10.0.0.1', { realIp: '10.0.0.2', forwarded: '203.0.113.7, 10.0.0.2' }, '203.0.113.7'],
  ['mapped addresses are plain', '::ffff:10.0.0.1', { realIp: '::ffff:203.0.113.7' }, '203.0.113.7'],
  ['what stands before the first untrusted hop is not read', '10.0.0.1', { forwarded: 'nonsense, 203.0.113.7' }, '203.0.113.7'],
])('%s', (_what, peer, headers, address) => {
  expect(callerOf(peer, headers).address).toBe(address);
});

test.each([
  ['no address', { realIp: 'localhost' }],
  ['an empty one', { realIp: '' }],
  ['several headers', { realIp: ['127.0.0.1', '203.0.113.7'] }],
  ['a bad hop', { forwarded: '203.0.113.7, <script>' }],
  ['a bad hop behind a proxy', { forwarded: '<script>, 10.0.0.2' }],
  ['an empty chain', { forwarded: '' }],
  ['two that contradict each other', { realIp: '127.0.0.1', forwarded: '203.0.113.7' }],
])('%s of a trusted proxy is refused', (_what, headers) => {
  expect(() => callerOf('10.0.0.1', headers)).toThrow(expect.objectContaining({ code: 'CCE_FORBIDDEN' }));
});

test('a peer without address is refused, and a secret that came twice is none', () => {
  expect(() => callerOf('')).toThrow(expect.objectContaining({ code: 'CCE_FORBIDDEN' }));
  expect(finder.callerOf({ peer: '::1', realIp: undefined, forwarded: undefined, clientSecret: ['a', 'b'] }).clientSecret).toBe('');
});
