import { OvirtError } from '../errors.ts';
import type { Parts } from '../service/parts.ts';
import { answerError, ownError } from './fault.ts';
import type { Headers, Incoming } from './request.ts';
import type { RawAnswer } from './route.ts';
import { type Sent, toSent } from './sent.ts';

/** A request outside the API: SSO, certificates, health. */
export interface PlainCall {
  readonly method: string;
  readonly query: URLSearchParams;
  readonly headers: Headers;
  /** The body as a form (`application/x-www-form-urlencoded`). */
  readonly form: URLSearchParams;
  readonly address: string;
  readonly signal: AbortSignal;
}

export interface PlainRoute {
  /** HEAD comes with GET. */
  readonly methods: readonly string[];
  /** Below the base path; case counts. */
  readonly path: string;
  handle(call: PlainCall): Promise<RawAnswer>;
}

/** A form is small. */
const MAX_FORM_BYTES = 64 * 1024;

interface Asked {
  readonly incoming: Incoming;
  readonly path: string;
  readonly signal: AbortSignal;
}

/** One call outside the API; what a route throws is a fault, but the SSO has a shape of its own and throws nothing. */
export async function answerPlain({ parts, routes }: { parts: Parts; routes: readonly PlainRoute[] }, asked: Asked): Promise<Sent> {
  const { incoming, signal } = asked;
  try {
    const route = routes.find((candidate) => candidate.path === asked.path);
    if (route === undefined) throw OvirtError('OVIRT_NO_SUCH_PATH', { path: incoming.path.slice(0, 200) });
    const method = incoming.method === 'HEAD' ? 'GET' : incoming.method;
    if (!route.methods.includes(method)) {
      throw OvirtError('OVIRT_METHOD_NOT_ALLOWED', { method: incoming.method, allow: allowed(route.methods).join(', ') });
    }
    if (incoming.body.length > MAX_FORM_BYTES) throw OvirtError('OVIRT_BODY_TOO_LARGE', { limit: MAX_FORM_BYTES });
    const { query, headers, address } = incoming;
    return toSent(
      await route.handle({ method, query, headers, address, signal, form: new URLSearchParams(incoming.body.toString('utf8')) }),
      'json',
    );
  } catch (thrown) {
    const error = ownError(thrown);
    if (error.blame !== 'caller') parts.context.log.error({ err: error, path: incoming.path }, 'request failed');
    const face = { format: incoming.accepted?.format ?? 'xml', isAction: false, isHtml: false, isBearer: false } as const;
    return { status: error.status, ...answerError(error, face) };
  }
}

function allowed(methods: readonly string[]): readonly string[] {
  return methods.includes('GET') ? [...methods, 'HEAD'] : methods;
}
