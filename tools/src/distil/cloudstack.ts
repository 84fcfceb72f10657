/**
 * Distils recordings of a CloudStack management server into what `@fairlead/cloudstack` keeps of them:
 * `node --conditions=@fairlead/source tools/src/distil/cloudstack.ts <folder of recordings>`, then `biome check --write protocols/cloudstack`.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { apiLines } from './cloudstack-apis.ts';
import { distilCases } from './cloudstack-cases.ts';
import { readRecordings } from './cloudstack-recordings.ts';
import { samplesOf } from './cloudstack-samples.ts';

const SOURCE = 'recordings of an Apache CloudStack 4.23 management server';

function main(folder: string | undefined): void {
  if (folder === undefined) {
    process.stderr.write('usage: cloudstack.ts <folder of recordings>\n');
    process.exitCode = 64;
    return;
  }
  const home = join(import.meta.dirname, '../../../protocols/cloudstack');
  const recordings = readRecordings(folder);
  const apis: unknown = JSON.parse(readFileSync(join(folder, 'listApis.json'), 'utf8'));
  const vectors = JSON.parse(readFileSync(join(folder, 'signing-vectors.json'), 'utf8')) as Record<string, unknown>;
  writeModule(join(home, 'src/fake/data/api-lines.ts'), apiLines(apis));
  writeModule(join(home, 'src/fake/data/samples.ts'), samplesOf(recordings));
  writeJson(join(home, 'test/fixtures/signing-vectors.json'), { _source: SOURCE, ...vectors });
  writeJson(join(home, 'test/fixtures/cases.json'), { _source: SOURCE, ...distilCases(recordings) });
}

function writeModule(path: string, body: string): void {
  writeFileSync(path, `// Made from ${SOURCE} by tools/src/distil/cloudstack.ts; not written by hand.\n\n${body}`);
}

/** One line for each item of a list, so that a change can be read. */
function writeJson(path: string, value: object): void {
  const fields = Object.entries(value).map(([key, item]: [string, unknown]) => {
    const text = Array.isArray(item) ? `[\n${item.map((one) => JSON.stringify(one)).join(',\n')}\n]` : JSON.stringify(item);
    return `${JSON.stringify(key)}: ${text}`;
  });
  writeFileSync(path, `{\n${fields.join(',\n')}\n}\n`);
}

main(process.argv[2]);
