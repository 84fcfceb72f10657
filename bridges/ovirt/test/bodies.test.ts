import { expect, test } from 'vitest';
import { startHarness } from './harness.ts';

const BOMB = `<?xml version="1.0"?><!DOCTYPE vm [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><vm><name>&b;</name></vm>`;
const OUTSIDE = `<!DOCTYPE vm [<!ENTITY x SYSTEM "file:///etc/passwd">]><vm><name>&x;</name></vm>`;

test.each([
  ['XML that ends early', 'application/xml', '<vm><name>web'],
  ['XML with another root', 'application/xml', '<disk/>'],
  ['an entity bomb', 'application/xml', BOMB],
  ['an entity from outside', 'application/xml', OUTSIDE],
  ['XML that is too deep', 'application/xml', '<vm>'.repeat(200) + '</vm>'.repeat(200)],
  ['JSON that ends early', 'application/json', '{"name":'],
  ['JSON that is a list', 'application/json', '[]'],
  ['JSON that is too deep', 'application/json', `${'{"a":'.repeat(100)}1${'}'.repeat(100)}`],
  ['JSON with a number that is none', 'application/json', '{"memory":"much"}'],
  ['an enum that oVirt has not', 'application/json', '{"bios":{"type":"bios"}}'],
  ['text', 'text/plain', 'hello'],
  ['a control character', 'application/xml', '\u0000'],
])('ovirt 12.29: %s is a fault of 400, and nothing is made', async (_what, type, body) => {
  await using harness = await startHarness();

  for (const accept of ['application/xml', 'application/json']) {
    const reply = await harness.api('/vms', { method: 'POST', accept, body, headers: { 'content-type': type } });
    expect([reply.status, reply.headers.get('content-type')]).toEqual([400, accept]);
    expect(reply.text).toMatch(accept === 'application/xml' ? /<fault>.*<detail>.+<\/detail>/s : /^\{"detail":"|^\{"reason":"/);
    expect(reply.text).not.toContain('root:');
  }
  expect(harness.fake.calls.some((command) => command.startsWith('deploy'))).toBe(false);
});

test.each(['application/json', 'text/plain', ';;;', ''])('ovirt 12.29: XML that is labelled %j is read as what it is', async (type) => {
  await using harness = await startHarness();

  const reply = await harness.api('/vms', { method: 'POST', body: '<vm><name>web</name></vm>', headers: { 'content-type': type } });

  expect([reply.status, reply.json.reason]).toEqual([400, 'Incomplete parameters']);
  expect(reply.json.detail).toContain('Vm [');
});

test('an empty body says what is missing', async () => {
  await using harness = await startHarness();

  const reply = await harness.api('/disks', { method: 'POST' });

  expect([reply.status, reply.json.reason]).toEqual([400, 'Incomplete parameters']);
});
