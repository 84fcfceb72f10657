import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { connectNbd } from '@fairlead/nbd';
import { tempDir } from '@fairlead/testkit/temp';
import { describe, expect, test } from 'vitest';
import { type FakeOptions, fakeServer } from './support/fake-server.ts';
import {
  ACK,
  Bytes,
  ERR_INVALID,
  ERR_POLICY,
  ERR_SHUTDOWN,
  ERR_TLS_REQD,
  ERR_UNKNOWN,
  ERR_UNSUP,
  EXTENDED_HEADERS,
  exportInfo,
  GO,
  greeting,
  INFO,
  LIST_META_CONTEXT,
  META_CONTEXT,
  metaContext,
  optionReply,
  SET_META_CONTEXT,
} from './support/spec-bytes.ts';

const BITMAPS = ['base:allocation', 'qemu:allocation-depth', 'qemu:dirty-bitmap:mon', 'qemu:dirty-bitmap:tue'];

/** An answer to one option only. */
function answering(option: number, ...replies: [type: number, data?: Buffer][]): FakeOptions {
  return {
    contexts: BITMAPS,
    option: (asked, _data, peer) => {
      if (asked !== option) return 'default';
      return peer.send(...replies.map(([type, data]) => optionReply(option, type, data)));
    },
  };
}

