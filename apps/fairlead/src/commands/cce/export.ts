import type { Operation, Reply } from '@fairlead/cscp/codec';
import { CliError } from '../../cli-errors.ts';
import type { Output } from '../../output.ts';
import { type CceLink, type LinkOptions, openLink } from './link.ts';

/** No key of an object of its own, but shown with it (cce 0.2). */
const MAGIC: ReadonlySet<string> = new Set(['OID', 'CLASS', 'NAMESPACE', 'CLASSVER']);
/** A database may be large. */
const LIMIT_MS = 3_600_000;

/**
 * Prints every object of the classes, or of all, as JSON lines that `[cce] fixtures` takes: so a database moves from a cced to the embedded engine.
 * Throws `CLI_CCE_FAILED` when something cannot be read.
 */
export async function exportObjects(classes: readonly string[], options: LinkOptions, output: Output): Promise<void> {
  await using link = await openLink(options, AbortSignal.timeout(LIMIT_MS));
  const names =
    classes.length > 0 ? classes : (await ask(link, { verb: 'CLASSES' })).flatMap((line) => (line.code === 110 ? [line.class] : []));
  for (const name of names) {
    const namespaces = (await ask(link, { verb: 'NAMES', of: name })).flatMap((line) => (line.code === 105 ? [line.namespace] : []));
    const found = await ask(link, { verb: 'FIND', class: name, criteria: [] });
    for (const line of found) if (line.code === 104) output.print(JSON.stringify(await readObject(link, line.oid, name, namespaces)));
  }
}

async function readObject(link: CceLink, oid: string, name: string, namespaces: readonly string[]): Promise<object> {
  const values = await Promise.all(
    ['', ...namespaces].map(async (namespace) => {
      const lines = await ask(link, { verb: 'GET', oid, namespace });
      const own = lines.flatMap((line) => (line.code === 102 && !MAGIC.has(line.key) ? [[line.key, line.value] as const] : []));
      return [namespace, Object.fromEntries(own)] as const;
    }),
  );
  return { oid: Number(oid), class: name, values: Object.fromEntries(values) };
}

async function ask(link: CceLink, operation: Operation): Promise<Reply['lines']> {
  const { lines, end } = await link.execute(operation);
  if (end !== 201) throw CliError('CLI_CCE_FAILED', { reason: `${operation.verb} was answered with ${end}` });
  return lines;
}
