/** An object as GETALL shows its default namespace. */
export type Shown = Readonly<Record<string, string>>;

/** What clients were told, to be held against what is there. */
export class Ledger {
  /** OID to the target that it was made with. */
  readonly #made = new Map<string, string>();
  readonly #gone = new Set<string>();
  /** Targets whose whole group was acknowledged. */
  readonly #groups = new Set<string>();
  #last = 0;
  count = 0;

  made(oid: string, target: string): void {
    this.#made.set(oid, target);
    this.count += 1;
  }

  gone(target: string): void {
    this.#gone.add(target);
    this.count += 1;
  }

  group(target: string): void {
    this.#groups.add(target);
    this.count += 1;
  }

  set(value: number): void {
    this.#last = value;
    this.count += 1;
  }

  /** What is wrong with these routes and this last value: nothing, if each word that was given is kept. */
  broken(routes: Readonly<Record<string, Shown>>, value: number, groupSize: number): string[] {
    const found: string[] = [];
    const byTarget = Map.groupBy(Object.values(routes), ({ target = '' }) => target);
    for (const [oid, target] of this.#made) {
      if (routes[oid]?.target !== target) found.push(`OID ${oid} was made for ${target} and is ${routes[oid]?.target}`);
    }
    for (const target of this.#gone) if (byTarget.has(target)) found.push(`${target} was destroyed and is there`);
    for (const target of this.#groups) if (!byTarget.has(target)) found.push(`the transaction of ${target} is lost`);
    for (const [target, members] of byTarget) {
      if (isOfGroup(target) && members.length !== groupSize) found.push(`${members.length} of ${target} are there`);
    }
    // One more may have been carried out without an answer.
    if (value !== this.#last && value !== this.#last + 1) found.push(`the value is ${value}, ${this.#last} was acknowledged`);
    return found;
  }
}

/** Targets of transactions begin with 11. */
function isOfGroup(target: string): boolean {
  return target.startsWith('11.');
}
