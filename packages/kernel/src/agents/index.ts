import type { Clock } from '../clock/index.ts';
import type { Store } from '../store/index.ts';

/** A KVM host that this gateway controls. */
export interface Agent {
  readonly id: string;
  readonly name: string;
  /** Every address by which the host is known in CloudStack. */
  readonly addresses: readonly string[];
  /** Base URL of the image server, for tools and the proxy. */
  readonly dataUrl: string;
  /** Base URL of the control face, mTLS. */
  readonly controlUrl: string;
  /** SHA-256 of its certificate. */
  readonly fingerprint: string;
  readonly createdMs: number;
  /** When it was last heard of. */
  readonly seenMs: number;
}

interface AgentRow {
  id: string;
  name: string;
  addresses: string;
  data_url: string;
  control_url: string;
  fingerprint: string;
  created_ms: number;
  seen_ms: number;
}

interface AgentTables {
  kernel_agents: AgentRow;
}

/** The enrolled agents, as rows. */
export class Agents {
  readonly #store: Store;
  readonly #clock: Clock;

  constructor(parts: { readonly store: Store; readonly clock: Clock }) {
    this.#store = parts.store;
    this.#clock = parts.clock;
  }

  /** Adds an agent, or changes all facts of the one with this id; it counts as seen now. */
  async put(agent: Omit<Agent, 'createdMs' | 'seenMs'>): Promise<void> {
    const now = this.#clock.now();
    const facts = {
      name: agent.name,
      addresses: JSON.stringify(agent.addresses),
      data_url: agent.dataUrl,
      control_url: agent.controlUrl,
      fingerprint: agent.fingerprint,
      seen_ms: now,
    };
    await this.#db()
      .insertInto('kernel_agents')
      .values({ id: agent.id, created_ms: now, ...facts })
      .onConflict((conflict) => conflict.column('id').doUpdateSet(facts))
      .execute();
  }

  async get(id: string): Promise<Agent | undefined> {
    const row = await this.#db().selectFrom('kernel_agents').selectAll().where('id', '=', id).executeTakeFirst();
    return row && toAgent(row);
  }

  /** All agents by name. */
  async list(): Promise<Agent[]> {
    const rows = await this.#db().selectFrom('kernel_agents').selectAll().orderBy('name').orderBy('id').execute();
    return rows.map(toAgent);
  }

  /** Notes that the agent was heard of now. */
  async seen(id: string): Promise<void> {
    await this.#db().updateTable('kernel_agents').set({ seen_ms: this.#clock.now() }).where('id', '=', id).execute();
  }

  /** Removes an agent; false when there was none. */
  async remove(id: string): Promise<boolean> {
    const gone = await this.#db().deleteFrom('kernel_agents').where('id', '=', id).executeTakeFirst();
    return gone.numDeletedRows > 0n;
  }

  #db() {
    return this.#store.tables<AgentTables>();
  }
}

function toAgent(row: AgentRow): Agent {
  return {
    id: row.id,
    name: row.name,
    addresses: JSON.parse(row.addresses) as string[],
    dataUrl: row.data_url,
    controlUrl: row.control_url,
    fingerprint: row.fingerprint,
    createdMs: row.created_ms,
    seenMs: row.seen_ms,
  };
}