describe('handshake', () => {
  test('tells what the export is and can do', async () => {
    await using server = await fakeServer({ size: 12_345, flags: 0x0d7f, blockSize: [1, 8192, 65536], contexts: BITMAPS });

    await using client = await connectNbd({ socketPath: server.socketPath, depth: true, dirtyBitmap: 'tue' });

    expect(client.size).toBe(12_345);
    expect(client.blockSize).toEqual({ min: 1, preferred: 8192, max: 65536 });
    expect(client.contexts).toEqual(['base:allocation', 'qemu:allocation-depth', 'qemu:dirty-bitmap:tue']);
    expect(client.flags).toEqual({
      readOnly: true,
      flush: true,
      fua: true,
      trim: true,
      writeZeroes: true,
      df: false,
      multiConn: true,
      cache: true,
      fastZero: true,
      rotational: true,
    });
    expect(client.closed).toBe(false);
  });

  test('asks for no context that nobody wants', async () => {
    await using server = await fakeServer({ contexts: BITMAPS });

    await using client = await connectNbd({ socketPath: server.socketPath, allocation: false });

    expect(client.contexts).toEqual([]);
  });

  test('ignores contexts that nobody asked for', async () => {
    const surprise: [number, Buffer][] = [
      [META_CONTEXT, metaContext(1, 'x-acme:surprise')],
      [META_CONTEXT, metaContext(2, 'base:allocation')],
    ];
    await using server = await fakeServer(answering(SET_META_CONTEXT, ...surprise, [ACK]));

    await using client = await connectNbd({ socketPath: server.socketPath });

    expect(client.contexts).toEqual(['base:allocation']);
  });

  test('works byte by byte', async () => {
    await using server = await fakeServer({ trickle: true, contexts: BITMAPS });

    await using client = await connectNbd({ socketPath: server.socketPath });

    expect(client.size).toBe(1024 * 1024);
  });

  test('works over TCP', async () => {
    await using server = await fakeServer();
    const relay = createServer((socket) => {
      socket.pipe(connect({ path: server.socketPath })).pipe(socket);
    });
    relay.listen(0, '127.0.0.1');
    await once(relay, 'listening');

    await using client = await connectNbd({ host: '127.0.0.1', port: (relay.address() as AddressInfo).port });

    expect(await client.read(0, 3)).toEqual(Buffer.alloc(3));
    relay.close();
  });

  test('takes the only bitmap there is when any will do', async () => {
    await using server = await fakeServer({ contexts: ['base:allocation', 'qemu:dirty-bitmap:mon'] });

    await using client = await connectNbd({ socketPath: server.socketPath, dirtyBitmap: true });

    expect(client.contexts).toContain('qemu:dirty-bitmap:mon');
  });

  test.each<[string, FakeOptions, true | string, string]>([
    ['several bitmaps where any will do', { contexts: BITMAPS }, true, 'NBD_BITMAP_AMBIGUOUS'],
    ['no bitmap', { contexts: ['base:allocation'] }, true, 'NBD_BITMAP_UNKNOWN'],
    ['not the bitmap named', { contexts: BITMAPS }, 'wed', 'NBD_BITMAP_UNKNOWN'],
    ['no structured replies', { mode: 'simple', contexts: BITMAPS }, 'mon', 'NBD_BITMAP_UNKNOWN'],
    ['no metadata contexts', answering(LIST_META_CONTEXT, [ERR_UNSUP]), true, 'NBD_BITMAP_UNKNOWN'],
    ['a bitmap listed but not given', answering(SET_META_CONTEXT, [ACK]), 'mon', 'NBD_BITMAP_UNKNOWN'],
  ])('refuses to go on without the dirty bitmap: %s', async (_name, options, dirtyBitmap, code) => {
    await using server = await fakeServer(options);

    await expect(connectNbd({ socketPath: server.socketPath, dirtyBitmap })).rejects.toMatchObject({ code });
  });

  test('goes on without contexts if the server has no metadata', async () => {
    await using server = await fakeServer(answering(SET_META_CONTEXT, [ERR_UNSUP]));

    await using client = await connectNbd({ socketPath: server.socketPath });

    expect(client.contexts).toEqual([]);
  });

  test.each<[string, FakeOptions, string]>([
    ['another protocol', { greeting: Buffer.from('HTTP/1.1 400 Bad Request\r\n') }, 'NBD_HANDSHAKE'],
    ['the unfixed negotiation', { greeting: greeting(2) }, 'NBD_HANDSHAKE'],
    ['a wrong reply magic', { option: (_option, _data, peer) => peer.send(Buffer.alloc(20)) }, 'NBD_HANDSHAKE'],
    ['a reply to another option', { option: (_o, _d, peer) => peer.send(optionReply(99, ACK)) }, 'NBD_HANDSHAKE'],
    [
      'a reply of 4 GiB',
      {
        option: (o, _d, peer) =>
          peer.send(
            new Bytes()
              .u64(0x3e889045565a9n)
              .u32(o)
              .u32(1)
              .u32(-1 >>> 0).buffer,
          ),
      },
      'NBD_HANDSHAKE',
    ],
    [
      'endless replies',
      { option: (o, _d, peer) => peer.send(...Array.from({ length: 1025 }, () => optionReply(o, INFO))) },
      'NBD_HANDSHAKE',
    ],
    ['a server that hangs up', { option: (_option, _data, peer) => peer.hangUp() }, 'NBD_HANDSHAKE'],
    ['a server that wants TLS', answering(EXTENDED_HEADERS, [ERR_TLS_REQD, Buffer.from('TLS first')]), 'NBD_TLS_REQUIRED'],
    ['a server that shuts down', answering(EXTENDED_HEADERS, [ERR_SHUTDOWN]), 'NBD_HANDSHAKE'],
    ['an unknown export', answering(GO, [ERR_UNKNOWN, Buffer.from("export 'x' not present")]), 'NBD_EXPORT_UNKNOWN'],
    ['an unknown export, told early', answering(SET_META_CONTEXT, [ERR_UNKNOWN]), 'NBD_EXPORT_UNKNOWN'],
    ['a context query refused', answering(SET_META_CONTEXT, [ERR_INVALID]), 'NBD_HANDSHAKE'],
    ['a policy', answering(GO, [ERR_POLICY]), 'NBD_HANDSHAKE'],
    ['no size', answering(GO, [ACK]), 'NBD_HANDSHAKE'],
    ['a size of 2^53', answering(GO, [INFO, exportInfo(2n ** 53n, 1)], [ACK]), 'NBD_HANDSHAKE'],
    ['a reply before any request', answering(GO, [INFO, exportInfo(512, 1)], [ACK], [ACK]), 'NBD_PROTOCOL'],
  ])('refuses %s', async (_name, options, code) => {
    await using server = await fakeServer(options);

    await expect(connectNbd({ socketPath: server.socketPath })).rejects.toMatchObject({ code });

    await server.peers[0]?.hungUp;
  });

  test.each([
    [1000, 1],
    [1024, 512],
  ])('assumes for an export of %i bytes that says nothing a block size of %i', async (size, min) => {
    await using server = await fakeServer(answering(GO, [INFO, exportInfo(size, 1)], [ACK]));

    const client = await connectNbd({ socketPath: server.socketPath });

    expect(client.blockSize).toEqual({ min, preferred: 4096, max: 32 * 1024 * 1024 });
    client.destroy();
  });

  test('skips information it does not know', async () => {
    const name = new Bytes().u16(1).text('a name').buffer;
    await using server = await fakeServer(answering(GO, [INFO, name], [INFO, exportInfo(512, 1)], [ACK]));

    const client = await connectNbd({ socketPath: server.socketPath });

    expect(client.size).toBe(512);
    client.destroy();
  });

  test.each([
    ['does not greet', { greeting: Buffer.alloc(0) }],
    ['stops within the greeting', { greeting: greeting().subarray(0, 17) }],
    ['stops within the negotiation', { option: () => undefined }],
  ])('gives a server up that %s', async (_name, options) => {
    await using server = await fakeServer(options);

    const connecting = connectNbd({ socketPath: server.socketPath, handshakeMs: 100 });

    await expect(connecting).rejects.toMatchObject({ code: 'NBD_TIMEOUT' });
    await server.peers[0]?.hungUp;
  });

  test('can be aborted while negotiating', async () => {
    await using server = await fakeServer({ greeting: Buffer.alloc(0) });
    const abort = new AbortController();
    const connecting = connectNbd({ socketPath: server.socketPath, signal: abort.signal });

    setImmediate(() => abort.abort(new Error('the user left')));

    await expect(connecting).rejects.toMatchObject({ code: 'NBD_ABORTED', cause: { message: 'the user left' } });
  });

  test('does not even connect if aborted before', async () => {
    await using server = await fakeServer();

    await expect(connectNbd({ socketPath: server.socketPath, signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'NBD_ABORTED' });
    expect(server.peers).toHaveLength(0);
  });

  test('says why it cannot connect', async () => {
    await using folder = await tempDir();
    const connecting = connectNbd({ socketPath: `${folder.path}/nobody` });

    await expect(connecting).rejects.toMatchObject({ code: 'NBD_CONNECT', cause: { code: 'ENOENT' } });
  });
});
