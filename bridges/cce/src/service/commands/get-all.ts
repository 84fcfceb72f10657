import type { Answer } from '../../map/answer.ts';
import type { Search } from '../../map/command.ts';
import { isSuccess } from '../../map/reply.ts';
import { passed, toldBy } from './answers.ts';
import { type Call, withConnection } from './call.ts';
import { find } from './find.ts';
import { showObjects } from './show-objects.ts';

/** GETALL without class and list (cce 6.12). */
export const NOTHING_NAMED: Answer = { status: 403, message: "Missing or invalid 'oids' or 'args'" };

/** GETALL of credentials that do not hold: the seed's form, with the status of a success (cce 6.12). */
export const GETALL_REFUSED: Answer = {
  status: 201,
  message: 'GOODBYE',
  passed: true,
  data: { errors: [{ code: 401, message: 'FAIL' }], oid: '-1' },
};

/** GETALL of what a search finds: one FIND and one reading of all objects, however many there are. */
export function answerGetAll(call: Call, search: Search): Promise<Answer> {
  return withConnection(call, async (connection) => {
    const { reply, oids, total } = await find(call, connection, search);
    if (!isSuccess(reply)) return passed(call, reply);
    const views = await connection.readObjects(oids, call.signal);
    const objects = showObjects(call, views, search.props);
    const oidlist = search.sort === undefined ? undefined : views.map(({ oid }) => oid);
    return { status: 201, message: 'OK', data: { objects, oidlist, count: search.count ? total : undefined, ...toldBy(call, reply) } };
  });
}

/** GETALL of named objects, in the order of the request; those that are not there are left out. */
export function answerGetAllOf(call: Call, oids: readonly string[], props: readonly string[] | undefined): Promise<Answer> {
  return withConnection(call, async (connection) => {
    const views = await connection.readObjects([...new Set(oids)], call.signal);
    return { status: 201, message: 'OK', data: { objects: showObjects(call, views, props) } };
  });
}
