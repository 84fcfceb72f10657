import { GatewayError } from '@fairlead/kernel/errors';
import { CONTENT_TYPES, type Format, type PlainFault, writeActionFault, writeFault } from '@fairlead/ovirt/codec';
import { fromCloud } from '../service/cloud-errors.ts';

/** Titles as the engine words them (ovirt 2.7), where they are not those of the status. */
const REASONS: Readonly<Record<string, string>> = {
  OVIRT_INCOMPLETE: 'Incomplete parameters',
  OVIRT_BAD_VERSION: 'Invalid value',
  OVIRT_UNAUTHORIZED: 'Unauthorized',
  OVIRT_LOGIN_REFUSED: 'Unauthorized',
};

const FAILED = 'Operation Failed';

/** What answers an error: the one place that makes faults. */
export interface ErrorAnswer {
  readonly error: GatewayError;
  readonly contentType: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string | string[]>>;
}

export interface ErrorFace {
  readonly format: Format;
  /** Failed actions answer an action with the fault inside (ovirt 2.7). */
  readonly isAction: boolean;
  /** Fence agents look for `<title>Error</title>` where no format was asked for (ovirt 3.3). */
  readonly isHtml: boolean;
  /** A bearer token came and is not good. */
  readonly isBearer: boolean;
}

/** Any error as one of ours: those of CloudStack translated, unknown ones internal. */
export function ownError(error: unknown): GatewayError {
  return GatewayError.from(fromCloud(error));
}

function toFault(error: GatewayError): PlainFault {
  const reason = typeof error.detail.reason === 'string' ? error.detail.reason : (REASONS[error.code] ?? FAILED);
  const text = error.publicText;
  // The engine lists the messages of a refusal in brackets.
  return { reason, detail: reason === FAILED && error.status >= 409 ? `[${text}]` : text };
}

export function answerError(error: GatewayError, face: ErrorFace): ErrorAnswer {
  const fault = toFault(error);
  const headers = { 'fairlead-error': error.code, ...challenges(error, face), ...retryAfter(error), ...allow(error) };
  if (error.status === 401 && face.isHtml) return { error, contentType: 'text/html', body: html(fault), headers };
  const body = face.isAction ? writeActionFault(fault, face.format) : writeFault(fault, face.format);
  return { error, contentType: CONTENT_TYPES[face.format], body, headers };
}

function challenges(error: GatewayError, face: ErrorFace): Record<string, string[]> {
  if (error.status !== 401) return {};
  const bearer = face.isBearer ? 'Bearer realm="RESTAPI", error="invalid_token"' : 'Bearer realm="RESTAPI"';
  return { 'www-authenticate': ['Basic realm="RESTAPI"', bearer] };
}

function retryAfter(error: GatewayError): Record<string, string> {
  return error.retryAfterS === undefined ? {} : { 'retry-after': String(error.retryAfterS) };
}

function allow(error: GatewayError): Record<string, string> {
  return typeof error.detail.allow === 'string' ? { allow: error.detail.allow } : {};
}

function html(fault: PlainFault): string {
  const text = `${fault.reason}: ${fault.detail}`.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
  return `<!DOCTYPE html><html><head><title>Error</title></head><body>${text}</body></html>\n`;
}
