import { validateHeaderValue } from 'node:http';
import { fuzz, hostileText, mutatedText } from '@fairlead/testkit/fuzz';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { exportFailureCode, lacksDirectIo } from '../map/qemu-nbd.ts';
import { finalizeBackupSchema, openTransferSchema, refusalSchema, startBackupSchema, transferStateSchema } from '../schema.ts';
import { contentDisposition } from './data/content-disposition.ts';
import { parseTarget } from './data/route.ts';
import { forwardedRequest } from './proxy/headers.ts';

test('any request target has a path, and leads to a route or nowhere', async () => {
  const samples = [
    '/images/5e2f?flush=n&close=y',
    '/images/5e2f/extents?context=dirty',
    '/images//extents',
    '/images/a%2Fb/flush',
    '/info/',
    '/images/x/checksum/algorithms',
  ];
  const words = ['/images/', '/extents', '%', '%2f', '?', '&', '=', '+', ';', 'context='];
  await fuzz(
    'image.target',
    fc.oneof(mutatedText(samples, words), hostileText({ words })),
    (target) => {
      const { path, route, query } = parseTarget(target);
      expect(typeof path).toBe('string');
      if (route?.name === 'image' || route?.name === 'extents' || route?.name === 'flush') expect(path.startsWith('/images/')).toBe(true);
      for (const [name, value] of query) expect([typeof name, typeof value]).toEqual(['string', 'string']);
    },
    { share: 4 },
  );
});

test('any name of a file gives one header line that Node accepts', async () => {
  await fuzz(
    'image.filename',
    hostileText({ words: ['"', ';', '\\', 'é', '../'] }),
    (name) => {
      const header = contentDisposition(name);
      expect(() => validateHeaderValue('content-disposition', header)).not.toThrow();
      expect(header).toMatch(/^attachment; filename=[^";\\]*(; filename\*=UTF-8''[\x21-\x7e]*)?$/);
    },
    { share: 2 },
  );
});

test('no header of the hop goes on, whatever Connection names', async () => {
  const named = fc.oneof(mutatedText(['close, x-hop', 'keep-alive', 'Upgrade,X-A'], [',', ' ,', 'x-hop', 'host']), hostileText());
  await fuzz(
    'image.headers',
    fc.tuple(named, hostileText({ maxLength: 30 })),
    ([connection, value]) => {
      const sent = forwardedRequest({ connection, 'x-hop': value, te: value, upgrade: value, range: 'bytes=0-1', host: 'proxy' }, 'host:1');
      expect(sent.host).toBe('host:1');
      for (const hop of ['connection', 'te', 'upgrade', 'transfer-encoding', 'expect']) expect(sent).not.toHaveProperty(hop);
      if (/(^|,)\s*x-hop\s*(,|$)/i.test(connection)) expect(sent).not.toHaveProperty('x-hop');
    },
    { share: 2 },
  );
});

test('any message between gateway and agent is refused, or has sizes and paths that can exist', async () => {
  const volume = { id: 'v', path: '/mnt/p/v', format: 'qcow2' };
  const samples = [
    { backup_id: 'b', running: false, volumes: [volume], from_checkpoint: 'c' },
    { backup_id: 'b', checkpoint: 'keep' },
    {
      transfer_id: 't',
      ticket: 'A'.repeat(43),
      direction: 'upload',
      format: 'raw',
      volume,
      size: 4096,
      ttl: 60,
      inactivity_timeout: 0,
      sparse: true,
    },
    { transfer_id: 't', active: true, transferred: 1, idle_s: 0, size: 4096, failure: { code: 'A', text: 'b' } },
    { code: 'A', text: 'b', status: 404 },
  ].map((body) => JSON.stringify(body));
  const schemas = [startBackupSchema, finalizeBackupSchema, openTransferSchema, transferStateSchema, refusalSchema];
  const words = ['"path":"', '"size":', '1e400', '-1', 'null', '[]', '{}', '"__proto__":', '"/"'];
  await fuzz(
    'image.messages',
    fc.tuple(fc.constantFrom(...schemas), fc.oneof(mutatedText(samples, words), fc.json())),
    ([schema, body]) => {
      const read = schema.safeParse(parsed(body));
      if (!read.success) return false;
      for (const [name, value] of Object.entries(flat(read.data))) {
        if (typeof value === 'number') expect(Number.isSafeInteger(value) && value >= 0).toBe(true);
        if (name.endsWith('path')) expect(value).toMatch(/^\//);
      }
      return true;
    },
    { share: 4, someAccepted: true },
  );
});

test('whatever qemu-nbd says, it means something to us', async () => {
  await fuzz(
    'image.qemu-nbd-words',
    mutatedText(
      ['Failed to get "write" lock', 'Image is not in qcow2 format', 'file system may not support O_DIRECT'],
      ['lock', 'O_DIRECT'],
    ),
    (said) => {
      expect(['IMAGE_IMAGE_IN_USE', 'IMAGE_FORMAT_MISMATCH', 'IMAGE_EXPORT_FAILED']).toContain(exportFailureCode(said));
      expect(typeof lacksDirectIo(said)).toBe('boolean');
    },
  );
});

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function flat(value: object, prefix = ''): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, one]) =>
      typeof one === 'object' && one !== null ? Object.entries(flat(one, `${prefix}${key}.`)) : [[prefix + key, one]],
    ),
  );
}
