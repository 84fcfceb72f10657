import { customersOf } from '../../service/mappings.ts';
import type { Handler } from './handler.ts';

/** The customers of the calling partner at any depth; the offset form of paging says that there are more than fit (cyberapp 2.8.4). */
export const topologyRead: Handler<'topology.read'> = {
  name: 'topology.read',
  async run({ db, caller, topologyLimit: limit, note }) {
    const customers = await customersOf(db, caller);
    const items = customers.slice(0, limit).map(({ id, name }) => ({ id, name }));
    if (customers.length <= limit) return { items };
    note({ cut_to: limit, customers: customers.length });
    return { items, paging: { offset: 0, limit, total_count: customers.length } };
  },
};
