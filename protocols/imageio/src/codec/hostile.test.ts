import { fuzz, hostileBytes, hostileText, mutatedBytes, mutatedText, refusedWith } from '@fairlead/testkit/fuzz';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nbdUnixUrl, parseBackendUrl } from './backend-url.ts';
import { parseContentLength, parseContentRange } from './content-range.ts';
import { readExtents } from './extents-reader.ts';
import { type Feature, parseOptions, withoutUnixSocket, writeOptions } from './options.ts';
import { type PatchOperation, parsePatch, writePatch } from './patch.ts';
import { jsonText, quoted, valueText } from './python-text.ts';
import { contentRange, parseRange, resolveRange } from './range.ts';
import { parseTicket, TICKET_ID } from './ticket.ts';

const isByte = (value: number | undefined): boolean => value === undefined || (Number.isSafeInteger(value) && value >= 0);

const ranges = ['bytes=0-99', 'bytes=42-42', 'bytes=99-', 'bytes=-99', 'bytes=0-9007199254740991'];
const sizes = fc.oneof(fc.nat(200), fc.maxSafeNat());

test('any Range is refused, or lies inside of ticket and image', async () => {
  const headers = fc.oneof(mutatedText(ranges), hostileText({ words: ['bytes=', '0-'] }));
  await fuzz(
    'imageio.range-hostile',
    fc.tuple(headers, sizes, sizes),
    ([header, ticketSize, imageSize]) => {
      const asked = refusedWith(/^IMAGEIO_RANGE_INVALID$/, () => parseRange(header));
      if (!asked) return;
      expect(isByte(asked.first) && isByte(asked.last) && asked.first <= (asked.last ?? asked.first)).toBe(true);
      const range = refusedWith(/^IMAGEIO_RANGE_INVALID$/, () => resolveRange(asked, { ticketSize, imageSize }));
      if (!range) return;
      expect(range.start).toBe(asked.first);
      expect(range.length).toBeGreaterThan(0);
      expect(range.start + range.length).toBeLessThanOrEqual(Math.min(ticketSize, imageSize));
      expect(contentRange(range, ticketSize)).toMatch(/^bytes \d+-\d+\/\d+$/);
    },
    { share: 4 },
  );
});

test('any Content-Range of an upload is refused, or names bytes that can exist', async () => {
  const samples = ['bytes 0-3/4', 'bytes 7-13/20', 'bytes 0-6/*', 'bytes 0-*/*', 'bytes 0-*/20', 'bytes 9007199254740991-*/*'];
  const headers = fc.oneof(mutatedText(samples), hostileText({ words: ['bytes ', '0-', '/*'] }));
  await fuzz(
    'imageio.content-range',
    headers,
    (header) => {
      const range = refusedWith(/^IMAGEIO_REQUEST_INVALID$/, () => parseContentRange(header));
      if (!range) return;
      const { first, last, complete } = range;
      expect(isByte(first) && isByte(last) && isByte(complete)).toBe(true);
      if (last !== undefined) expect(first <= last && last < (complete ?? Infinity)).toBe(true);
      expect(header).toBe(`bytes ${header.slice(6, header.indexOf('-'))}-${header.slice(header.indexOf('-') + 1)}`);
    },
    { share: 4 },
  );
});

test('any Content-Length is refused, or a number of bytes', async () => {
  const headers = fc.oneof(fc.maxSafeNat().map(String), mutatedText(['0', '4096', ' 42 ']), hostileText());
  await fuzz(
    'imageio.content-length',
    headers,
    (header) => {
      const length = refusedWith(/^IMAGEIO_REQUEST_INVALID$/, () => parseContentLength(header));
      if (length !== undefined) expect(isByte(length)).toBe(true);
    },
    { share: 2 },
  );
});

const patches = ['{"op":"zero","size":4096,"offset":512,"flush":true}', '{"op": "flush"}', '{"op":"zero","size":0}'];

