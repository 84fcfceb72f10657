import { type Clock, systemClock } from '@fairlead/kernel/clock';
import { newUuid } from '@fairlead/kernel/ids';
import {
  answerProblems,
  type CallbackName,
  CallbackTable,
  EMPTY_REQUEST,
  endpointCti,
  formatCredentials,
  formatExtra,
  type RequestPayloads,
} from '../../codec/index.ts';
import { isObject } from '../../codec/read.ts';
import type { CallOverrides, DriverAnswer, DriverOptions, RawRequest, Sent } from './driver-options.ts';
import { exchange, type HeaderLines, type WireAnswer } from './exchange.ts';
import { type RetryPolicy, retryWaits } from './retry-policy.ts';

const TIMEOUT_MS = 30_000;
const MAX_REPEATS = 20;

type Pair = RequestPayloads['tenant_mapping.write']['modified'][number];
type Name<Group extends CallbackName> = Extract<keyof RequestPayloads, Group>;

/** Plays the callback gateway of Acronis against a handler (CyberApp 6.4). Failed calls are answers with status 0; nothing rejects. */
export class CallbackDriver {
  readonly options: DriverOptions;
  readonly #table: CallbackTable;
  readonly #clock: Clock;
  #last: Sent | undefined;

  constructor(options: DriverOptions) {
    this.options = options;
    this.#table = new CallbackTable({ ...options.registered, app: options.appCode });
    this.#clock = options.clock ?? systemClock;
  }

  /** The same gateway, for another account, tenant or data center. */
  with(other: Partial<DriverOptions>): CallbackDriver {
    return new CallbackDriver({ ...this.options, ...other });
  }

  enablementRead(over?: CallOverrides): Promise<DriverAnswer> {
    return this.call('enablement.read', undefined, over);
  }

  enablementWrite(vendorTenantId: string, acronisTenantId: string, over?: CallOverrides): Promise<DriverAnswer> {
    return this.call('enablement.write', { vendor_tenant_id: vendorTenantId, acronis_tenant_id: acronisTenantId }, over);
  }

  enablementReset(over?: CallOverrides): Promise<DriverAnswer> {
    return this.call('enablement.reset', undefined, over);
  }

  topologyRead(over?: CallOverrides): Promise<DriverAnswer> {
    return this.call('topology.read', {}, over);
  }

  tenantMappingRead(over?: CallOverrides): Promise<DriverAnswer> {
    return this.call('tenant_mapping.read', undefined, over);
  }

  /** Pairs without tenant are unlinked. */
  tenantMappingWrite(modified: readonly Pair[], over?: CallOverrides): Promise<DriverAnswer> {
    return this.call('tenant_mapping.write', { modified }, over);
  }

  partnerState(over?: CallOverrides): Promise<DriverAnswer> {
    return this.call('partner.mirroring.get_state', undefined, over);
  }

  partnerEnable(payload: RequestPayloads[Name<'partner.mirroring.enable'>], over?: CallOverrides): Promise<DriverAnswer> {
    return this.call('partner.mirroring.enable', payload, over);
  }

  partnerReset(over?: CallOverrides): Promise<DriverAnswer> {
    return this.call('partner.mirroring.reset', undefined, over);
  }

  customerState(over?: CallOverrides): Promise<DriverAnswer> {
    return this.call('customer.mirroring.get_state', undefined, over);
  }

  customerSetState(payload: RequestPayloads[Name<'customer.mirroring.set_state'>], over?: CallOverrides): Promise<DriverAnswer> {
    return this.call('customer.mirroring.set_state', payload, over);
  }

  /** A callback of the app itself: `users_read`, `user_write`, … */
  custom(name: CallbackName, payload?: unknown, over?: CallOverrides): Promise<DriverAnswer> {
    return this.call(name, payload, over);
  }

  /** Any callback by its name. @throws RangeError for one that the app has not registered */
  async call(name: CallbackName, payload: unknown, over: CallOverrides = {}): Promise<DriverAnswer> {
    return await this.#send(this.request(name, payload, over));
  }

