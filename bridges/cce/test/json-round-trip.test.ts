import { escapeValue } from '@fairlead/cscp/codec';
import { fuzz, hostileText } from '@fairlead/testkit/fuzz';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { startJsonRig } from './support/json-rig.ts';
import { STANDS } from './support/stands.ts';

const words = [
  '"',
  '\\',
  '\\"',
  '\\n',
  '\n',
  '\r\n',
  '\t',
  '&',
  '%',
  '+',
  '\\303\\251',
  'é',
  '😀',
  '\u0007',
  '\u007f',
  '201 OK',
  '\n102 DATA a = "b"',
  '$0.oid',
  "';",
];

describe.each(STANDS)('values over $name', (stand) => {
  test('any value comes back from the engine as it was given, in both forms', async () => {
    await using rig = await startJsonRig({ stand });
    const who = await rig.login();
    const values = fc.oneof(hostileText({ words }), fc.string({ unit: 'binary', maxLength: 300 }));
    const read = async (namespace: string): Promise<unknown> => {
      const { json } = await rig.call({ ...who, cmd: 'GET', oid: '56', namespace });
      return (json.data as { DATA: Record<string, string> }).DATA;
    };
    await fuzz(
      `cce.json-values-${stand.name}`,
      values,
      async (text) => {
        const value = text.replaceAll('\0', '').toWellFormed();
        const structured = await rig.call({ ...who, cmd: 'SET', oid: '56', data: { description: value } });
        expect(structured.text).toBe('{"status":201,"message":"GOODBYE"}');
        const written = await rig.call({ ...who, cmd: `SET 56 . Email vacationMsg="${escapeValue(value)}"` });
        expect(written.text).toBe('{"status":201,"message":"GOODBYE"}');
        expect(await read('')).toMatchObject({ description: value });
        expect(await read('Email')).toMatchObject({ vacationMsg: value });
        return true;
      },
      { share: 0.5, someAccepted: true },
    );
  });
});
