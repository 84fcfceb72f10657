import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AskedRange, ByteRange, ExtentContext, PatchOperation } from '@fairlead/imageio/codec';
import type { Log } from '@fairlead/kernel/log';
import type { Backend } from '../../service/backend/backend.ts';
import type { BackendPool } from '../../service/backend/backend-pool.ts';
import type { Operation } from '../../service/ticket/operation.ts';
import type { Ticket } from '../../service/ticket/ticket.ts';
import type { TicketBook } from '../../service/ticket/ticket-book.ts';
import type { ClientConnection } from '../wire/client-connection.ts';
import type { Exchange } from '../wire/listener.ts';
import type { RequestBody } from '../wire/request-body.ts';
import type { Target } from './route.ts';

export interface ImageFaceParts {
  readonly tickets: TicketBook;
  readonly backends: BackendPool;
  readonly log: Log;
  /** Abstract Unix socket on which the same API is served to programs of this host. */
  readonly localSocket: () => string | undefined;
}

/** One request for an image, filled in step by step: each rule may rely on what the rules before it have found. */
export class ImageRequest {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly connection: ClientConnection;
  readonly expectsContinue: boolean;
  readonly parts: ImageFaceParts;
  readonly id: string;
  readonly query: ReadonlyMap<string, string>;
  ticket!: Ticket;
  backend!: Backend;
  asked: AskedRange | undefined;
  range: ByteRange = { start: 0, length: 0 };
  contentLength = 0;
  flush = true;
  patch!: PatchOperation;
  context: ExtentContext = 'zero';
  /** The client asked for the end of the connection (`close=y`). */
  close = false;

  constructor(exchange: Exchange, target: Target, parts: ImageFaceParts) {
    this.request = exchange.request;
    this.response = exchange.response;
    this.connection = exchange.connection;
    this.expectsContinue = exchange.expectsContinue;
    this.parts = parts;
    this.id = target.route?.id ?? '';
    this.query = target.query;
  }

  /** The body, now wanted: a client that asked is told to go on. */
  body(): RequestBody {
    if (this.connection.body) return this.connection.body;
    const body = this.connection.startBody(this.request, this.contentLength);
    if (this.expectsContinue) this.response.writeContinue();
    return body;
  }

  /** Runs one operation of the ticket on this connection. */
  operate<T>(start: number, work: (operation: Operation) => Promise<T>): Promise<T> {
    return this.ticket.run(start, this.connection.signal, (operation) => {
      operation.waitsForClient = () => this.connection.waitsForClient();
      operation.cut = () => this.connection.socket.destroy();
      return work(operation);
    });
  }
}

/** One check or one action; the list of them is the protocol of a method. */
export type Step = (request: ImageRequest) => void | Promise<void>;

export function steps(...list: readonly Step[]): (request: ImageRequest) => Promise<void> {
  return async (request) => {
    for (const step of list) await step(request);
  };
}
