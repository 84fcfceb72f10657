import { TICKET_ID, type TicketOperation, texts } from '@fairlead/imageio/codec';
import { ImageError } from '../../../errors.ts';
import type { Step } from '../image-request.ts';

/**
 * imageio 2.11: unknown, expired, cancelled and forbidden are all 403, and all end the connection. From then on the ticket's own inactivity timeout
 * holds for the connection (2.10). A ticket whose image is gone answers 500 at once (14.4).
 */
export function authorize(operation: TicketOperation): Step {
  return async (request) => {
    const { id, parts, connection } = request;
    const ticket = TICKET_ID.test(id) ? await parts.tickets.find(id) : undefined;
    if (!ticket) throw ImageError('IMAGE_TICKET_FORBIDDEN', { why: texts.noSuchTicket(id) });
    ticket.authorize(operation);
    connection.setInactivity(ticket.grant.inactivityS);
    request.ticket = ticket;
    if (ticket.failure) throw ImageError('IMAGE_BACKEND', {}, { cause: new Error(ticket.failure.text) });
  };
}