test('any PATCH is refused, or has a place and a size', async () => {
  const words = ['"op"', '"size":', '"offset":', '"flush":', '1e400', '1E15', 'null'];
  const bodies = fc.oneof(
    mutatedText(patches, words).map((text) => Buffer.from(text)),
    mutatedBytes(patches.map((text) => Buffer.from(text))),
    hostileBytes(),
  );
  await fuzz(
    'imageio.patch',
    bodies,
    (body) => {
      const operation = refusedWith(/^IMAGEIO_REQUEST_INVALID$/, () => parsePatch(body));
      if (operation?.op !== 'zero') return;
      expect(isByte(operation.offset) && isByte(operation.size)).toBe(true);
      expect(parsePatch(Buffer.from(writePatch(operation)))).toEqual(operation);
    },
    { share: 4 },
  );
});

test('any PATCH that we write is read as it was meant', async () => {
  const zero = fc.record({ op: fc.constant('zero' as const), offset: fc.maxSafeNat(), size: fc.maxSafeNat(), flush: fc.boolean() });
  await fuzz('imageio.patch-written', fc.oneof<fc.Arbitrary<PatchOperation>[]>(zero, fc.constant({ op: 'flush' })), (operation) => {
    expect(parsePatch(Buffer.from(writePatch(operation)))).toEqual(operation);
  });
});

const urls = [
  'nbd:unix:/run/s.sock:exportname=a/b',
  'nbd+unix:///name?socket=/run/s.sock',
  'nbd:h:10809',
  'nbd:[::1]:10809:exportname=x',
  'nbd://[::1]:10809//NAME',
  'file:///a%20b',
];

test('any backend URL is refused, or names a socket, a port or a path', async () => {
  await fuzz(
    'imageio.backend-url',
    fc.oneof(mutatedText(urls, ['nbd:', 'unix:', 'file:', ':exportname=', '?socket=']), hostileText()),
    (url) => {
      const backend = refusedWith(/^IMAGEIO_TICKET_INVALID$/, () => parseBackendUrl(url));
      if (backend?.kind === 'nbd-unix') expect(backend.socketPath).not.toBe('');
      if (backend?.kind === 'nbd-unix') expect(backend.socketPath).not.toContain('\0');
      if (backend?.kind === 'nbd-tcp') expect(backend.host !== '' && backend.port >= 1 && backend.port <= 65_535).toBe(true);
      if (backend?.kind === 'file') expect(backend.path).toMatch(/^\/[^\0]*$/);
    },
    { share: 4 },
  );
  const path = fc.stringMatching(/^\/[A-Za-z0-9/._-]{0,60}$/);
  await fuzz('imageio.backend-url-written', fc.tuple(path, fc.string({ unit: 'grapheme' })), ([socketPath, exportName]) => {
    expect(parseBackendUrl(nbdUnixUrl(socketPath, exportName))).toEqual({ kind: 'nbd-unix', socketPath, exportName });
  });
});

test('any ticket is refused, or holds what a ticket holds', async () => {
  const whole = {
    uuid: 'src',
    size: 4096,
    ops: ['read', 'write'],
    timeout: 60,
    url: urls[0],
    inactivity_timeout: 5,
    sparse: true,
    dirty: false,
  };
  const samples = [JSON.stringify({ ...whole, transfer_id: 't', filename: 'é.img' }), JSON.stringify(whole)];
  const words = ['"size":', '"ops":', '["read"]', '"uuid":', '1e400', 'null', '[]', '{}'];
  const members = fc.record({
    ...Object.fromEntries(
      Object.entries(whole).map(([key, value]) => [
        key,
        fc.oneof({ weight: 8, arbitrary: fc.constant(value) }, { weight: 1, arbitrary: fc.jsonValue() }),
      ]),
    ),
  });
  const bodies = fc.oneof(
    mutatedText(samples, words),
    members.map((value) => JSON.stringify(value)),
    hostileText(),
  );
  await fuzz(
    'imageio.ticket',
    bodies,
    (body) => {
      const ticket = refusedWith(/^IMAGEIO_(REQUEST|TICKET)_INVALID$/, () => parseTicket(Buffer.from(body)));
      if (!ticket) return;
      expect(ticket.uuid).toMatch(TICKET_ID);
      expect([ticket.size, ticket.timeout, ticket.inactivityTimeout].every(isByte)).toBe(true);
      expect(ticket.ops.every((op) => op === 'read' || op === 'write')).toBe(true);
      expect([typeof ticket.sparse, typeof ticket.dirty, typeof ticket.transferId]).toEqual(['boolean', 'boolean', 'string']);
    },
    { share: 4 },
  );
});

