import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { checks } from './checks.ts';
import { runChecks } from './runner.ts';

const { values } = parseArgs({
  options: { only: { type: 'string', multiple: true }, root: { type: 'string' }, help: { type: 'boolean' } },
});
const wanted = values.only;
const unknown = wanted?.filter((name) => !checks.some((check) => check.name === name)) ?? [];

if (values.help || unknown.length > 0) {
  for (const name of unknown) process.stderr.write(`There is no check named ${name}.\n`);
  const names = checks.map((check) => `  ${check.name.padEnd(12)} ${check.holds}`).join('\n');
  process.stdout.write(`Usage: ./dev check [--only <name>]...\n${names}\n`);
  process.exitCode = unknown.length > 0 ? 64 : 0;
} else {
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  const failed = await runChecks(
    checks.filter((check) => wanted === undefined || wanted.includes(check.name)),
    {
      root: resolve(values.root ?? `${import.meta.dirname}/../../..`),
      signal: stop.signal,
      print: (line) => process.stdout.write(`${line}\n`),
      now: () => performance.now(),
    },
  );
  process.exitCode = failed > 0 ? 1 : 0;
}
