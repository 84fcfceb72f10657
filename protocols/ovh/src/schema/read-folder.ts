import { readdir, readFile } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { SchemaError } from '../errors/errors.ts';
import type { Catalogue } from './catalogue.ts';
import { readSchemas, type SchemaDocument } from './read-schemas.ts';

const MOST_DOCUMENTS = 2000;

/** The catalogue of all `*.json` below a folder. Throws SchemaError for a folder that is none, or is empty, or has a bad document. */
export async function readSchemaFolder(folder: string): Promise<Catalogue> {
  const documents: SchemaDocument[] = [];
  for (const file of await filesOf(folder)) {
    const text = await readFile(join(folder, file), 'utf8').catch((cause: unknown) => {
      throw new SchemaError(`${file} cannot be read`, folder, cause);
    });
    documents.push({ name: file.split(sep).join('/'), text });
  }
  if (documents.length === 0) throw new SchemaError('has no schema documents (*.json)', folder);
  return readSchemas(documents);
}

async function filesOf(folder: string): Promise<string[]> {
  const found = await readdir(folder, { recursive: true }).catch((cause: unknown) => {
    throw new SchemaError('is no folder that can be read', folder, cause);
  });
  const files = found.filter((file) => file.endsWith('.json')).sort();
  if (files.length > MOST_DOCUMENTS) throw new SchemaError(`has more than ${MOST_DOCUMENTS} schema documents`, folder);
  return files;
}
