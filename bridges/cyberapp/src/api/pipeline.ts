import { type RequestToken, tokenFits } from '@fairlead/acronis';
import {
  belongsTo,
  type Callback,
  type CallbackRequest,
  type CallbackTable,
  parseCredentials,
  parseDatacenterUrl,
  parseExtra,
  payloadProblem,
  readEnvelope,
} from '@fairlead/acronis/codec';
import type { GatewayError } from '@fairlead/kernel/errors';
import { CyberappError } from '../errors.ts';
import type { Caller, Datacenter } from '../service/caller.ts';
import { type KeptAnswer, Replays, writeDigest } from '../service/replay.ts';
import type { Authenticator } from '../service/security/authenticator.ts';
import type { Users } from '../service/users.ts';
import { readingWork, type Work } from '../service/work.ts';
import { type Answer, answerable, refusal, success } from './answers.ts';
import type { CallBase } from './callbacks/handler.ts';
import { mirroredHandlers } from './callbacks/mirrored-table.ts';
import { handlers } from './callbacks/table.ts';
import { atStep, Refused, type Step } from './rules/step.ts';

/** A request whose head was let in. */
export interface AdmittedRequest {
  readonly token: RequestToken | undefined;
  readonly body: Uint8Array;
  readonly credentials: string | undefined;
  readonly extra: string | undefined;
}

export interface PipelineOptions {
  readonly store: Work['store'];
  readonly table: CallbackTable;
  readonly authenticator: Authenticator;
  readonly users: Users;
  readonly datacenterHosts: readonly string[] | undefined;
  readonly topologyLimit: number;
  readonly replayKeepMs: number;
}

/** What became of a request: for the answer, and for whoever looks later. */
export interface Outcome {
  readonly answer: Answer;
  readonly callback?: Callback | undefined;
  readonly request?: CallbackRequest | undefined;
  readonly datacenter?: Datacenter | undefined;
  readonly caller?: Caller | undefined;
  /** As it was given, whether there is such a one or not. */
  readonly login?: string | undefined;
  readonly replayed: boolean;
  /** The id that was asked for, when only its minor version is another one than the registered. */
  readonly drifted?: string | undefined;
  /** Ids and counts of the effect. */
  readonly facts: Readonly<Record<string, string | number | boolean>>;
  /** Absent: it was carried out. */
  readonly refusedAt?: Step | undefined;
  readonly reason?: string | undefined;
  /** The error behind a refusal. */
  readonly error?: GatewayError | undefined;
}

/** Bytes of a request for a callback that is not known. */
const MAX_UNKNOWN = 65_536;

/** What is known so far, for the audit of a request that is refused on its way. */
interface Progress {
  request?: CallbackRequest;
  requestId?: string | undefined;
  callback?: Callback;
  datacenter?: Datacenter;
  caller?: Caller;
  login?: string;
  drifted?: string;
  replayed: boolean;
  readonly facts: Record<string, string | number | boolean>;
}

/** Steps 5 to 16 of cyberapp 2.11: from the bytes of a body to an answer. Never rejects. */
export class Pipeline {
  readonly #options: PipelineOptions;
  readonly #replays: Replays;

  constructor(options: PipelineOptions) {
    this.#options = options;
    this.#replays = new Replays(options.store);
  }

  async run(admitted: AdmittedRequest): Promise<Outcome> {
    const progress: Progress = { replayed: false, facts: {} };
    try {
      const answer = await this.#answer(admitted, progress);
      return { ...progress, answer };
    } catch (thrown) {
      const refused = thrown instanceof Refused ? thrown : new Refused('internal', thrown);
      const error = answerable(refused.cause);
      const answer = refused.kept ?? refusal(error, progress.request?.requestId ?? progress.requestId, progress.callback);
      return { ...progress, answer, refusedAt: refused.step, reason: refused.reason, error };
    }
  }

