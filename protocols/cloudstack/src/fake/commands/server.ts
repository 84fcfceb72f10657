import { badValue, invalid, serverApi } from '../api-error.ts';
import type { Caller } from '../caller.ts';
import type { CommandTable, Context } from '../command.ts';
import { API_TABLE } from '../data/api-table.ts';
import { SAMPLES } from '../data/samples.ts';
import { isRegistered } from '../features.ts';
import { jobClass } from '../job-class.ts';
import type { Job } from '../job-queue.ts';
import type { CloudEventRow } from '../model.ts';
import { pageOf } from '../paging.ts';
import { dateText } from '../time.ts';

/** What the server says about itself, and its jobs and events. */
export const serverCommands: CommandTable = {
  listCapabilities: (context) => ({ capability: capabilities(context.caller) }),
  listApis: (context) => listApis(context),
  queryAsyncJobResult: (context) => queryJob(context),
  listAsyncJobs: (context) => pageOf(context.params, 'asyncjobs', visibleJobs(context), (job) => jobView(context, job)),
  listEvents: (context) => pageOf(context.params, 'event', events(context), eventView),
};

function capabilities(caller: Caller): object {
  const { extensionspath, ...rest } = SAMPLES.capability;
  if (caller.role === 'a') return { ...rest, extensionspath };
  return { ...rest, allowuserviewdestroyedvm: false, allowuserexpungerecovervm: false };
}

function listApis({ cloud, caller, params }: Context): object {
  const name = params.text('name');
  const registered = Object.keys(API_TABLE).filter((api) => isRegistered(cloud, api));
  const offered = registered.filter((api) => API_TABLE[api]?.roles.includes(caller.role));
  if (name !== undefined && !registered.includes(name))
    throw serverApi(530, 'Cannot invoke "org.apache.cloudstack.api.ResponseObject.getObjectName()" because the return value is null');
  // A name that this role may not use gives the whole list (fact 13 of the recordings).
  const names = name !== undefined && offered.includes(name) ? [name] : offered;
  return { count: names.length, api: names.map(apiView) };
}

function apiView(name: string): object {
  const api = API_TABLE[name];
  const params = (api?.params ?? []).map((spec) => {
    const [param = '', type = ''] = spec.replace('!', '').split(':');
    return { name: param, description: param, type, length: 255, required: spec.endsWith('!'), related: '' };
  });
  const since = api?.since === '' ? {} : { since: api?.since };
  return {
    name,
    description: name,
    ...since,
    isasync: api?.isAsync ?? false,
    related: '',
    httprequesttype: isGet(name) ? 'GET' : 'POST',
    params,
    response: [],
  };
}

function isGet(name: string): boolean {
  return /^(list|get|query)[A-Z]/.test(name);
}

function queryJob(context: Context): object {
  const id = context.params.text('jobid');
  if (id === undefined) throw invalid('Expected parameter job id or parameters resource type and resource id');
  const job = context.cloud.jobs.get(id);
  if (job === undefined) throw badValue(context.command, 'jobid', id);
  return jobView(context, job);
}

function visibleJobs({ cloud, caller, params }: Context): Job[] {
  const wide = caller.role === 'a' && params.flag('listall');
  return cloud.jobs.pending.filter((job) => wide || job.plan.user.account === caller.account);
}

function jobView({ cloud }: Context, job: Job): object {
  const { user, instance } = job.plan;
  const { account } = user;
  const pending = { managementserverid: cloud.managementServerId, managementservername: 'localhost' };
  const failure = job.status === 2 ? (job.result as { errorcode: number }).errorcode : 0;
  return {
    accountid: account.id,
    account: account.name,
    domainid: account.domain.id,
    domainpath: account.domain.path,
    userid: user.id,
    cmd: jobClass(job.plan.command, account.type === 1),
    jobprocstatus: 0,
    jobresultcode: failure,
    ...(job.result === undefined ? {} : { jobresulttype: 'object', jobresult: job.result }),
    ...(instance === undefined ? {} : { jobinstancetype: instance.type }),
    ...(instance?.id === undefined ? {} : { jobinstanceid: instance.id }),
    ...(job.status === 0 ? pending : {}),
    created: dateText(job.created),
    ...(job.completed === undefined ? {} : { completed: dateText(job.completed) }),
    jobid: job.id,
    jobstatus: job.status,
  };
}

function events({ cloud, caller, params }: Context): CloudEventRow[] {
  const id = params.text('id');
  const wide = caller.role === 'a' && params.flag('listall');
  return cloud.events.filter((row) => (wide || row.account === caller.account) && (id ?? row.id) === row.id).toReversed();
}

function eventView(row: CloudEventRow): object {
  const { parentid: _parent, ...rest } = SAMPLES.event;
  const { account, resource } = row;
  return {
    ...rest,
    id: row.id,
    username: row.username,
    type: row.type,
    level: 'INFO',
    description: row.description,
    account: account.name,
    domainid: account.domain.id,
    domain: account.domain.name,
    domainpath: account.domain.path,
    ...(resource === undefined ? {} : { resourceid: resource.id, resourcetype: resource.type, resourcename: resource.name }),
    created: dateText(row.created),
    state: 'Completed',
  };
}
