import { asRow, memberOf, textOf } from './values.ts';

/** What IAM says of a resource. */
export interface Iam {
  readonly urn?: string;
  readonly displayName?: string;
  readonly tags?: Readonly<Record<string, string>>;
}

/** Of the `iam` member of an object, or of an entry of the list of IAM, which has the same members. */
export function iamOf(value: unknown): Iam {
  const urn = textOf(value, 'urn')?.match(/^urn:[!-~]{1,500}$/)?.[0];
  const displayName = textOf(value, 'displayName');
  const tags = tagsOf(memberOf(value, 'tags'));
  return {
    ...(urn === undefined ? {} : { urn }),
    ...(displayName === undefined ? {} : { displayName }),
    ...(tags === undefined ? {} : { tags }),
  };
}

/** By name, so that two runs are the same. */
function tagsOf(value: unknown): Record<string, string> | undefined {
  const row = asRow(value);
  if (row === undefined) return undefined;
  const pairs = Object.entries(row).filter((pair): pair is [string, string] => typeof pair[1] === 'string');
  return Object.fromEntries(pairs.sort(([a], [b]) => (a < b ? -1 : 1)));
}
