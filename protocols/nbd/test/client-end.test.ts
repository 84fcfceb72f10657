import { until } from '@fairlead/testkit/until';
import { describe, expect, test } from 'vitest';
import { connectTo, plainServer, servingReads } from './support/clients.ts';
import type { FakeRequest } from './support/fake-server.ts';
import { DISC, READ } from './support/spec-bytes.ts';

describe('the end of a client', () => {
  test('takes leave, without flush if nothing was written', async () => {
    await using server = await plainServer();
    const client = await connectTo(server);
    await client.read(0, 10);

    await client.close();
    await client.close();

    expect(server.types).toEqual([READ, DISC]);
    expect(client.closed).toBe(true);
    await expect(client.read(0, 10)).rejects.toMatchObject({ code: 'NBD_CLOSED' });
  });

  test('by close ends what runs', async () => {
    const waiting: FakeRequest[] = [];
    await using server = await servingReads((request) => waiting.push(request));
    const client = await connectTo(server);
    const reading = client.read(0, 10);
    await until(() => waiting.length === 1);

    const closing = client.close();
    await expect(reading).rejects.toMatchObject({ code: 'NBD_CLOSED' });
    server.peers[0]?.answer(waiting[0] as FakeRequest);
    await closing;

    expect(server.types).toEqual([READ, DISC]);
  });

  test('by destroy ends what runs with the reason', async () => {
    await using server = await servingReads(() => undefined);
    const client = await connectTo(server);
    const reading = client.read(0, 10);

    client.destroy(new Error('ticket revoked'));

    await expect(reading).rejects.toMatchObject({ code: 'NBD_CLOSED', cause: { message: 'ticket revoked' } });
    await client.close();
  });

  test('by the server between calls is noticed', async () => {
    await using server = await plainServer();
    await using client = await connectTo(server);

    server.peers[0]?.hangUp();

    await until(() => client.closed);
    await expect(client.read(0, 10)).rejects.toMatchObject({ code: 'NBD_CONNECTION_LOST' });
  });
});
