import { customersOf } from '../../service/mappings.ts';
import { fitting } from './fitting.ts';
import type { Handler } from './handler.ts';

/** The customers of the calling partner at any depth; the offset form of paging says that there are more than fit (cyberapp 2.8.4). */
export const topologyRead: Handler<'topology.read'> = {
  name: 'topology.read',
  async run({ db, caller, topologyLimit, note }) {
    const customers = await customersOf(db, caller);
    const rows = customers.map(({ id, name }) => ({ id, name }));
    const items = fitting(rows, topologyLimit);
    const limit = items.length;
    if (customers.length <= limit) return { items };
    note({ cut_to: limit, customers: customers.length });
    return { items, paging: { offset: 0, limit, total_count: customers.length } };
  },
};
