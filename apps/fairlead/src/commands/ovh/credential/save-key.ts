import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Explained, loadConfig, type Settings, saveConfig } from '@fairlead/ovh';
import { CliError } from '../../../cli-errors.ts';
import { readChain, requireWritable, usualFile } from '../config/files.ts';
import { type ClientWords, identityOf } from '../shared/client.ts';

/** A section of an `ovh.conf`. */
export interface KeyPlace {
  readonly file: string;
  readonly section: string;
}

/**
 * Where a consumer key belongs: where one stands, else beside its application key; where that comes from the environment, into the
 * section of the endpoint or profile of the usual file (ovh 11). Throws `CLI_USAGE` where no such file is read, and `CLI_OVH_FILE` where
 * it cannot be written: the key would be lost.
 */
export function keyPlace(config: Settings, words: ClientWords): KeyPlace {
  const place = wantedPlace(config, words);
  requireWritable({ path: resolve(place.file), state: existsSync(place.file) ? 'read' : 'absent' });
  return place;
}

/** Whether the keys stand in fairlead.ini itself, which no command here writes. */
export function standsInGateway(config: Settings, { account }: ClientWords): boolean {
  return account !== undefined && standingPlace(config) === undefined;
}

function standingPlace(config: Settings): KeyPlace | undefined {
  const used = (key: string) => config.explain().find((row) => row.key === key && row.present && row.note === undefined);
  return placeOf(used('consumer_key')) ?? placeOf(used('application_key'));
}

function wantedPlace(config: Settings, words: ClientWords): KeyPlace {
  const place = standingPlace(config);
  if (place !== undefined) return place;
  if (standsInGateway(config, words))
    throw CliError('CLI_USAGE', {
      reason: '--save writes an ovh.conf, and the keys of this account stand in fairlead.ini: leave --save away and put the key there',
    });
  return {
    file: usualFile(readChain(words)).path,
    section: config.profile === undefined ? config.endpoint.name : `profile:${config.profile}`,
  };
}

/** True when the key is the one that calls use from now on; a higher source may hide it. */
export async function saveKey({ file, section }: KeyPlace, consumerKey: string, words: ClientWords): Promise<boolean> {
  await saveConfig(file, section, { consumer_key: consumerKey });
  const { auth } = loadConfig(await identityOf(words));
  return auth.method === 'application' && auth.consumerKey?.reveal() === consumerKey;
}

function placeOf(row: Explained | undefined): KeyPlace | undefined {
  if (row?.source !== 'file' || row.file === undefined) return undefined;
  return { file: row.file, section: (row.name ?? '').replace(/^\[|\]$/g, '') };
}
