import { parseContentLength, quoted, texts } from '@fairlead/imageio/codec';
import { GatewayError } from '@fairlead/kernel/errors';

export const MAX_REQUEST_LINE = 4096;

export interface WireRefusal {
  readonly status: number;
  readonly text: string;
}

/** What to answer when Node's parser gives a request up: the real daemon's texts, always as plain text, always ending the connection. */
export function wireRefusal(code: string | undefined, packet: Buffer | undefined): WireRefusal {
  const head = packet?.toString('latin1') ?? '';
  const [line = ''] = head.split(/\r?\n/, 1);
  if (code === 'HPE_HEADER_OVERFLOW')
    return line.length > MAX_REQUEST_LINE ? { status: 414, text: 'Request-URI Too Long' } : { status: 431, text: 'Headers Too Long' };
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return { status: 408, text: 'Request Timeout' };
  if (code === 'HPE_INVALID_METHOD') return invalidMethod(line);
  const length = /^content-length:(.*)$/im.exec(head)?.[1];
  const refusal = length === undefined ? undefined : lengthRefusal(length);
  return refusal ?? { status: 400, text: `Bad request syntax (${quoted(line)})` };
}

function invalidMethod(line: string): WireRefusal {
  const method = /^([!-~]{1,32}) \S+ HTTP\/1\.[01]$/.exec(line)?.[1];
  return method ? { status: 405, text: texts.invalidMethod(method) } : { status: 400, text: `Bad request syntax (${quoted(line)})` };
}

function lengthRefusal(value: string): WireRefusal | undefined {
  try {
    parseContentLength(value.trim());
    return undefined;
  } catch (error) {
    return { status: 400, text: GatewayError.from(error).publicText };
  }
}
