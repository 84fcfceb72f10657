interface Named {
  readonly id: string;
  readonly name: string;
  readonly account?: string | undefined;
  readonly project?: string | undefined;
}

/**
 * A name for each id that no other of the list has: oVirt names are unique, CloudStack's are not (ovirt 5.7.2). A name that occurs
 * twice gets its owner, and where that is not enough the first block of its id; so it stays the same between calls.
 */
export function uniqueNames(items: readonly Named[]): ReadonlyMap<string, string> {
  const owned = (item: Named) => `${item.name} (${item.project ?? item.account ?? item.id.slice(0, 8)})`;
  const plain = countBy(items, (item) => item.name);
  const withOwner = countBy(items, owned);
  return new Map(
    items.map((item) => {
      if (plain.get(item.name) === 1) return [item.id, item.name];
      const name = owned(item);
      return [item.id, withOwner.get(name) === 1 ? name : `${name.slice(0, -1)}, ${item.id.slice(0, 8)})`];
    }),
  );
}

function countBy(items: readonly Named[], key: (item: Named) => string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(key(item), (counts.get(key(item)) ?? 0) + 1);
  return counts;
}
