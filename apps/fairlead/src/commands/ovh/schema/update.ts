import { resolve } from 'node:path';
import { type FetchedSchemas, fetchSchemas } from '@fairlead/ovh/schema';
import { CliError } from '../../../cli-errors.ts';
import type { Output } from '../../../output.ts';
import { type ClientWords, withClient } from '../shared/client.ts';
import { toJson } from '../shared/text.ts';
import { folderOf } from './folder.ts';

export interface UpdateWords extends ClientWords {
  readonly folder?: string;
  readonly form: 'openapi' | 'ovh';
}

/** Fetches documents into a folder. Throws ToldError: `CLI_OVH_PARTIAL` when some sections could not be had, the error itself when none could. */
export async function updateSchemas(sections: readonly string[], words: UpdateWords, output: Output): Promise<void> {
  await withClient(
    words,
    output,
    async (client) => {
      const folder = resolve(words.folder ?? folderOf(client.endpoint));
      const wanted = sections.length === 0 ? undefined : sections.map(checkedSection);
      const fetched = await fetchSchemas(client, folder, { sections: wanted, form: words.form, onProgress: progressTo(output) });
      const [first] = fetched.failed;
      if (first !== undefined && fetched.documents.length === 0) throw first.error;
      tell(fetched, folder, words, output);
      if (first !== undefined)
        throw CliError('CLI_OVH_PARTIAL', {
          reason: `${fetched.failed.length} sections could not be fetched, the first one ${first.section}`,
        });
    },
    { auth: 'none' },
  );
}

/** `vps`, `/dedicated/server`, `v2/iam.json`. */
function checkedSection(section: string): string {
  if (/^\/?\w[\w/-]*(?:\.json)?$/.test(section)) return section;
  throw CliError('CLI_USAGE', { reason: `${section} is no section such as vps, dedicated/server or v2/iam` });
}

function progressTo({ progress }: Output): (done: number, total: number) => void {
  return (done, total) => {
    if (progress.isTTY) progress.write(done < total ? `\r${done}/${total} sections\x1b[K` : '\r\x1b[K');
  };
}

function tell({ documents, failed }: FetchedSchemas, folder: string, { json }: UpdateWords, output: Output): void {
  const changed = documents.filter((document) => document.changed).map((document) => document.section);
  if (json === true) {
    output.print(toJson({ folder, documents: documents.length, changed, failed: failed.map(({ section }) => section) }));
    return;
  }
  output.print(`${documents.length} documents are in ${folder}, ${changed.length} of them new or changed.`);
  for (const { section, error } of failed) output.tell(`${section}: ${(error as Error).message}`);
}
