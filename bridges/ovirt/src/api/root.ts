import { booleanParameter, CONTENT_TYPES, writeXsd } from '@fairlead/ovirt/codec';
import { OvirtError } from '../errors.ts';
import { rootLinks, toApi } from '../map/api.ts';
import type { Parts } from '../service/parts.ts';
import { summaryFor } from '../service/summary.ts';
import type { Answer, Call, Route } from './route.ts';

/** The root of the API (ovirt 2.9, 5.1). */
export function rootRoutes(parts: Parts): readonly Route[] {
  return [
    { method: 'GET', path: '/', handle: (call) => answerRoot(parts, call) },
    { method: 'HEAD', path: '/', handle: async () => answerHead(parts) },
  ];
}

async function answerRoot(parts: Parts, { caller, query }: Call): Promise<Answer> {
  if (wants(query, 'schema')) return { status: 200, raw: { contentType: CONTENT_TYPES.xml, body: writeXsd() } };
  if (wants(query, 'rsdl')) throw OvirtError('OVIRT_NO_SUCH_PATH', { path: '?rsdl' });
  const summary = await summaryFor(parts.inventory, caller);
  const facts = { instanceId: await parts.instanceId(), userId: caller.subject, summary, time: parts.context.clock.now() };
  return { status: 200, type: 'api', object: toApi(facts, parts.href) };
}

/** `Link: <…/vms>; rel=vms, …`, which old clients read instead of the body. */
function answerHead(parts: Parts): Answer {
  const link = rootLinks(parts.href)
    .map(({ href, rel }) => `<${href}>; rel=${rel}`)
    .join(', ');
  return { status: 200, raw: { contentType: CONTENT_TYPES.xml, body: '', headers: { link } } };
}

function wants(query: URLSearchParams, name: string): boolean {
  return booleanParameter(name, query.get(name) ?? undefined) ?? false;
}
