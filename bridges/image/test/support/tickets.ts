import { join } from 'node:path';
import type { OpenedImageTransfer, OpenImageTransfer } from '@fairlead/kernel/services';
import type { TestBridge } from './bridge.ts';
import { RawClient } from './raw-client.ts';

/** A request over the ticket socket of the host. */
export async function control(bridge: TestBridge, method: string, id: string, body?: unknown) {
  using client = await RawClient.open({ socketPath: join(bridge.runDir, 'image-control.sock') });
  const text = body === undefined ? '' : JSON.stringify(body);
  const head = `${method} /tickets/${id} HTTP/1.1\r\nhost: x\r\ncontent-length: ${Buffer.byteLength(text)}`;
  client.send(`${head}\r\n\r\n${Buffer.from(text).toString('latin1')}`);
  return await client.answer();
}

let count = 0;

export type TransferWish = Pick<OpenImageTransfer, 'direction'> & { readonly path: string } & Partial<OpenImageTransfer>;

/** Opens a transfer of a qcow2 image unless told otherwise. */
export function openTransfer(bridge: TestBridge, { path, ...wish }: TransferWish): Promise<OpenedImageTransfer> {
  count += 1;
  return bridge.transfers.open({
    transferId: `transfer-${count}`,
    format: 'raw',
    volume: { volumeId: `volume-${count}`, path, format: 'qcow2' },
    hosts: [bridge.host],
    inactivityTimeoutS: 60,
    sparse: true,
    ...wish,
  });
}

/** The path of a transfer URL: it stays the same when ports change. */
export function pathOf(url: string): string {
  return new URL(url).pathname;
}
