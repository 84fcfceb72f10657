import { jsonText, naturalMember, parseObject, parseTicket, quoted, type TicketMessage } from '@fairlead/imageio/codec';
import type { Log } from '@fairlead/kernel/log';
import { ImageError } from '../../errors.ts';
import { readBody } from '../../service/read-body.ts';
import type { Ticket, TicketGrant } from '../../service/ticket/ticket.ts';
import type { TicketBook } from '../../service/ticket/ticket-book.ts';
import { logFailure, toAnswer } from '../data/face.ts';
import { decodePath } from '../data/route.ts';
import { type Answer, prepare, send } from '../wire/answer.ts';
import type { Exchange } from '../wire/listener.ts';

const MAX_BODY = 64 * 1024;
const FORM = /^\/tickets\/(.*)$/s;

type Handler = (id: string, body: () => Promise<Buffer>, tickets: TicketBook) => Promise<Answer>;

const handlers: Readonly<Record<string, Handler>> = { GET: getTicket, PUT: putTicket, PATCH: patchTicket, DELETE: deleteTicket };

/** The ticket API for programs of this host, over a Unix socket (imageio 3.2). Ids are secrets: they never reach a log. */
export async function serveTickets(exchange: Exchange, tickets: TicketBook, log: Log): Promise<void> {
  const { request, response } = exchange;
  prepare(response);
  try {
    const [path = ''] = (request.url ?? '').split('?', 1);
    const id = FORM.exec(path)?.[1];
    if (id === undefined) throw ImageError('IMAGE_ROUTE_UNKNOWN', { text: `No handler for '${path}'` });
    const handler = handlers[request.method ?? ''];
    if (!handler) throw ImageError('IMAGE_METHOD', { text: `Method '${request.method}' not defined for '/tickets/'` });
    if (exchange.expectsContinue) response.writeContinue();
    send(response, await handler(decodePath(id), () => readBody(request, MAX_BODY), tickets));
  } catch (error) {
    logFailure(log, error, { method: request.method, face: 'tickets' });
    send(response, toAnswer(error, !request.complete));
  }
}

async function getTicket(id: string, _body: () => Promise<Buffer>, tickets: TicketBook): Promise<Answer> {
  return { status: 200, type: 'json', body: `${jsonText(infoOf(id, await find(id, tickets, `No such ticket ${quoted(id)}`)))}\n` };
}

/** The id in the body is the one that counts (imageio 3.1). */
async function putTicket(id: string, body: () => Promise<Buffer>, tickets: TicketBook): Promise<Answer> {
  requireId(id);
  const message = parseTicket(await body());
  const known = await tickets.find(message.uuid);
  if (known?.active && !sameGrant(known.grant, grantOf(message))) {
    throw ImageError('IMAGE_TICKET_ACTIVE', { text: `Ticket is in use: ${known.grant.transferId}` });
  }
  await tickets.put(message.uuid, grantOf(message));
  return { status: 200 };
}

async function patchTicket(id: string, body: () => Promise<Buffer>, tickets: TicketBook): Promise<Answer> {
  requireId(id);
  const timeout = naturalMember(parseObject(await body(), 'Invalid patch:'), 'timeout');
  (await find(id, tickets, `No such ticket: ${id}`)).extend(timeout);
  return { status: 200 };
}

/** Removing what is not there succeeds, so that it can be repeated. All at once are cancelled like a single one. */
async function deleteTicket(id: string, _body: () => Promise<Buffer>, tickets: TicketBook): Promise<Answer> {
  if (id === '') {
    await tickets.removeAll();
    return { status: 204 };
  }
  const ticket = await tickets.find(id);
  if (ticket && (await tickets.remove(ticket)) === 'stuck') {
    throw ImageError('IMAGE_TICKET_ACTIVE', { text: `Timeout cancelling transfer ${ticket.grant.transferId}` });
  }
  return { status: 204 };
}

async function find(id: string, tickets: TicketBook, refusal: string): Promise<Ticket> {
  requireId(id);
  const ticket = await tickets.find(id);
  if (!ticket) throw ImageError('IMAGE_TICKET_UNKNOWN', { text: refusal });
  return ticket;
}

function requireId(id: string): void {
  if (id === '') throw ImageError('IMAGE_TICKET_REQUIRED');
}

/** imageio 3.3. `transferred` only for a single direction, as the real daemon has it; `expires` on a clock that does not jump. */
function infoOf(uuid: string, ticket: Ticket): Readonly<Record<string, unknown>> {
  const { grant } = ticket;
  return {
    active: ticket.active,
    canceled: ticket.canceled,
    connections: ticket.holders.size,
    expires: Math.round(ticket.expiresMs / 1000),
    idle_time: ticket.idleS,
    inactivity_timeout: grant.inactivityS,
    ops: grant.ops,
    size: grant.size,
    sparse: grant.sparse,
    dirty: grant.dirty,
    timeout: grant.timeoutS,
    url: grant.url,
    uuid,
    transfer_id: grant.transferId,
    filename: grant.filename,
    transferred: grant.ops.length === 1 ? ticket.transferred : undefined,
  };
}

function grantOf(message: TicketMessage): TicketGrant {
  const { transferId, size, ops, timeout, inactivityTimeout, sparse, dirty, url, backend, filename } = message;
  const grant = { transferId, size, ops, sparse, dirty, url, backend, timeoutS: timeout, inactivityS: inactivityTimeout };
  return { ...grant, ...(filename !== undefined && { filename }) };
}

function sameGrant(a: TicketGrant, b: TicketGrant): boolean {
  const keys = ['transferId', 'size', 'timeoutS', 'inactivityS', 'sparse', 'dirty', 'url', 'filename'] as const;
  return keys.every((key) => a[key] === b[key]) && a.ops.join() === b.ops.join();
}
