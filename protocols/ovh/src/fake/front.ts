import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Caller } from './access/gate.ts';
import { type TokenSettings, tokenAnswer } from './access/token-endpoint.ts';
import { apiAnswer } from './api.ts';
import type { CallLog } from './call-log.ts';
import type { Core } from './core.ts';
import { controlAnswer } from './door/control.ts';
import { validationAnswer } from './door/validation-page.ts';
import type { FakeClock } from './fake-clock.ts';
import type { Fault } from './faults.ts';
import { type Answer, jsonAnswer } from './http/answer.ts';
import { bodyOf, type Call, callOf } from './http/call.ts';
import { delayed, faultAnswer, replaces, send } from './http/send.ts';
import type { FakeOvhOptions } from './options.ts';
import { Refusal } from './refusal.ts';
import { ALL_ROUTES } from './routes/all.ts';
import { Router } from './routes/router.ts';
import { worded } from './wording.ts';

const BODY_LIMIT = 8 * 1024 * 1024;
const TOKEN_PATH = '/auth/oauth2/token';
const TOKEN_LIFETIME = 3599;

/** What the front needs from the server around it. */
export interface FrontParts {
  readonly options: FakeOvhOptions;
  readonly clock: FakeClock;
  readonly log: CallLog;
  readonly closed: AbortSignal;
  readonly core: () => Core;
  readonly origin: () => string;
  readonly reset: () => void;
}

/** One call on its way. */
interface Visit {
  readonly call: Call;
  readonly queryId: string;
  readonly fault: Fault | undefined;
  caller: Caller;
  verdict: string;
}

/** Takes calls, lets the right part answer them and writes down what happened. */
export class Front {
  readonly #parts: FrontParts;
  readonly #router = new Router(ALL_ROUTES);

  constructor(parts: FrontParts) {
    this.#parts = parts;
  }

  /** Never rejects. */
  async serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const call = callOf(message);
    const control = call.path.startsWith('/_fake/');
    const { faults, random } = this.#parts.core();
    const fault = control ? undefined : faults.take(call.method, call.path);
    const queryId = `SIM.ext-1.${random.hex(8)}.${process.pid}.${random.uuid()}`;
    const visit: Visit = { call, queryId, fault, caller: { kind: 'nobody' }, verdict: 'ok' };
    try {
      const answer = await this.#answer(message, visit);
      if (answer === undefined) return;
      if (!control) this.#note(visit, answer.status);
      await send(response, this.#dressed(answer, queryId), fault);
    } catch {
      response.destroy();
    }
  }

  async #answer(message: IncomingMessage, visit: Visit): Promise<Answer | undefined> {
    try {
      visit.call.body = await bodyOf(message, BODY_LIMIT);
      if (!(await delayed(visit.fault, this.#parts.closed))) return undefined;
      return this.#right(visit);
    } catch (error) {
      if (error instanceof Refusal) return this.#refused(visit, error);
      if (!message.complete) throw error;
      return this.#refused(visit, new Refusal(500, { class: 'Server::InternalServerError', message: `The fake failed: ${String(error)}` }));
    }
  }

  #right(visit: Visit): Answer {
    const { call, fault } = visit;
    if (fault !== undefined) visit.verdict = `fault: ${fault.kind}`;
    const instead = faultAnswer(fault);
    if (instead instanceof Refusal)
      return jsonAnswer(instead.status, instead.body(this.#parts.core().settings.errorStyle), instead.text.headers);
    if (instead !== undefined) return instead;
    if (replaces(fault)) return { status: 0, headers: {}, body: '' };
    const core = this.#parts.core();
    if (call.path === TOKEN_PATH) return tokenAnswer(call, core.vault, this.#tokens(core));
    if (call.api) return this.#api(visit, core);
    if (call.path.startsWith('/_fake/')) return this.#control(call, core);
    if (call.path === '/auth' || call.path === '/auth/') return validationAnswer(call, core.vault);
    return this.#refused(visit, new Refusal(404, { class: 'Client::NotFound', message: 'Got an invalid (or empty) URL' }));
  }

  #tokens({ settings }: Core): TokenSettings {
    return { clientAuth: this.#parts.options.clientAuth ?? 'both', lifetime: settings.tokenLifetime ?? TOKEN_LIFETIME };
  }

  #api(visit: Visit, core: Core): Answer {
    const { clock, options, origin } = this.#parts;
    const { vault, state, gate, quota, settings, unsettled } = core;
    return apiAnswer(visit.call, {
      router: this.#router,
      gate,
      quota,
      world: { state, vault, clock, origin: options.publicOrigin ?? origin(), settings },
      echo: options.echo ?? false,
      unsettled,
      onCaller: (caller) => {
        visit.caller = caller;
      },
    });
  }

  #control(call: Call, { vault, state, faults, quota, settings }: Core): Answer {
    const { clock, log, reset } = this.#parts;
    return controlAnswer(call, { vault, state, faults, quota, settings, clock, log: log.entries, reset });
  }

  #refused(visit: Visit, first: Refusal): Answer {
    const refusal = worded(first, this.#parts.core().unsettled, this.#parts.clock.now());
    visit.verdict = refusal.text.errorCode ?? refusal.text.class;
    return jsonAnswer(refusal.status, refusal.body(this.#parts.core().settings.errorStyle), refusal.text.headers);
  }

  #note({ call, caller, queryId, verdict }: Visit, status: number): void {
    this.#parts.log.add({
      at: this.#parts.clock.now(),
      method: call.method,
      target: call.target,
      headers: call.headers,
      body: call.body.toString('utf8'),
      status,
      verdict,
      queryId,
      ...(caller.kind === 'credential' ? { credentialId: caller.credential.credentialId } : {}),
      ...(caller.kind === 'client' ? { clientId: caller.client.clientId } : {}),
    });
  }

  #dressed(answer: Answer, queryId: string): Answer {
    const common = {
      [this.#parts.options.queryIdHeader ?? 'X-OVH-QUERYID']: queryId,
      'Cache-Control': 'no-cache, no-store',
      'X-Content-Type-Options': 'nosniff',
    };
    return { ...answer, headers: { ...common, ...answer.headers } };
  }
}
