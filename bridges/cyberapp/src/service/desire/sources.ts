import type { Clock } from '@fairlead/kernel/clock';
import { newUuid } from '@fairlead/kernel/ids';
import type { Store } from '@fairlead/kernel/store';
import { CyberappError } from '../../errors.ts';
import { assign, type Rule, RuleIndex, type SourcedItem } from '../../map/assignment.ts';
import { SOURCE_NAMES, selectorProblem } from '../../map/selectors.ts';
import { workloadOf } from '../../map/workload.ts';
import { lockedWhere } from '../../store/queries.ts';
import type { CyberappTables, SourceName, SourceRow } from '../../store/tables.ts';
import { type DesireProblem, sourcedItems } from './collect.ts';
import { askAll, DEADLINE_MS, type Inventories, type Told } from './inventories.ts';

export interface NewSource {
  readonly organizationId: string;
  readonly source: string;
  readonly kind: string;
  readonly selector: string;
  /** Of several rules that fit, the highest holds; 0 to 1 000 000, default 0. */
  readonly priority?: number | undefined;
}

export interface SourcesParts {
  readonly store: Store;
  readonly clock: Clock;
  /** What is asked for items; called at each use. */
  readonly inventories: () => Inventories;
  /** For each source; default 60 s. */
  readonly deadlineMs?: number;
}

/** Whose an item is, and by which rules. */
export interface Explanation {
  readonly source: SourceName;
  readonly name: string;
  /** Whether it would be a workload at all. */
  readonly isWorkload: boolean;
  /** Every selector by which a rule can name it. */
  readonly selectors: SourcedItem['item']['owner'];
  /** All that fit; the first holds. */
  readonly rules: readonly Rule[];
}

export interface Unassigned {
  readonly items: readonly SourcedItem[];
  /** Sources that have not told everything. */
  readonly problems: readonly DesireProblem[];
}

const MOST_PRIORITY = 1_000_000;

/** The rules of what belongs to whom (cyberapp 5.1). Every refusal is CYBERAPP_SOURCE. */
export class Sources {
  readonly #parts: SourcesParts;

  constructor(parts: SourcesParts) {
    this.#parts = parts;
  }

  /** By source, then the oldest first. */
  list(organizationId?: string): Promise<readonly SourceRow[]> {
    const query = this.#parts.store.tables<CyberappTables>().selectFrom('cyberapp_sources').selectAll();
    const some = organizationId === undefined ? query : query.where('organization_id', '=', organizationId.toLowerCase());
    return some.orderBy('source').orderBy('created_ms').orderBy('id').execute();
  }

  /** Only customers own something, and a selector is theirs alone. */
  async add({ organizationId, source, kind, selector, priority = 0 }: NewSource): Promise<SourceRow> {
    const name = SOURCE_NAMES.find((known) => known === source);
    if (name === undefined) throw refusal(`there are the sources ${SOURCE_NAMES.join(', ')}`);
    const problem = selectorProblem(name, kind, selector);
    if (problem !== undefined) throw refusal(problem);
    if (!Number.isInteger(priority) || priority < 0 || priority > MOST_PRIORITY) throw refusal(`a priority is 0 to ${MOST_PRIORITY}`);
    const { store, clock } = this.#parts;
    const row: SourceRow = {
      ...{ id: newUuid(), organization_id: organizationId.toLowerCase(), source: name },
      ...{ selector_kind: kind, selector, priority, created_ms: clock.now() },
    };
    return await store.transaction<CyberappTables, SourceRow>(async (trx) => {
      const query = trx.selectFrom('cyberapp_organizations').select('kind').where('id', '=', row.organization_id);
      const owner = await lockedWhere(store)(query).executeTakeFirst();
      if (owner === undefined) throw refusal(`there is no organization ${organizationId}`);
      if (owner.kind !== 'customer') throw refusal('only a customer can own something');
      const made = await trx
        .insertInto('cyberapp_sources')
        .values(row)
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirst();
      if (made.numInsertedOrUpdatedRows !== 1n) throw refusal(`there is a rule for ${kind} ${selector} of ${source} already`);
      return row;
    });
  }

  /** Undefined when there was none. */
  async remove(id: string): Promise<SourceRow | undefined> {
    const [gone] = await this.#parts.store
      .tables<CyberappTables>()
      .deleteFrom('cyberapp_sources')
      .where('id', '=', id.toLowerCase())
      .returningAll()
      .execute();
    return gone;
  }

  /** Undefined when no source has an item of this key. */
  async explain(itemKey: string, signal: AbortSignal): Promise<Explanation | undefined> {
    const found = (await this.#ask(signal)).flatMap(({ source, items }) =>
      items.filter(({ key }) => key === itemKey).map((item): SourcedItem => ({ source, item })),
    )[0];
    if (found === undefined) return undefined;
    const { source, item } = found;
    const rules = new RuleIndex(await this.list()).rulesFor(found);
    return { source, name: item.name, isWorkload: workloadOf(item, source) !== undefined, selectors: item.owner, rules };
  }

  /** What would be a workload, if a rule said whose. */
  async unassigned(signal: AbortSignal): Promise<Unassigned> {
    const told = await this.#ask(signal);
    const { unassigned } = assign(sourcedItems(told), await this.list());
    return {
      items: unassigned.filter(({ item, source }) => workloadOf(item, source) !== undefined),
      problems: told.flatMap(({ source, reason }) => (reason === undefined ? [] : [{ source, text: reason }])),
    };
  }

  #ask(signal: AbortSignal): Promise<readonly Told[]> {
    const { clock, inventories, deadlineMs = DEADLINE_MS } = this.#parts;
    return askAll(inventories(), { clock, deadlineMs }, signal);
  }
}

function refusal(reason: string): Error {
  return CyberappError('CYBERAPP_SOURCE', { reason });
}
