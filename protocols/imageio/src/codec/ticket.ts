import { GatewayError } from '@fairlead/kernel/errors';
import { ImageioError } from '../errors.ts';
import { type BackendUrl, parseBackendUrl } from './backend-url.ts';
import { valueText } from './python-text.ts';
import { type JsonObject, parseObject } from './values.ts';

export type TicketOperation = 'read' | 'write';

/** A grant for one image as it comes over the control API (imageio 3.1). Sizes in bytes, times in seconds. */
export interface TicketMessage {
  readonly uuid: string;
  readonly size: number;
  readonly ops: readonly TicketOperation[];
  readonly timeout: number;
  readonly url: string;
  readonly backend: BackendUrl;
  readonly inactivityTimeout: number;
  readonly sparse: boolean;
  readonly dirty: boolean;
  readonly transferId: string;
  readonly filename?: string;
}

/** What may stand in a transfer URL as the ticket (imageio 2.1). */
export const TICKET_ID = /^[A-Za-z0-9._~-]{1,128}$/;

const DEFAULT_INACTIVITY_S = 60;

/** Reads the body of `PUT /tickets/{id}`. Unknown members are ignored. Throws `IMAGEIO_REQUEST_INVALID` and `IMAGEIO_TICKET_INVALID`. */
export function parseTicket(body: Uint8Array): TicketMessage {
  const value = parseObject(body, 'Ticket is not in a json format:');
  const uuid = required(value, 'uuid', string);
  if (!TICKET_ID.test(uuid)) throw invalid(`Invalid value for 'uuid': ${valueText(uuid)}`);
  const url = required(value, 'url', string);
  const filename = optional(value, 'filename', string);
  return {
    uuid,
    size: required(value, 'size', natural),
    ops: operations(required(value, 'ops', list)),
    timeout: required(value, 'timeout', natural),
    url,
    backend: backend(url),
    inactivityTimeout: optional(value, 'inactivity_timeout', natural) ?? DEFAULT_INACTIVITY_S,
    sparse: optional(value, 'sparse', boolean) ?? false,
    dirty: optional(value, 'dirty', boolean) ?? false,
    transferId: optional(value, 'transfer_id', string) ?? defaultTransferId(uuid),
    ...(filename !== undefined && { filename }),
  };
}

/** The name by which logs and refusals call a ticket that has none (imageio 2.11). */
export function defaultTransferId(uuid: string): string {
  return `(ticket/${uuid.slice(0, 18)})`;
}

type Reader<T> = (value: unknown, name: string) => T;

function required<T>(value: JsonObject, name: string, read: Reader<T>): T {
  if (value[name] === undefined) throw invalid(`Required ticket parameter is missing: ${name}`);
  return read(value[name], name);
}

function optional<T>(value: JsonObject, name: string, read: Reader<T>): T | undefined {
  return value[name] === undefined || value[name] === null ? undefined : read(value[name], name);
}

function string(value: unknown, name: string): string {
  if (typeof value !== 'string') throw wrongType(value, name, 'str');
  return value;
}

function boolean(value: unknown, name: string): boolean {
  if (typeof value !== 'boolean') throw wrongType(value, name, 'bool');
  return value;
}

function list(value: unknown, name: string): readonly unknown[] {
  if (!Array.isArray(value)) throw wrongType(value, name, 'list');
  return value;
}

function natural(value: unknown, name: string): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw wrongType(value, name, 'int');
  if (value < 0) throw invalid(`Invalid value for '${name}': ${value} < 0`);
  return value;
}

function operations(values: readonly unknown[]): readonly TicketOperation[] {
  return values.map((value) => {
    if (value !== 'read' && value !== 'write') throw invalid(`Invalid value for 'ops': ${valueText(value)}`);
    return value;
  });
}

function backend(url: string): BackendUrl {
  try {
    return parseBackendUrl(url);
  } catch (error) {
    throw invalid(`Invalid value for 'url': ${valueText(url)}: ${GatewayError.from(error).publicText}`);
  }
}

function wrongType(value: unknown, name: string, type: string): Error {
  return invalid(`Invalid value for '${name}': ${valueText(value)}: expecting a <class '${type}'> value`);
}

function invalid(text: string): Error {
  return ImageioError('IMAGEIO_TICKET_INVALID', { text: `Invalid ticket: ${text}` });
}
