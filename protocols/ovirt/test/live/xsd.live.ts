import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ObjectOf, SCHEMA, type TypeName, writeCollection, writeFault, writeResource, writeXsd } from '../../src/codec/index.ts';
import { isResource } from '../../src/codec/schema/index.ts';
import { sampleOf } from '../support/samples.ts';

const run = promisify(execFile);
const RESOURCES = (Object.keys(SCHEMA) as TypeName[]).filter(isResource);
let folder: string;
let schema: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fairlead-xsd-'));
  schema = join(folder, 'api.xsd');
  await writeFile(schema, writeXsd());
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function validate(documents: Readonly<Record<string, string>>): Promise<string> {
  const files = Object.entries(documents).map(([name, text]) => ({ path: join(folder, `${name}.xml`), text }));
  await Promise.all(files.map(({ path, text }) => writeFile(path, text)));
  const { stderr } = await run('xmllint', ['--noout', '--nonet', '--schema', schema, ...files.map(({ path }) => path)], {
    maxBuffer: 1 << 24,
  });
  return stderr;
}

test('every resource that we write, full or in a list, is valid by the schema that we serve', async () => {
  const documents = Object.fromEntries(
    RESOURCES.flatMap((type) => {
      const object = sampleOf(type) as ObjectOf<TypeName>;
      return [
        [type, writeResource(type, object, 'xml')],
        [`${type}-list`, writeCollection(type, [object, {}], 'xml')],
      ];
    }),
  );

  const report = await validate({ ...documents, fault: writeFault({ reason: 'r', detail: 'd' }, 'xml') });

  expect(report.match(/ validates$/gm)).toHaveLength(2 * RESOURCES.length + 1);
});

test('elements in another order are not valid', async () => {
  const swapped = '<vm><memory>1</memory><name>a</name></vm>';

  await expect(validate({ swapped })).rejects.toThrow('fails to validate');
});
