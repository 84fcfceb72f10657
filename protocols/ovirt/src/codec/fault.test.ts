import { describe, expect, test } from 'vitest';
import { readFault, writeActionFault, writeFault } from './index.ts';

const FAULT = { reason: 'Incomplete parameters', detail: 'Vm [name] required for add' };

test('XML is what SDKs expect', () => {
  expect(writeFault(FAULT, 'xml')).toContain(
    '<fault><detail>Vm [name] required for add</detail><reason>Incomplete parameters</reason></fault>',
  );
});

test('JSON can be read bare and below fault', () => {
  expect(JSON.parse(writeFault(FAULT, 'json'))).toEqual({ ...FAULT, fault: FAULT });
});

test('a failed action holds its fault and its other facts', () => {
  const xml = writeActionFault({ reason: 'Operation Failed', detail: '[locked]' }, 'xml', { job: { id: '9a' } });

  expect(xml).toContain(
    '<action><fault><detail>[locked]</detail><reason>Operation Failed</reason></fault><job id="9a"/><status>failed</status></action>',
  );
});

describe('reading', () => {
  test.each([
    ['our XML', writeFault(FAULT, 'xml')],
    ['our JSON', writeFault(FAULT, 'json')],
    ['bare JSON', JSON.stringify(FAULT)],
    ['wrapped JSON', JSON.stringify({ fault: FAULT })],
    ['a root in capitals', '<Fault><reason>Incomplete parameters</reason><detail>Vm [name] required for add</detail></Fault>'],
    ['a failed action in XML', writeActionFault(FAULT, 'xml')],
    ['a failed action in JSON', writeActionFault(FAULT, 'json')],
  ])('%s', (_, body) => {
    expect(readFault(body)).toEqual(FAULT);
  });

  test.each(['', '<html><body>Bad gateway</body></html>', '{}', '[]', '<action><status>complete</status></action>', 'plain'])(
    '%j is no fault',
    (body) => {
      expect(readFault(body)).toBeUndefined();
    },
  );

  test('one half is enough', () => {
    expect(readFault('<fault><reason>Operation Failed</reason></fault>')).toEqual({ reason: 'Operation Failed', detail: '' });
  });
});