test('any OPTIONS answer is read as features that are known', async () => {
  const samples = ['{"unix_socket": "\\u0000/x", "features": ["extents", "zero"], "max_readers": 8, "max_writers": 1}\n'];
  await fuzz(
    'imageio.options',
    fc.oneof(mutatedText(samples, ['"features":', '[]', '"checksum"']), hostileText(), fc.json()),
    (body) => {
      const options = parseOptions(body);
      expect(options.features.every((one) => ['extents', 'flush', 'zero', 'checksum'].includes(one))).toBe(true);
      for (const count of [options.maxReaders, options.maxWriters]) expect(count === undefined || (count >= 1 && count <= 1024)).toBe(true);
      expect(parseOptions(withoutUnixSocket(body)).unixSocket).toBeUndefined();
    },
    { share: 2 },
  );
  const features = fc.subarray<Feature>(['extents', 'flush', 'zero', 'checksum']);
  const count = fc.option(fc.integer({ min: 1, max: 1024 }), { nil: undefined });
  await fuzz('imageio.options-written', fc.tuple(features, count, count), ([list, maxReaders, maxWriters]) => {
    const options = { features: list, ...(maxReaders && { maxReaders }), ...(maxWriters && { maxWriters }) };
    expect(parseOptions(writeOptions(options))).toEqual(options);
  });
});

test('any extents answer is refused, or covers its bytes without a gap, in whatever pieces it comes', async () => {
  const zero =
    '[{"start": 0, "length": 65536, "zero": false, "hole": false}, {"start": 65536, "length": 5368709120, "zero": true, "hole": true}]\n';
  const dirty = '[{"start": 0, "length": 1, "dirty": true, "zero": false}, {"start": 1, "length": 7, "dirty": false, "zero": true}]';
  const words = ['{', '}', '"start":', '"length":', '65536', 'true', '"\\', ', '];
  const bodies = fc.oneof(
    mutatedText([zero, dirty], words).map((text) => Buffer.from(text)),
    mutatedBytes([Buffer.from(zero)]),
    hostileBytes(),
  );
  const inputs = fc.tuple(fc.constantFrom('zero' as const, 'dirty' as const), bodies, fc.integer({ min: 1, max: 70 }));
  await fuzz(
    'imageio.extents',
    inputs,
    async ([context, body, size]) => {
      async function* pieces(): AsyncGenerator<Uint8Array> {
        for (let at = 0; at < body.length; at += size) yield body.subarray(at, at + size);
      }
      let end = 0;
      try {
        for await (const extent of readExtents(context, pieces())) {
          if (extent.start !== end || extent.length < 1 || !Number.isSafeInteger(extent.start + extent.length)) throw new Error('a gap');
          end += extent.length;
        }
      } catch (error) {
        expect(error).toMatchObject({ code: 'IMAGEIO_PROTOCOL' });
      }
    },
    { share: 3 },
  );
});

test('an error text holds no line end and stays short, whatever it quotes', async () => {
  await fuzz(
    'imageio.quoted',
    fc.oneof(hostileText(), fc.jsonValue()),
    (value) => {
      for (const text of [quoted(typeof value === 'string' ? value : JSON.stringify(value)), valueText(value)]) {
        expect(text).not.toMatch(/\p{Cc}/u);
        expect(text.length).toBeLessThan(1000);
      }
    },
    { share: 2 },
  );
});

test('JSON text says what it was made of, in ASCII', async () => {
  await fuzz(
    'imageio.json-text',
    fc.oneof(fc.jsonValue(), hostileText()),
    (value) => {
      const text = jsonText(value);
      expect(text).toMatch(/^[\x20-\x7e]*$/);
      expect(JSON.stringify(JSON.parse(text))).toBe(JSON.stringify(value));
    },
    { share: 2 },
  );
});
