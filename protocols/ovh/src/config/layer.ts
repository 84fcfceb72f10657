import type { ConfigurationKey } from './keys.ts';
import type { SourceKind, TokenProvider } from './settings.ts';

/** One value of one source. */
export interface Found {
  readonly value: string | TokenProvider;
  readonly source: SourceKind;
  /** The option, the variable, or `[section]`. */
  readonly name: string;
  readonly file?: string | undefined;
  readonly line?: number | undefined;
}

/** One source of the chain: the options, the environment, or one file. Empty values are absent in all of them. */
export interface Layer {
  /** What the source is called in a message. */
  readonly label: string;
  get(key: ConfigurationKey): Found | undefined;
  /** Headers by their names, as they are spelled here. */
  headers(): readonly (readonly [name: string, found: Found])[];
  /** How a missing key would be spelled here. */
  spelling(key: ConfigurationKey): string;
}

/** The first source that has the key. */
export function firstOf(layers: readonly Layer[], key: ConfigurationKey): Found | undefined {
  for (const layer of layers) {
    const found = layer.get(key);
    if (found) return found;
  }
  return undefined;
}

/** The text of a value that can only be a text. */
export function textOf(found: Found | undefined): string | undefined {
  return typeof found?.value === 'string' ? found.value : undefined;
}

/** Where a value stands: `./ovh.conf:3 [ovh-eu]`, `OVH_ENDPOINT`, `option endpoint`. */
export function placeOf(found: Found): string {
  if (found.file !== undefined) return `${found.file}:${found.line} ${found.name}`;
  return found.source === 'option' ? `option ${found.name}` : found.name;
}