  /** What `call` would send. @throws RangeError as it does */
  request(name: CallbackName, payload: unknown, over: CallOverrides = {}): Sent {
    const callback = this.#table.named(name);
    if (callback === undefined) throw new RangeError(`${name} is not registered`);
    const requestId = over.requestId ?? newUuid();
    const tenantId = over.tenantId ?? this.options.tenantId;
    const body = {
      type: callback.requestTypes[0] ?? EMPTY_REQUEST,
      request_id: requestId,
      created_at: new Date(this.#clock.now()).toISOString(),
      context: {
        callback_id: callback.id,
        endpoint_id: over.endpointId ?? this.#endpoint,
        tenant_id: tenantId,
        datacenter_url: over.datacenterUrl ?? this.options.datacenterUrl,
        ...over.context,
      },
      payload,
      ...over.members,
    };
    const { headers, token } = over;
    return { callback, requestId, tenantId, payload, headers, token, method: 'POST', body: JSON.stringify(body) };
  }

  /** Sends what it is given, with the usual headers where none are given. */
  async raw({ method = 'POST', headers, token, body }: RawRequest): Promise<DriverAnswer> {
    return await this.#send({ callback: undefined, requestId: '', tenantId: '', payload: undefined, headers, token, method, body });
  }

  /** Sends the last request once more, with the same `request_id`. @throws Error when there was none */
  async retry(): Promise<DriverAnswer> {
    if (this.#last === undefined) throw new Error('nothing was sent yet');
    return await this.#send(this.#last);
  }

  /** Calls, and repeats as a policy says after 429, a timeout or a connection that failed; the answers in order. */
  async persist(policy: RetryPolicy, name: CallbackName, payload?: unknown, over?: CallOverrides): Promise<readonly DriverAnswer[]> {
    const answers = [await this.call(name, payload, over)];
    for (const wait of retryWaits(policy, Math.random)) {
      const last = answers.at(-1);
      if (last?.status !== 429 && last?.failure === undefined) break;
      if (wait > 0) await this.#clock.sleep(wait);
      answers.push(await this.retry());
    }
    return answers;
  }

  get #endpoint(): string {
    return endpointCti(this.options.appCode);
  }

  async #send(sent: Sent): Promise<DriverAnswer> {
    this.#last = sent;
    const { url, ca, timeoutMs = TIMEOUT_MS, onAccepted } = this.options;
    const headers = await this.#headers(sent);
    const once = () => exchange({ method: sent.method, headers, body: sent.body }, { url, ca, timeoutMs });
    let wire = await once();
    for (let repeats = 0; repeats < MAX_REPEATS && (await this.#again(wire)); repeats += 1) wire = await once();
    const answer = judged(sent, wire);
    if (answer.accepted && sent.callback !== undefined && onAccepted !== undefined) {
      onAccepted({ name: sent.callback.name, tenantId: sent.tenantId, payload: sent.payload });
    }
    return answer;
  }

  async #again({ status, headers }: WireAnswer): Promise<boolean> {
    const seconds = Number(headers['retry-after']);
    if (status !== 429 || !(seconds >= 0)) return false;
    return (await this.options.onThrottled?.(seconds * 1000)) ?? false;
  }

  async #headers({ headers: other = {}, token = {} }: Sent): Promise<HeaderLines> {
    const { identity, password = '', extra = {}, signer } = this.options;
    const jwt = await signer?.token(token.endpointId ?? this.#endpoint, token);
    const usual: Record<string, string | readonly string[] | undefined> = {
      'content-type': 'application/json',
      authorization: jwt === undefined ? undefined : `Bearer ${jwt}`,
      'x-cyberapp-auth': identity === undefined ? undefined : formatCredentials(identity, { password }),
      'x-cyberapp-extra': formatExtra(extra),
    };
    for (const [name, value] of Object.entries(other)) usual[name.toLowerCase()] = value;
    return Object.entries(usual).flatMap(([name, value]) => {
      if (value === undefined) return [];
      return (typeof value === 'string' ? [value] : value).map((one) => [name, one] as const);
    });
  }
}

/** The answer as the gateway sees it. */
function judged({ callback, requestId }: Sent, wire: WireAnswer): DriverAnswer {
  const body = jsonOf(wire.text);
  const raw = { status: wire.status, contentType: wire.headers['content-type'], body };
  const problems = problemsOf();
  const payload = isObject(body) ? body.payload : undefined;
  return { ...wire, body, payload, requestId, problems, accepted: wire.status === 200 && problems.length === 0 };

  function problemsOf(): readonly string[] {
    if (wire.failure !== undefined) return [wire.failure === 'timeout' ? 'no answer in time' : 'no connection, or half an answer'];
    return callback === undefined ? [] : answerProblems(callback, requestId, raw);
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
