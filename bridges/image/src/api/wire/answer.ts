import { type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';

/** The release of the image data API that our behaviour follows; tools compare it. */
export const VERSION = '2.5.3';

export interface Answer {
  readonly status: number;
  readonly body?: string;
  readonly type?: 'text' | 'json';
  readonly headers?: Readonly<Record<string, string>>;
  /** End the connection after this answer. */
  readonly close?: boolean;
}

const TYPES = { text: 'text/plain; charset=UTF-8', json: 'application/json' } as const;

/** The headers of every answer, lower-case and in this order (imageio 2.2). */
export function prepare(response: ServerResponse): void {
  response.sendDate = false;
  response.setHeader('server', `imageio/${VERSION}`);
  response.setHeader('date', new Date().toUTCString());
  // Persistence is the default of HTTP/1.1; the real daemon does not announce it.
  response.removeHeader('connection');
}

/** Sends a whole answer. `content-length` is always there, also for an empty body. */
export function send(response: ServerResponse, answer: Answer): void {
  const body = Buffer.from(answer.body ?? '', 'utf8');
  response.setHeader('content-length', body.length);
  if (answer.close) response.setHeader('connection', 'close');
  if (body.length > 0) response.setHeader('content-type', TYPES[answer.type ?? 'text']);
  response.writeHead(answer.status, answer.headers);
  response.end(body);
}

/** An answer to something that is no HTTP request, straight to the socket; the connection ends. */
export function sendRaw(socket: Socket, status: number, text: string): void {
  const body = Buffer.from(`${text}\n`, 'utf8');
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Error'}`,
    `server: imageio/${VERSION}`,
    `date: ${new Date().toUTCString()}`,
    `content-length: ${body.length}`,
    'connection: close',
    `content-type: ${TYPES.text}`,
  ];
  socket.write(Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), body]));
}
