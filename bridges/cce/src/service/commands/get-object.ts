import type { Answer } from '../../map/answer.ts';
import type { Search } from '../../map/command.ts';
import type { Answerable } from '../../map/json.ts';
import { isSuccess, messageOf } from '../../map/reply.ts';
import { composed, passed, withTexts } from './answers.ts';
import { type Call, execute, withConnection } from './call.ts';
import { find } from './find.ts';
import { shown } from './objects.ts';

const NONE: Answer = { status: 404, message: 'Object not found' };

/** GETOBJECT (cce 6.11): the first that FIND gives, read at once. */
export function answerGetObject(call: Call, search: Search, namespace: string): Promise<Answer> {
  return withConnection(call, async (connection) => {
    const { reply: found, oids } = await find(call, connection, search);
    const unknown = found.lines.filter(({ code }) => code === 301).map(messageOf);
    if (unknown.length > 0) return { ...NONE, data: { errors: withTexts(call, unknown) } };
    if (!isSuccess(found)) return passed(call, found);
    const [oid] = oids;
    if (oid === undefined) return NONE;
    const operation = { verb: 'GET', oid, namespace } as const;
    const reply = await execute(call, connection, operation);
    if (reply.lines.some(({ code }) => code === 300)) return NONE;
    const data = await shown(call, connection, operation, reply);
    return composed(call, reply, { DATA: call.parts.settings.lowercaseGetobject ? withSmallNames(data) : projected(data, search.props) });
  });
}

function projected(data: Answerable, props: readonly string[] | undefined): Answerable {
  return props === undefined || !(data instanceof Map) ? data : new Map([...data].filter(([key]) => props.includes(key)));
}

function withSmallNames(data: Answerable): Answerable {
  return data instanceof Map ? new Map([...data].map(([key, value]) => [key.toLowerCase(), value])) : data;
}
