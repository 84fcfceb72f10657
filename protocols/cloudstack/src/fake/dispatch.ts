import { ApiError, MASKED, serverApi } from './api-error.ts';
import { type AuthSettings, authenticate } from './authenticate.ts';
import { type Caller, callerOf } from './caller.ts';
import type { Cloud } from './cloud.ts';
import type { Context, JobStart } from './command.ts';
import { COMMANDS } from './commands/index.ts';
import { API_TABLE } from './data/api-table.ts';
import { envelopeOf } from './envelope.ts';
import type { Fault } from './faults.ts';
import { isRegistered } from './features.ts';
import type { JobFault } from './job-queue.ts';
import { ParamReader } from './param-reader.ts';
import type { FakeRequest } from './request.ts';
import type { Sessions } from './sessions.ts';
import type { Throttle } from './throttle.ts';
import { lockedVm } from './vm-lock.ts';

/** What a call is answered from. */
interface Dispatcher {
  readonly cloud: Cloud;
  readonly sessions: Sessions;
  readonly throttle: Throttle;
  readonly settings: AuthSettings;
}

/** An answer before it is written. */
export interface Reply {
  readonly status: number;
  readonly envelope: string;
  readonly inner: object;
  /** `X-Description`; authentication errors have none. */
  readonly description?: string | undefined;
}

/** Who called, as far as it is known when an error is worded. */
interface Known {
  role?: Caller['role'];
}

/** Runs one command of the table. */
export async function dispatch(dispatcher: Dispatcher, request: FakeRequest, fault: Fault | undefined): Promise<Reply> {
  const command = request.params.get('command');
  const envelope = envelopeOf(command);
  const known: Known = {};
  try {
    const inner = await execute(dispatcher, request, { fault, known });
    return { status: 200, envelope, inner };
  } catch (error) {
    if (error instanceof ApiError) return errorReply(error, envelope, known.role);
    throw error;
  }
}

/** An error as the server writes it; 530 of a `CloudRuntimeException` is masked for all but root admins. */
export function errorReply(error: ApiError, envelope: string, role?: Caller['role']): Reply {
  const { errorcode, cserrorcode } = error;
  const errortext = errorcode === 530 && cserrorcode === 4250 && role !== 'a' ? MASKED : error.message;
  // An exception without a message gives an error without a text (fact 6 of the recordings).
  const text = errortext === '' ? {} : { errortext };
  const inner = { uuidList: [], errorcode, ...(cserrorcode === undefined ? {} : { cserrorcode }), ...text };
  const description = cserrorcode === undefined || errortext === '' ? undefined : errortext;
  return { status: errorcode, envelope: error.envelope ?? envelope, inner, description };
}

async function execute(dispatcher: Dispatcher, request: FakeRequest, extra: { fault: Fault | undefined; known: Known }): Promise<object> {
  const { cloud, sessions, throttle, settings } = dispatcher;
  const { user } = authenticate(cloud, sessions, request, settings);
  const caller = callerOf(user);
  extra.known.role = caller.role;
  const command = request.params.get('command') ?? '';
  throttle.check(caller);
  const run = COMMANDS[command];
  const api = isRegistered(cloud, command) ? API_TABLE[command] : undefined;
  if (api === undefined) throw serverApi(432, `Unknown API command: ${command}`, 'errorresponse');
  if (!api.roles.includes(caller.role)) throw notAvailable(command, caller);
  if (settings.enforceTimestamps && request.method === 'GET' && !/^(list|get|query|is)[A-Z]/.test(command))
    throw serverApi(400, `State changing command ${command} needs to be sent using POST request`);
  const params = new ParamReader(cloud, command, request.params);
  params.check();
  if (run === undefined) throw serverApi(530, `This fake of CloudStack does not simulate the API [${command}].`);
  const job = (start: JobStart) => startJob({ cloud, caller, command, params }, start, extra.fault);
  return await run({ cloud, caller, command, params, throttle, job });
}

function notAvailable(command: string, caller: Caller): ApiError {
  const text = `The API [${command}] does not exist or is not available for the account ${caller.account.name}.`;
  return serverApi(432, text, 'errorresponse');
}

function startJob(context: Pick<Context, 'cloud' | 'caller' | 'command' | 'params'>, start: JobStart, fault: Fault | undefined): object {
  const { cloud, caller, command } = context;
  let id = '';
  // Only instances and volumes say in a job's result which job it was.
  const tells = start.instance?.type === 'VirtualMachine' || start.instance?.type === 'Volume';
  const run = async () => (tells ? withJob(await start.run(), id) : await start.run());
  const vm = lockedVm(context, start);
  const freeAt = vm === undefined ? undefined : () => cloud.backups.freeAt(vm);
  const plan = { command, user: caller.user, instance: start.instance, begin: start.begin, freeAt, run };
  const job = cloud.jobs.start(plan, jobFault(fault));
  id = job.id;
  return start.id === undefined ? { jobid: id } : { id: start.id, jobid: id };
}

/** `{success: true}` and an expunged instance do not say it. */
function withJob(result: object, jobid: string): object {
  const [entry] = Object.entries(result) as Array<[string, unknown]>;
  if (entry === undefined || typeof entry[1] !== 'object' || entry[1] === null || !('id' in entry[1])) return result;
  const { jobid: _id, jobstatus: _status, ...rest } = entry[1] as Record<string, unknown>;
  return { [entry[0]]: { ...rest, jobid, jobstatus: 0 } };
}

function jobFault(fault: Fault | undefined): JobFault | undefined {
  if (fault?.kind === 'job-hang') return 'hang';
  if (fault?.kind === 'job-lost') return fault.effect === false ? 'lost-undone' : 'lost';
  return fault?.kind === 'job' ? { errorcode: fault.errorcode, errortext: fault.errortext } : undefined;
}