  async #answer(admitted: AdmittedRequest, progress: Progress): Promise<Answer> {
    const request = this.#read(admitted, progress);
    const known = this.#options.table.find(request.context.callbackId)?.value;
    const callback = known?.caller === 'token' ? known : undefined;
    const caller = callback === undefined ? await this.#authenticate(admitted, request, progress) : undefined;
    if (callback !== undefined) this.#admitUnnamed(admitted, request);
    const chosen = this.#choose(request, caller, progress);
    return await this.#carryOut(chosen, request, progress);
  }

  /** Steps 5 to 8. */
  #read({ token, body }: AdmittedRequest, progress: Progress): CallbackRequest {
    const read = readEnvelope(body);
    if (!read.ok) {
      progress.requestId = read.requestId;
      throw new Refused('body', CyberappError('CYBERAPP_MALFORMED', { reason: read.text }), { reason: read.problem });
    }
    const request = read.value;
    progress.request = request;
    const { endpointId, datacenterUrl, callbackId } = request.context;
    const { table, datacenterHosts } = this.#options;
    if (body.length > (table.find(callbackId)?.value.maxBody ?? MAX_UNKNOWN))
      throw new Refused('size', CyberappError('CYBERAPP_TOO_LARGE'));
    const fits = token === undefined ? belongsTo(endpointId, table.app) : tokenFits(token, endpointId, table.app);
    if (!fits) throw new Refused('scope', CyberappError('CYBERAPP_TOKEN_INVALID'));
    const datacenter = parseDatacenterUrl(datacenterUrl, datacenterHosts);
    if (datacenter === undefined) throw new Refused('datacenter', CyberappError('CYBERAPP_DATACENTER_REFUSED'));
    progress.datacenter = datacenter;
    return request;
  }

  /** Steps 9 to 12. */
  async #authenticate({ credentials, extra }: AdmittedRequest, request: CallbackRequest, progress: Progress): Promise<Caller> {
    const read = parseCredentials(credentials);
    if (!read.ok) throw new Refused('credentials', CyberappError('CYBERAPP_UNAUTHENTICATED'), { reason: read.problem });
    refuseBadExtra(extra);
    progress.login = read.value.identity;
    const { user, organization } = await this.#known(read.value, request.context.tenantId);
    const datacenter = progress.datacenter as Datacenter;
    const caller: Caller = {
      organization,
      user,
      tenantId: request.context.tenantId,
      datacenter,
      requestId: request.requestId.toLowerCase(),
    };
    progress.caller = caller;
    if (organization.state !== 'active') throw new Refused('organization', CyberappError('CYBERAPP_FORBIDDEN'), { reason: 'suspended' });
    return caller;
  }

  /** Of a mirrored callback: nobody shows an account, the rest is the same. */
  #admitUnnamed({ extra }: AdmittedRequest, { context }: CallbackRequest): void {
    refuseBadExtra(extra);
    this.#options.authenticator.countCall(context.tenantId);
  }

  async #known(...who: Parameters<Authenticator['authenticate']>) {
    try {
      return await this.#options.authenticator.authenticate(...who);
    } catch (error) {
      const isLocked = CyberappError.is(error, 'CYBERAPP_LOCKED') || CyberappError.is(error, 'CYBERAPP_BUSY');
      throw new Refused(isLocked ? 'locked' : 'password', error);
    }
  }

  /** Steps 13 and 14, and whether this kind of organization may call it. */
  #choose(request: CallbackRequest, caller: Caller | undefined, progress: Progress): Callback {
    const found = this.#options.table.find(request.context.callbackId);
    if (found === undefined) throw new Refused('callback', CyberappError('CYBERAPP_CALLBACK_UNKNOWN'));
    const callback = found.value;
    progress.callback = callback;
    if (found.drifted) progress.drifted = request.context.callbackId;
    if (callback.caller === 'partner' && caller?.organization.kind !== 'partner')
      throw new Refused('organization', CyberappError('CYBERAPP_FORBIDDEN'), { reason: 'customer' });
    if (!this.#options.table.takes(callback, request.type))
      throw new Refused('callback', CyberappError('CYBERAPP_MALFORMED', { reason: 'The request has the type of another callback.' }), {
        reason: 'type',
      });
    const problem = payloadProblem(callback, request.payload);
    if (problem === undefined) return callback;
    const isDeclared = callback.errors.some(({ status }) => status === 422);
    const detail = { reason: problem.text, field: problem.field, ...(isDeclared && { declared: 'invalid_field' }) };
    throw new Refused('payload', CyberappError('CYBERAPP_PAYLOAD_INVALID', detail), { reason: problem.field });
  }

  /** Steps 15 and 16. */
  async #carryOut(callback: Callback, request: CallbackRequest, progress: Progress): Promise<Answer> {
    const { store } = this.#options;
    const carryOut = async (work: Work): Promise<Answer> =>
      success(callback, request.requestId, await this.#handle(callback, request, { work, progress }));
    if (callback.effect === 'read') return await atStep('effect', () => carryOut(readingWork(store)));
    const { caller, datacenter } = progress;
    const { tenantId } = request.context;
    const write = {
      // A mirrored callback has no organization: its tenant stands for it.
      organizationId: caller?.organization.id ?? tenantId,
      requestId: request.requestId.toLowerCase(),
      callbackId: callback.id,
      digest: writeDigest({ payload: payloadOf(callback, request), tenantId, datacenterId: datacenter?.id ?? '' }),
      keepMs: this.#options.replayKeepMs,
    };
    let failure: unknown;
    const kept = (error: unknown): KeptAnswer | undefined => {
      failure = error;
      const own = answerable(error);
      return [403, 404, 409].includes(own.status) ? refusal(own, request.requestId, callback) : undefined;
    };
    const { answer, replayed } = await this.#replays.once(write, carryOut, kept).catch((error: unknown) => {
      throw new Refused(CyberappError.is(error, 'CYBERAPP_REPLAY_MISMATCH') ? 'replay' : 'effect', error);
    });
    progress.replayed = replayed;
    if (failure !== undefined && !replayed) throw new Refused('effect', failure, { kept: answer });
    return answer;
  }

  #handle(callback: Callback, request: CallbackRequest, { work, progress }: { work: Work; progress: Progress }): Promise<unknown> {
    const { users, topologyLimit } = this.#options;
    const base: CallBase = { ...work, users, topologyLimit, note: (facts) => Object.assign(progress.facts, facts) };
    const { requestId, context } = request;
    const { caller, datacenter } = progress;
    const payload = payloadOf(callback, request);
    const mirrored = mirroredHandlers.get(callback.name);
    if (mirrored !== undefined && datacenter !== undefined)
      return mirrored.run({ ...base, tenantId: context.tenantId, datacenter, requestId, payload: payload as never });
    const handler = handlers.get(callback.name);
    if (handler === undefined || caller === undefined) throw CyberappError('CYBERAPP_CALLBACK_UNKNOWN');
    return handler.run({ ...base, caller, payload: payload as never });
  }
}

/** What a callback does not define is passed over. */
function payloadOf({ request: schema }: Callback, { payload }: CallbackRequest): unknown {
  return schema === undefined ? undefined : (payload ?? {});
}

function refuseBadExtra(extra: string | undefined): void {
  const read = extra === undefined ? undefined : parseExtra(extra);
  if (read?.ok !== false) return;
  throw new Refused('extra', CyberappError('CYBERAPP_MALFORMED', { reason: 'X-CyberApp-Extra cannot be read.' }), { reason: read.problem });
}
