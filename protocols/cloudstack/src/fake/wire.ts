import type { Reply } from './dispatch.ts';
import type { WireReply } from './server.ts';
import { toXml } from './xml.ts';

export const JSON_TYPE = 'application/json;charset=utf-8';
const XML_TYPE = 'text/xml;charset=utf-8';

/** An answer in the format that was asked for; XML unless that is JSON. */
export function toWire(reply: Reply, json: boolean): WireReply {
  const headers = reply.description === undefined ? undefined : { 'X-Description': headerText(reply.description) };
  const body = json ? JSON.stringify({ [reply.envelope]: reply.inner }) : toXml(reply.envelope, reply.inner, !isUnauthenticated(reply));
  return { status: reply.status, contentType: json ? JSON_TYPE : XML_TYPE, body, headers };
}

/** Errors of authentication do not name the server's version. */
function isUnauthenticated({ status, inner }: Reply): boolean {
  return status >= 400 && !('cserrorcode' in inner);
}

function headerText(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, ' ');
}
