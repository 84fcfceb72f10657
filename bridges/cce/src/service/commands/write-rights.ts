import { isSuccess, oidsOf, valuesOf } from '../../map/reply.ts';
import { type Call, execute, withConnection } from './call.ts';

/** What the caller may write. */
export interface WriteRights {
  /** Whether the expression of an ACL lets him: for every object, for none, or `object` when that decides it. */
  of(acl: string): boolean | 'object';
}

/** Looks up who calls. */
export async function writeRights(call: Call): Promise<WriteRights> {
  const values = await withConnection(call, async (connection) => {
    const [oid = '-1'] = oidsOf(await execute(call, connection, { verb: 'WHOAMI' }));
    if (oid === '-1') return new Map<string, string>();
    const reply = await execute(call, connection, { verb: 'GET', oid, namespace: '' });
    return isSuccess(reply) ? valuesOf(reply) : new Map<string, string>();
  });
  const isSysadmin = !['', '0'].includes(values.get('systemAdministrator') ?? '');
  const capabilities = values.get('capabilities') ?? '';
  return { of: (acl) => rightBy(acl, { isSysadmin, isUser: values.size > 0, capabilities }) };
}

interface Who {
  readonly isSysadmin: boolean;
  readonly isUser: boolean;
  readonly capabilities: string;
}

const WHOLLY = /^(ruleAll|ruleUser|ruleAdmin|ruleCapable\(\s*(\w+)\s*\))$/i;

/** An expression of several rules, and one that looks at the object, is only decided there (cce 3.3). */
function rightBy(acl: string, { isSysadmin, isUser, capabilities }: Who): boolean | 'object' {
  const rule = acl.trim();
  if (isSysadmin) return true;
  if (rule === '') return false;
  const [, name, capability] = WHOLLY.exec(rule) ?? [];
  if (name === undefined) return isUser || /ruleAll/i.test(rule) ? 'object' : false;
  if (capability !== undefined) return capabilities.includes(`&${capability}&`);
  if (name.toLowerCase() === 'ruleadmin') return false;
  return name.toLowerCase() === 'ruleall' || isUser;
}
